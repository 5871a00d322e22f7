"""Owns how tests let two people save a form that both opened: what each sends, and what the second is shown."""

from typing import Any

from tests.pages import fields_of, text


class Two:
    """`mine` and `theirs` are the two browsers."""

    def __init__(self, mine: Any, theirs: Any, root: str) -> None:
        self.mine, self.theirs, self.root = mine, theirs, root

    def open(self, path: str, to: str = "", same: bool = True) -> None:
        """Both open the page at `path`, with the form that goes to `to`, by default to where the page is."""
        self.at = f"{self.root}/{to or path}"
        self.fields = fields_of(self.mine.get(f"{self.root}/{path}").content.decode(), self.at)
        assert self.fields
        shown = fields_of(self.theirs.get(f"{self.root}/{path}").content.decode(), self.at)
        assert shown == self.fields or not same

    def they_save(self, **changes: Any) -> None:
        """They change what is named of what both opened, and save it."""
        answer = self.theirs.post(self.at, {**self.fields, **changes})
        assert answer.status_code == 302, text(answer)

    def i_save(self, code: int, fields: dict[str, Any] | None = None, /, **changes: Any) -> dict[str, list[str]]:
        """I change what is named of `fields`, by default of what both opened; what the form holds that comes back."""
        self.answer = self.mine.post(self.at, {**(self.fields if fields is None else fields), **changes})
        assert self.answer.status_code == code, text(self.answer)
        self.page = self.answer.content.decode()
        return fields_of(self.page, self.at)
