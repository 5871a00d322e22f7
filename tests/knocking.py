"""Owns one thing: the clients of tests share a chain of middleware, as the requests of a server do, in place of putting
together one for each client. Another setting is another chain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.signals import setting_changed
from django.test.client import ClientHandler

PARTS = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


@contextmanager
def one_chain() -> Iterator[None]:
    made: dict[str, Any] = {}
    load = ClientHandler.load_middleware

    def shared(self: ClientHandler, is_async: bool = False) -> None:
        if not made:
            load(self, is_async=is_async)
            made.update({name: getattr(self, name) for name in PARTS})
        for name, part in made.items():
            setattr(self, name, part)

    def forget(**_more: Any) -> None:
        made.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", shared)
        yield
    setting_changed.disconnect(forget)
