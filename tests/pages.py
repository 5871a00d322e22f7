"""Owns how tests read a page: its words, and what it says after an act."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any


def text(answer: Any) -> str:
    """The words of a page in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.content.decode())).split())


def main_of(answer: Any) -> str:
    """The markup of what is the page's own, without its frame."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def said(client: Any, answer: Any) -> str:
    """The message on the page that an act leads to."""
    found = re.search(r"data-said>(.*?)</p>", client.get(answer["Location"]).content.decode(), flags=re.S)
    return unescape(found[1]) if found else ""


def shown_in(answer: Any) -> str:
    """What a preview of a paste says of the lines that it shows, as the form sends it back."""
    found = re.search(r'name="shown" value="([^"]*)"', answer if isinstance(answer, str) else answer.content.decode())
    assert found is not None
    return found[1]


def fields_of(page: str, address: str) -> dict[str, list[str]]:
    """What a browser would send of the form that goes to `address`, without its nonce."""
    reader = _Fields(address)
    reader.feed(page)
    reader.close()
    reader.sent.pop("nonce", None)
    reader.sent.pop("csrfmiddlewaretoken", None)
    return reader.sent


class _Fields(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.inside = address, False
        self.sent: dict[str, list[str]] = {}
        self.name: str | None = None  # of the select or textarea that stands open
        self.words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name"), has.get("value") or ""
        if tag == "form":
            self.inside = has.get("action") == self.address
        elif not self.inside:
            return
        elif tag == "input" and name:
            box = has.get("type") in ("checkbox", "radio")
            if not box or "checked" in has:
                self.sent.setdefault(name, []).append("on" if box and "value" not in has else value)
        elif tag in ("select", "textarea"):
            self.name, self.words = name, [] if tag == "textarea" else None
        elif tag == "option" and self.name and (self.name not in self.sent or "selected" in has):
            self.sent[self.name] = [value]

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.name and self.words is not None:
            self.sent.setdefault(self.name, []).append("".join(self.words).removeprefix("\n"))
        if tag in ("select", "textarea"):
            self.name = self.words = None
        elif tag == "form":
            self.inside = False
