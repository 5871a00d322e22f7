"""Owns what differs under the bench: the yardsticks stand beside the app's own addresses; nothing else changes."""

from realist_eval.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
