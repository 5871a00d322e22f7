"""Claims about moments on a page: a year is left out only where it is this one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from cmo.models import Draft
from cmo.rules.discussing import say
from cmo.rules.drafting import keep_draft
from programmes.models import Notice
from programmes.templatetags.times import moment

OLD = datetime(2019, 6, 23, 11, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (datetime(2026, 6, 23, 11, 0, tzinfo=UTC), "UTC", "23 June, 11:00"),
        (datetime(2022, 6, 23, 11, 0, tzinfo=UTC), "UTC", "23 June 2022, 11:00"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "UTC", "31 December 2025, 23:30"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", "1 January, 00:30"),
        (None, "UTC", ""),
    ],
)
def test_the_year_is_said_unless_it_is_this_one_where_the_reader_is(monkeypatch, at, zone, said):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    with timezone.override(zone):
        assert moment(at) == said


def test_an_old_notice_and_an_old_draft_say_their_year(programme, statement, cast, actor, as_):
    one, by = statement(), actor(cast.editor)
    say(one, by=actor(cast.lead), text="@editor Is this so?")
    keep_draft(programme, by=by, statement=one, base=1, fields={"wording": "If half a "})
    keep_draft(programme, by=by, statement=None, base=None, fields={"wording": "If new"})
    Notice.objects.update(at=OLD)
    Draft.objects.update(kept=OLD)
    browser = as_(cast.editor)
    home = " ".join(browser.get("/").content.decode().split())
    assert home.count("kept 23 June 2019, 11:00") == 2
    assert home.count("23 June 2019, 11:00") == 3
    for address in ("s/1", "s/1/edit", "s/new"):
        assert "23 June 2019, 11:00" in browser.get(f"/p/cse-test/{address}").content.decode()


def test_no_page_leaves_the_year_out_by_itself():
    found = [str(one) for one in TEMPLATES.rglob("*.html") if 'date:"j F, H:i"' in one.read_text()]
    assert found == []
