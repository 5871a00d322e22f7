"""Owns how tests read a page: its words, and what it says after an act."""

import re
from html import unescape
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
