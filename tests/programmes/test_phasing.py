"""Claims about phases: their order, that one at most is open, and what it takes to open one again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from programmes.models import AuditEvent, Phase
from programmes.refusals import Stale
from programmes.rules.founding import found
from programmes.rules.phasing import close_phase, open_phase, open_phase_of, plan_phase


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def phase(programme):
    return lambda slug: Phase.objects.select_related("programme").get(programme=programme, slug=slug)


def states(programme):
    return dict(Phase.objects.filter(programme=programme).values_list("slug", "state"))


def test_a_new_programme_has_three_phases_and_none_is_open(lead):
    made = found(by=lead, title="New")
    assert states(made) == {"gleaning": "planned", "refining": "planned", "consolidating": "planned"}
    assert open_phase_of(made) is None


def test_a_phase_opens_and_closes_on_a_day(programme, lead, phase):
    closed = close_phase(phase("gleaning"), by=lead, base=2, on=date(2026, 3, 1), reason="Saturated.")
    assert (closed.state, closed.closed, closed.revision_number) == ("closed", date(2026, 3, 1), 3)
    opened = open_phase(phase("refining"), by=lead, base=1, on=date(2026, 3, 2))
    assert (opened.state, opened.opened, opened.closed) == ("open", date(2026, 3, 2), None)
    assert open_phase_of(programme) == opened
    rows = AuditEvent.objects.filter(programme=programme).order_by("-number").values_list("verb", "record",
        "reason")[:2]
    assert list(rows) == [("phase opened", "phase refining", ""), ("phase closed", "phase gleaning", "Saturated.")]


def test_a_second_phase_does_not_open(programme, lead, phase):
    with pytest.raises(ValidationError, match="Gleaning is open; close it first, one phase is open at a time"):
        open_phase(phase("refining"), by=lead, base=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(slug="refining").update(state="open")
    assert states(programme) == {"gleaning": "open", "refining": "planned", "consolidating": "planned"}


def test_a_closed_phase_opens_again_with_a_reason_and_keeps_its_first_day(lead, phase):
    first = phase("gleaning").opened
    close_phase(phase("gleaning"), by=lead, base=2, reason="It is done.")
    with pytest.raises(ValidationError, match="Say why the phase is opened again"):
        open_phase(phase("gleaning"), by=lead, base=3, reason="  ")
    again = open_phase(phase("gleaning"), by=lead, base=3, reason="Two more interviews.")
    assert (again.state, again.opened, again.closed) == ("open", first, None)


def test_what_makes_no_sense_is_refused(lead, phase):
    with pytest.raises(ValidationError, match="Gleaning is open already"):
        open_phase(phase("gleaning"), by=lead, base=2)
    with pytest.raises(ValidationError, match="Refining is not open"):
        close_phase(phase("refining"), by=lead, base=1, reason="It is done.")
    with pytest.raises(Stale):
        close_phase(phase("gleaning"), by=lead, base=1, reason="It is done.")
    with pytest.raises(ValidationError, match="Say why the phase is closed now"):
        close_phase(phase("gleaning"), by=lead, base=2, reason=" ")
    assert phase("gleaning").state == "open"


def test_a_planned_phase_stands_last_under_a_free_address(programme, lead):
    made = [plan_phase(programme, by=lead, kind="refining", title="Refining") for _ in range(2)]
    assert [(one.slug, one.position, one.state) for one in made] == [
        ("refining-2", 4, "planned"), ("refining-3", 5, "planned"),
    ]  # fmt: skip
    assert plan_phase(programme, by=lead, kind="gleaning", title="“—”").slug == "gleaning-2"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "testing", "title": "T"}, "kind"), ({"kind": "refining", "title": " "}, "title"),
     ({"kind": "refining", "title": "x" * 201}, "title"), ({"kind": "refining", "title": "T", "about": "\0"}, "about")],
)  # fmt: skip
def test_a_phase_that_cannot_be_planned_is_refused(given, field, programme, lead):
    with pytest.raises(ValidationError) as caught:
        plan_phase(programme, by=lead, **given)
    assert list(caught.value.message_dict) == [field]
    assert Phase.objects.filter(programme=programme).count() == 3


@pytest.mark.parametrize("who", ["viewer", "contributor", "editor", "outsider"])
def test_only_leads_turn_phases(who, programme, cast, actor, phase):
    by = actor(getattr(cast, who))
    for act in (
        lambda: plan_phase(programme, by=by, kind="refining", title="T"),
        lambda: close_phase(phase("gleaning"), by=by, base=2, reason="It is done."),
        lambda: open_phase(phase("refining"), by=by, base=1),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_page_keeps_what_was_typed_when_somebody_was_first(programme, cast, as_, lead, phase):
    close_phase(phase("gleaning"), by=lead, base=2, reason="It is done.")
    answer = as_(cast.lead).post("/p/cse-test/settings/phases/refining/open", {"base": 7, "reason": "Ours & theirs"})
    assert answer.status_code == 409
    assert "Ours &amp; theirs" in answer.content.decode()
    assert phase("refining").state == "planned"
