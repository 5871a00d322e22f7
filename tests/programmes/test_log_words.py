"""Claims about the log's words: every act has them, and pages say them in the reader's language."""

import struct
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import trans_real

from programmes.models import AuditEvent
from programmes.vocabulary import LOGGED, WAYS, Verb
from tests.table import ROWS
from tests.worlds import address, send

WELSH = {
    "joined": "ymunodd", "phase opened": "agorwyd cam", "area added": "ychwanegwyd maes", "new": "newydd",
    "member %(name)s": "aelod %(name)s", "phase %(name)s": "cam %(name)s", "area %(name)s": "maes %(name)s",
    "Viewer": "Gwyliwr", "Planned": "Wedi’i gynllunio", "Open": "Ar agor", "browser": "porwr",
    "token %(name)s": "tocyn %(name)s", "from %(before)s to %(after)s": "o %(before)s i %(after)s",
}  # fmt: skip


@pytest.fixture
def in_welsh(tmp_path: Path, settings: Any) -> Any:
    """Pages are read in a Welsh of few words."""
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(compiled(WELSH))
    settings.LANGUAGES, settings.LOCALE_PATHS = [("en-gb", "English"), ("cy", "Cymraeg")], [str(tmp_path)]
    trans_real._translations.pop("cy", None)
    with translation.override("cy"):
        yield
    trans_real._translations.pop("cy", None)


def compiled(words: dict[str, str]) -> bytes:
    """A catalogue as gettext reads it."""
    rows = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **words}.items(), key=lambda row: row[0].encode())
    texts = [text.encode() for text, _said in rows] + [said.encode() for _text, said in rows]
    at, places = 28 + 16 * len(rows), []
    for text in texts:
        places.append(struct.pack("<II", len(text), at))
        at += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 28 + 16 * len(rows))
    return head + b"".join(places) + b"".join(text + b"\0" for text in texts)


def test_every_act_of_a_programme_is_logged_in_words_that_can_be_translated(world):
    verbs = set(AuditEvent.objects.filter(programme=world.own).values_list("verb", flat=True))
    for row in ROWS:
        if isinstance(row.may, Verb) and not row.reads:
            with transaction.atomic():
                if row.before:
                    row.before(world)
                send(world, row, "lead", "session", address(world, row, "lead"))
                verbs |= set(AuditEvent.objects.filter(programme=world.own).values_list("verb", flat=True))
                transaction.set_rollback(True)
    assert sorted(verbs - set(LOGGED)) == []
    assert len(verbs) > 20
    assert all(isinstance(words, Promise) for words in (*LOGGED.values(), *WAYS.values()))


def test_the_settings_page_says_the_log_in_the_language_of_its_reader(in_welsh, programme, cast, as_, area):
    area("Trust")
    page = unescape(as_(cast.viewer).get("/p/cse-test/settings").content.decode())
    table = page.split('<caption class="vh">Audit log')[1]
    for words in ("ymunodd <span class=\"quiet\">Gwyliwr</span>", "aelod viewer", "agorwyd cam", "cam gleaning",
                  "o Wedi’i gynllunio i Ar agor", "ychwanegwyd maes", "maes trust", "porwr"):  # fmt: skip
        assert words in table, words
    for words in ("joined", "phase opened", "area added", ">member ", ">phase ", ">area ", "browser"):
        assert words not in table, words


def test_the_overview_says_the_latest_changes_in_the_language_of_its_reader(in_welsh, programme, cast, as_, statement):
    statement("If.")
    page = unescape(as_(cast.viewer).get("/p/cse-test/").content.decode())
    assert "ymunodd" in page
    assert "aelod viewer" in page
    assert ">S1</a> newydd</p>" in page


def test_a_way_by_token_names_the_token(in_welsh, programme, cast, api, as_):
    api(cast.lead).post("/api/v1/programmes/cse-test/areas/", {"title": "Trust"}, format="json")
    assert "tocyn “tests”" in as_(cast.viewer).get("/p/cse-test/settings").content.decode()


def test_scripts_read_the_same_words_whatever_the_language(in_welsh, programme, cast, api):
    rows = api(cast.lead).get("/api/v1/programmes/cse-test/changes/").json()["results"]
    assert {row["change"] for row in rows} == {"founded", "joined", "phase opened"}
