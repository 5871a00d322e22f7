"""The door for gunicorn and its like."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realist_eval.settings")
application = get_wsgi_application()

# All of the app is loaded now, not with the first request, and left alone from here on: workers that gunicorn forks off
# (`--preload`) share it in memory.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
