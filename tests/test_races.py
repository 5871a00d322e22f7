"""Claims about writers at the same moment, with real threads and real transactions on the database of the run.

No acknowledged edit is lost or doubled, nobody gets a 5xx, and every invariant holds after every race.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from rest_framework.test import APIClient

from cmo.models import Statement, StatementRevision, TheoryArea
from cmo.rules.arranging import shift_area
from cmo.rules.bulk import tag_all
from cmo.rules.composing import Words
from cmo.rules.recoding import merge_theme
from cmo.rules.recounting import drift
from cmo.rules.stating import revise, state
from programmes.models import AuditEvent, Membership, Phase, Theme
from programmes.refusals import Stale
from programmes.rules.classifying import add_theme, move_theme
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.membering import add_member, change_role, remove_member
from programmes.rules.phasing import close_phase, open_phase
from tests.conftest import actor, enlist

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/programmes/cse-test"
ROUNDS = 10  # of each race of two


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job answered or raised; all start at the same moment, each with a connection of its own."""
    start, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(at: int, job: Callable[[], Any]) -> None:
        try:
            start.wait(20)
            answers[at] = job()
        except Exception as error:
            answers[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return answers


@pytest.fixture
def script(cast: Any) -> Callable[..., APIClient]:
    """`script()` is a client with the editor's token that answers 500 instead of raising."""
    _token, secret = issue_token(by=actor(cast.editor), name="races", read_only=False)

    def made(key: str = "") -> APIClient:
        client = APIClient(raise_request_exception=False)
        more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        client.credentials(HTTP_AUTHORIZATION=f"Token {secret}", **more)
        return client

    return made


def kinds(answers: Sequence[Any]) -> list[str]:
    """The answers by kind, sorted: "done", or the name of what was raised."""
    return sorted(type(one).__name__ if isinstance(one, BaseException) else "done" for one in answers)


def all_is_well(programme: Any) -> None:
    assert drift(programme) == []
    call_command("check_integrity")  # raises when anything that is stored contradicts itself


# ---- edits


@pytest.mark.parametrize("tagged", [False, True], ids=["words", "words, themes, area and state"])
def test_no_acknowledged_edit_is_lost_or_doubled(tagged, programme, themes, area, statement, script, capsys):
    wanted, threads = (250, 16) if tagged else (1000, 16)
    areas = [area("One").slug, area("Two").slug, None]
    made = [statement(f"S{at}:").number for at in range(1, 21)]
    done: list[tuple[int, int, str]] = []  # (statement, revision answered, mark)
    strange: list[Any] = []
    enough = threading.Event()

    def edit(who: int) -> None:
        client, chance, at = script(), random.Random(who), 0
        seen: dict[int, Any] = {}
        while not enough.is_set():
            number, mark = chance.choice(made), f"m{who}.{(at := at + 1)}"
            now = seen.get(number) or client.get(f"{API}/statements/{number}/").json()
            body: dict[str, Any] = {"wording": f"{now['wording']} {mark}", "reason": mark}
            if tagged:
                body["themes"] = chance.sample(["C2", "O1", "O1.1", "O4", "P6"], 2)
                body |= {"area": chance.choice(areas), "state": chance.choice(["draft", "agreed"])}
            answer = client.patch(
                f"{API}/statements/{number}/", body, format="json", HTTP_IF_MATCH=f'"{now["revision"]}"'
            )
            said = answer.json()
            if answer.status_code == 200:
                seen[number] = said
                done.append((number, said["revision"], mark))
            elif answer.status_code == 412:
                seen[number] = said["current"]
            else:
                strange.append(said)
            if len(done) >= wanted or strange:
                enough.set()

    assert kinds(at_once(*(lambda who=who: edit(who) for who in range(threads)))) == ["done"] * threads
    assert strange == []
    assert len(done) >= wanted
    written = StatementRevision.objects.exclude(number=1).values_list("statement__number", "number", "reason")
    assert Counter(written) == Counter(done)
    for number in made:
        marks = [mark for which, _revision, mark in sorted(done) if which == number]
        now = Statement.objects.get(number=number)
        assert now.wording == " ".join([f"S{number}:", *marks])
        assert list(now.revisions.order_by("number").values_list("number", flat=True)) == list(range(1, len(marks) + 2))
    all_is_well(programme)


def test_the_rules_alone_lose_nothing_either(programme, cast, statement):
    made = [statement(f"S{at}:") for at in range(1, 4)]
    done: list[str] = []

    def edit(who: int) -> None:
        for at in range(15):
            mark, which = f"m{who}.{at}", made[(who + at) % 3]
            while True:
                now = Statement.objects.select_related("programme").get(pk=which.pk)
                words = Words(wording=f"{now.wording} {mark}")
                try:
                    revise(now, by=actor(cast.editor), base=now.revision_number, words=words)
                except Stale:
                    continue
                done.append(mark)
                break

    assert kinds(at_once(*(lambda who=who: edit(who) for who in range(8)))) == ["done"] * 8
    kept = " ".join(Statement.objects.values_list("wording", flat=True)).split()
    assert Counter(kept) == Counter([*done, "S1:", "S2:", "S3:"])
    assert len(done) == 120
    all_is_well(programme)


def test_of_an_edit_and_a_retirement_one_wins(programme, statement, script, themes, capsys):
    for _ in range(ROUNDS):
        url = f"{API}/statements/{statement(themes=['O4']).number}/"
        edits = lambda: script().patch(url, {"wording": "If so."}, format="json", HTTP_IF_MATCH='"1"')  # noqa: B023, E731
        retires = lambda: script().delete(url, HTTP_IF_MATCH='"1"')  # noqa: B023, E731
        assert sorted(answer.status_code for answer in at_once(edits, retires)) == [200, 412]
        now = script().get(url).json()
        assert (now["revision"], now["wording"] == "If so.") in {(2, True), (2, False)}
        assert (now["state"] == "retired") == (now["wording"] != "If so.")
    all_is_well(programme)


def test_of_an_edit_and_a_restored_wording_one_wins(programme, cast, statement, script, capsys):
    for _ in range(ROUNDS):
        made = statement("If first.")
        revise(made, by=actor(cast.editor), base=1, words=Words(wording="If second."))
        url = f"{API}/statements/{made.number}/"
        edits = lambda: script().patch(url, {"wording": "If third."}, format="json", HTTP_IF_MATCH='"2"')  # noqa: B023, E731
        restores = lambda: script().post(f"{url}restore/", {"revision": 1}, format="json", HTTP_IF_MATCH='"2"')  # noqa: B023, E731
        assert sorted(answer.status_code for answer in at_once(edits, restores)) == [200, 412]
        assert Statement.objects.get(pk=made.pk).revision_number == 3
    all_is_well(programme)


# ---- many at once, and what else takes the same locks


def test_bulk_tags_and_single_edits_wait_for_each_other_and_not_in_a_circle(programme, cast, themes, statement, capsys):
    made = [statement(themes=["C2"]) for _ in range(6)]
    refusals: list[str] = []

    def tag(order: int) -> None:
        for at in range(ROUNDS):
            rows = list(Statement.objects.filter(programme=programme).values_list("number", "revision_number"))
            theme = themes[("O1", "O4", "P6")[at % 3]]
            more = {"remove": [theme]} if at % 2 else {"add": [theme]}
            try:
                tag_all(programme, by=actor(cast.lead), picked=rows[::order], **{"add": [], **more})
            except ValidationError as refusal:
                refusals.append(refusal.messages[0])

    def edit(who: int) -> None:
        for at in range(ROUNDS * 2):
            now = Statement.objects.select_related("programme").get(pk=made[(who + at) % 6].pk)
            words = Words(wording=f"If {who} {at}.")
            with suppress(Stale):
                revise(now, by=actor(cast.editor), base=now.revision_number, words=words, themes=[themes["O4"]])

    jobs = [lambda: tag(1), lambda: tag(-1), *(lambda who=who: edit(who) for who in range(4))]
    assert kinds(at_once(*jobs)) == ["done"] * 6
    assert {said[2:] for said in refusals} <= {" was changed meanwhile; look at it again, then tag."}
    all_is_well(programme)


def test_a_merge_of_themes_under_edits_loses_no_tag(programme, cast, themes, statement, capsys):
    carried = add_theme(programme, by=actor(cast.lead), code="M1")
    for at in range(ROUNDS):
        made = [state(programme, by=actor(cast.editor), words=Words(wording="If."), themes=[carried]) for _ in range(4)]
        into = add_theme(programme, by=actor(cast.lead), code=f"N{at}")

        def edit(which: Any, at: int = at) -> None:
            with suppress(Stale):
                revise(which, by=actor(cast.editor), base=1, words=Words(wording=f"If {at}."))

        jobs = [lambda made=one: edit(made) for one in made]
        merges = lambda: merge_theme(carried, by=actor(cast.lead), base=carried.revision_number, into=into)  # noqa: B023, E731
        assert kinds(at_once(merges, *jobs)) == ["done"] * 5
        assert not Statement.objects.filter(taggings__theme=carried).exists()
        assert Statement.objects.filter(taggings__theme=into).count() == 4 * (at + 1)
        carried = Theme.objects.select_related("programme").get(pk=into.pk)
    all_is_well(programme)


def test_edits_go_on_while_leads_and_editors_arrange_the_programme(programme, cast, statement, area, capsys):
    made = [statement(area=where) for where in (area("One"), area("Two"), area("Three"))]
    enlist("newcomer")

    def edit(which: Any) -> None:
        now = which
        for at in range(ROUNDS * 2):
            now = revise(now, by=actor(cast.editor), base=at + 1, words=Words(wording=f"If {at}."))

    def member() -> None:
        for _ in range(ROUNDS):
            add_member(programme, by=actor(cast.lead), who="newcomer", role="viewer")
            remove_member(programme, by=actor(cast.lead), username="newcomer")

    def order() -> None:
        for _ in range(ROUNDS):
            first = TheoryArea.objects.select_related("programme").filter(programme=programme).first()
            shift_area(first, by=actor(cast.editor), base=first.revision_number, step=1)

    def phase() -> None:
        for _ in range(ROUNDS):
            now = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
            closed = close_phase(now, by=actor(cast.lead), base=now.revision_number, reason="It is done.")
            open_phase(closed, by=actor(cast.lead), base=closed.revision_number, reason="Again.")

    jobs = [*(lambda one=one: edit(one) for one in made), member, order, phase]
    assert kinds(at_once(*jobs)) == ["done"] * 6
    places = dict(TheoryArea.objects.values_list("pk", "position"))
    for now in Statement.objects.all():
        assert (now.area_position, now.revision_number) == (places[now.area_id], ROUNDS * 2 + 1)
    all_is_well(programme)


# ---- the team


def test_two_leads_who_demote_each_other_leave_one_lead(programme, cast, capsys):
    change_role(programme, by=actor(cast.lead), username="editor", role="lead")
    for at in range(ROUNDS):
        one = lambda: change_role(programme, by=actor(cast.lead), username="editor", role="viewer")  # noqa: E731
        other = lambda: change_role(programme, by=actor(cast.editor), username="lead", role="viewer")  # noqa: E731
        out = lambda: remove_member(programme, by=actor(cast.editor), username="lead")  # noqa: E731
        answers = at_once(one, other if at % 2 else out)
        assert kinds(answers).count("done") == 1
        assert isinstance(
            next(said for said in answers if isinstance(said, Exception)), ValidationError | PermissionDenied
        )
        left = Membership.objects.filter(programme=programme, role="lead").values_list("person__username", flat=True)
        assert len(left) == 1
        Membership.objects.filter(programme=programme, person=cast.editor).update(role="lead")
        Membership.objects.update_or_create(
            programme=programme,
            person=cast.lead,
            defaults={"role": "lead"},
            create_defaults={"role": "lead", "joined": programme.created},
        )
    all_is_well(programme)


def test_two_moves_that_together_make_a_circle_do_not(programme, cast, capsys):
    for at in range(ROUNDS):
        a, b = (add_theme(programme, by=actor(cast.editor), code=f"{letter}{at}") for letter in "AB")
        answers = at_once(
            lambda: move_theme(a, by=actor(cast.editor), base=1, parent=b),  # noqa: B023
            lambda: move_theme(b, by=actor(cast.lead), base=1, parent=a),  # noqa: B023
        )
        assert kinds(answers) == ["ValidationError", "done"]
        assert "cannot stand under itself" in str(next(said for said in answers if isinstance(said, Exception)))
    all_is_well(programme)


def test_of_two_phases_opened_at_once_one_opens(programme, cast, capsys):
    close_phase(programme.phases.get(slug="gleaning"), by=actor(cast.lead), base=2, reason="It is done.")
    for _ in range(ROUNDS):
        planned = [Phase.objects.select_related("programme").get(slug=slug) for slug in ("refining", "consolidating")]
        jobs = [
            lambda phase=phase: open_phase(phase, by=actor(cast.lead), base=phase.revision_number, reason="Now.")
            for phase in planned
        ]
        answers = at_once(*jobs)
        assert kinds(answers) == ["ValidationError", "done"]
        now = Phase.objects.select_related("programme").get(programme=programme, state="open")
        close_phase(now, by=actor(cast.lead), base=now.revision_number, reason="It is done.")
    all_is_well(programme)


# ---- sent twice, done once; numbers


def test_two_requests_with_one_key_make_one_record(programme, script, capsys):
    for at in range(ROUNDS):
        post = lambda: script(f"key {at}").post(f"{API}/statements/", {"wording": f"If {at}."}, format="json")  # noqa: B023, E731
        answers = at_once(post, post, post)
        assert [answer.status_code for answer in answers] == [201] * 3
        assert len({answer.content for answer in answers}) == 1
        assert sorted(answer.get("Idempotency-Replayed", "") for answer in answers) == ["", "true", "true"]
        assert Statement.objects.filter(wording=f"If {at}.").count() == 1
    all_is_well(programme)


def test_numbers_are_given_once_whoever_asks(programme, script, capsys):
    given: list[int] = []

    def create(who: int) -> None:
        for at in range(8):
            if at == 4:  # a refused one takes no number
                refused = script().post(f"{API}/statements/", {"wording": "If.", "themes": ["Q9"]}, format="json")
                assert refused.status_code == 400
            answer = script().post(f"{API}/statements/", {"wording": f"If {who} {at}."}, format="json")
            given.append(answer.json()["number"])

    assert kinds(at_once(*(lambda who=who: create(who) for who in range(8)))) == ["done"] * 8
    assert sorted(given) == list(range(1, 65))
    all_is_well(programme)


def test_the_log_has_no_gap_after_a_crowd(programme, cast, capsys):
    def crowd(who: int) -> None:
        for _ in range(6):
            state(programme, by=actor(cast.editor), words=Words(wording=f"If {who}."))

    before = AuditEvent.objects.filter(programme=programme).count()
    at_once(*(lambda who=who: crowd(who) for who in range(6)))
    numbers = list(AuditEvent.objects.filter(programme=programme).order_by("pk").values_list("number", flat=True))
    assert numbers == list(range(1, before + 37))
    all_is_well(programme)
