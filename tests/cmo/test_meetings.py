"""Claims about meetings: a digest begins where the last ended and tells what changed; a mail says nothing of words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate

from cmo.models import Meeting, MeetingRevision
from cmo.reading.digest_texts import as_mail, as_markdown
from cmo.reading.digests import digest_of, digest_since_last
from cmo.reading.meetings import find_meeting
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.discussing import resolve, say
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.mailing_digests import mail_digest
from cmo.rules.meeting import change_meeting, conclude_meeting, record_meeting, turn_meeting
from cmo.rules.noting import write_memo
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import answer, decide
from cmo.rules.standing import Placed
from cmo.rules.stating import retire, revise
from cmo.rules.undoing import undo
from programmes.models import AuditEvent, Notice, OutgoingMail, Person
from programmes.refusals import Stale
from programmes.rules.classifying import edit_theme
from tests.pages import text

API = "/api/v1/programmes/cse-test"
SECRET = "xylograph"


@pytest.fixture
def meet(programme, cast, actor):
    def record(title="A meeting", **more):
        return find_meeting(programme, record_meeting(programme, by=actor(cast.editor), title=title, **more).number)

    return record


def labels(digest, key="statements"):
    return [(line.label, line.changes) for line in digest.sections.get(key, [])]


def test_a_digest_begins_where_the_last_one_ended(programme, statement, meet, cast, actor):
    first = statement("If one, then one, because one.")
    one = meet("One")
    revise(first, by=actor(cast.editor), base=1, words=Words(wording="If one, then two, because one."), reason="Why")
    statement("If new, then new, because new.")
    two = meet("Two")
    retire(first, by=actor(cast.editor), base=2, reason="Gone")
    assert labels(digest_of(one)) == [("S1", ["new"])]
    assert labels(digest_of(two)) == [("S1", ["reworded"]), ("S2", ["new"])]
    assert labels(digest_since_last(programme)) == [("S1", ["retired"])]
    line = digest_of(two).sections["statements"][0]
    assert [(word.old, word.new) for word in line.words if word.kind != "equal"] == [("one", "two")]
    assert line.reasons == [("Edda Editor", "Why")]
    turn_meeting(one, by=actor(cast.editor), base=1, retired=True)
    assert labels(digest_of(two)) == [("S1", ["new", "reworded"]), ("S2", ["new"])]


def test_the_digest_of_a_planned_meeting_runs_until_it_is_concluded(programme, statement, meet, cast, actor):
    planned = meet("To come", held=localdate() + timedelta(days=3))
    by = actor(cast.editor)
    statement()
    assert (planned.until, labels(digest_of(planned))) == (0, [("S1", ["new"])])
    with pytest.raises(ValidationError, match="There is no member"):
        change_meeting(planned, by=by, base=1, there=["outsider"])
    conclude_meeting(planned, by=by, base=1)
    statement("If later, then later, because late.")
    done = find_meeting(programme, planned.number)
    assert (labels(digest_of(done)), done.held) == ([("S1", ["new"])], localdate())
    with pytest.raises(ValidationError, match="already"):
        conclude_meeting(done, by=by, base=2)
    with pytest.raises(ValidationError, match="took place"):
        change_meeting(done, by=by, base=2, held=localdate() + timedelta(days=3))


def test_a_digest_tells_of_elements_themes_decisions_with_dissent_and_open_threads(
    programme, statement, themes, meet, cast, actor
):
    by, lead = actor(cast.editor), actor(cast.lead)
    first = statement()
    element = introduce(programme, by=by, kind="outcome", text="Fewer wait")
    meet("One")
    revise_element(element, by=by, base=1, text="Nobody waits", reason="Counted")
    edit_theme(themes["O4"], by=by, base=themes["O4"].revision_number, name="Training and time")
    change = {"change": "reworded", "record": "S1", "base": 1, "wording": "If seen, then kept."}
    proposal = submit(
        propose(programme, by=actor(cast.contributor), title="Sharper", reason="Said often", changes=[change]),
        by=actor(cast.contributor), base=1,
    )  # fmt: skip
    answer(proposal, by=by, answer="disagree", reason="Too short", seen=proposal.seen)
    decide(proposal, by=lead, decision="accept", reason="We agreed", seen=proposal.seen)
    thread, ended = say(first, by=by, text="Open one"), say(first, by=by, text="Ended one")
    resolve(ended, by=by)
    propose(programme, by=actor(cast.contributor), title=SECRET, reason=SECRET, changes=[{**change, "base": 2}])
    write_memo(programme, by=by, title=SECRET, text=SECRET)
    found = meet("Two", decided=[proposal.number])
    say(first, by=by, text="Said later")
    digest = digest_of(found)
    assert labels(digest) == [("S1", ["reworded"])]
    assert labels(digest, "elements") == [("E1", ["reworded"])]
    assert labels(digest, "themes") == [("O4", ["edited"])]
    assert [(one.proposal.label, one.here, [(row.reviewer, row.reason) for row in one.dissent])
            for one in digest.decided] == [("P1", True, [(cast.editor, "Too short")])]  # fmt: skip
    assert [one.opening.number for one in digest.threads] == [thread.number]
    said = as_markdown(digest, found, home="https://tybed.example")
    for part in ("Too short", "We agreed", "<ins>", "https://tybed.example/p/cse-test/s/1", "Open one", "Counted"):
        assert part in said
    assert SECRET not in said
    assert SECRET not in str(digest.as_json())


def test_an_act_that_was_undone_is_told_once_as_undone(programme, statement, meet, cast, actor, as_, api):
    by, both = actor(cast.editor), [Seen(statement(wording=f"If {at}, then so."), 1) for at in (1, 2)]
    meet("One")
    act = merge(programme, by=by, ancestors=both, content=Piece(Words(wording="If any, so.")), reason="One claim.").act
    meet("Two")
    undo(act, by=by, reason="Two after all.")
    meet("Three")
    merged, undone = (digest_of(find_meeting(programme, number)) for number in (2, 3))
    assert labels(merged) == [("S1", ["merged"]), ("S2", ["merged"]), ("S3", ["merged"])]
    assert [(line.label, line.reasons) for line in undone.sections["statements"]] == [
        (label, [("Edda Editor", "Two after all.")]) for label in ("S1", "S2", "S3")
    ]  # fmt: skip
    assert [(one.verb, one.undone) for one in (*merged.acts, *undone.acts)] == [
        ("merged into one", False), ("lineage undone", False),
    ]  # fmt: skip
    turn_meeting(find_meeting(programme, 2), by=by, base=1, retired=True)
    found = find_meeting(programme, 3)
    whole = digest_of(found)
    assert (whole.shown, whole.as_json()["lineage"]) == (
        [], [{"change": "merged into one", "from": ["S1", "S2"], "to": ["S3"], "undone": True}]
    )  # fmt: skip
    told = as_markdown(whole, found), as_mail(whole, found)[1], text(as_(cast.viewer).get("/p/cse-test/meetings/3"))
    for said in told:
        assert "merged into one, and undone since" in said
        assert "One claim." not in said
    revise(both[0].record, by=by, base=3, words=Words(wording="If 1, then better."), reason="Clearer.")
    turn_meeting(found, by=by, base=1, retired=True)
    [line] = digest_since_last(programme).sections["statements"]
    assert (line.changes, line.reasons) == (["reworded"], [("Edda Editor", "Clearer.")])


def test_the_sentence_and_the_parts_of_a_configuration_stand_apart(programme, meet, cast, actor, as_):
    by = actor(cast.editor)
    slots = [Placed("context", text="few wait"), Placed("mechanism", text="calm")]
    words = {"nickname": "Nothing to stop", "plain": "Where few wait, all stay."}
    configure(programme, by=by, words=words, elements=slots)
    configure(programme, by=by, words={"nickname": "Long", "plain": "word " * 100})
    found = meet("One")
    short, long = (line.short for line in digest_of(found).sections["configurations"])
    assert short == "Nothing to stop\nWhere few wait, all stay.\nContext: E1\nMechanism: E2"
    assert long == "Long\n" + "word " * 79 + "…"
    page = as_(cast.viewer).get("/p/cse-test/meetings/1").content.decode()
    assert short.replace("\n", "<br>") in page
    assert short.replace("\n", "  \n  ") in as_markdown(digest_of(found), found)


def test_markdown_shows_words_as_they_are(statement, meet):
    statement("If *a* <b> and [c](d), then `e`, because #1.")
    said = as_markdown(digest_of(found := meet("1. *Title* <script>")), found)
    assert r"If \*a\* \<b\> and \[c\](d), then \`e\`, because \#1." in said
    assert r"# 1\. \*Title\* \<script\>" in said


def test_a_mail_names_records_and_nothing_that_anybody_wrote(programme, statement, themes, meet, cast, actor):
    first = statement("If xylograph, then xylograph, because xylograph.")
    say(first, by=actor(cast.editor), text=SECRET)
    edit_theme(themes["Covid-19"], by=actor(cast.editor), base=1, name=SECRET)
    found = meet(SECRET, notes=SECRET, there=["lead", "contributor", "editor"])
    subject, text = as_mail(digest_of(found), found)
    assert "S1: new" in text
    assert "a theme without a code" in text
    assert SECRET not in subject + text
    Person.objects.filter(pk=cast.contributor.pk).update(mails="off")
    assert mail_digest(found, by=actor(cast.editor), to="there", subject=subject, text=text) == 1
    assert mail_digest(found, by=actor(cast.editor), to="all", subject=subject, text=text) == 1
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == ["lead@example.org", "viewer@example.org"]
    with pytest.raises(ValidationError, match="Nobody is left"):
        mail_digest(found, by=actor(cast.editor), to="all", subject=subject, text=text)
    with pytest.raises(PermissionDenied):
        mail_digest(found, by=actor(cast.contributor), to="all", subject=subject, text=text)
    assert not Notice.objects.filter(person=cast.lead, mailed=None, kind="meeting").exists()


def test_who_was_there_hears_of_it_once_and_the_log_says_nothing_of_the_notes(meet, cast, actor):
    found = meet("One", notes=SECRET, there=["lead", "editor"])
    change_meeting(found, by=actor(cast.editor), base=1, notes=f"{SECRET} 2", there=["lead", "viewer"])
    assert sorted(Notice.objects.values_list("person__username", "on")) == [
        ("lead", "Meeting 1"), ("viewer", "Meeting 1"),
    ]  # fmt: skip
    for event in AuditEvent.objects.filter(record="meeting 1"):
        assert SECRET not in str((event.detail, event.reason))
    assert [one.notes for one in MeetingRevision.objects.order_by("number")] == [SECRET, f"{SECRET} 2"]


def test_a_meeting_that_moved_on_is_not_written_over(meet, cast, actor, as_, api):
    found = meet("One", notes="Mine")
    change_meeting(found, by=actor(cast.lead), base=1, notes="Theirs")
    with pytest.raises(Stale):
        change_meeting(found, by=actor(cast.editor), base=1, notes="Mine again")
    page = as_(cast.editor).post("/p/cse-test/meetings/1/edit", {"title": "One", "notes": "Mine again", "base": 1})
    assert page.status_code == 409
    assert all(words in page.content.decode() for words in ("Theirs", "Mine again"))
    answer = api(cast.editor).patch(f"{API}/meetings/1/", {"notes": "x"}, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["current"]["notes"]) == (412, "Theirs")
    assert Meeting.objects.get().notes == "Theirs"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": ""}, "Write something here; it is empty."),
        ({"there": ["otto"]}, "There is no member called “otto”."),
        ({"decided": [3]}, "There is no P3 in this programme."),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(programme, cast, actor, more, said):
    with pytest.raises(ValidationError) as refused:
        record_meeting(programme, by=actor(cast.editor), **{"title": "One", **more})
    assert refused.value.messages == [said]


def test_contributors_read_meetings_and_do_not_write_them(programme, meet, cast, actor):
    found = meet("One")
    with pytest.raises(PermissionDenied):
        record_meeting(programme, by=actor(cast.contributor), title="Two")
    with pytest.raises(PermissionDenied):
        turn_meeting(found, by=actor(cast.contributor), base=1, retired=True)


def test_both_doors_tell_the_same_digest(statement, meet, cast, as_, api):
    statement()
    meet("One")
    script = api(cast.viewer)
    told = script.get(f"{API}/meetings/1/digest/?as=markdown").content.decode()
    assert told == as_(cast.viewer).get("/p/cse-test/meetings/1/digest.md").content.decode()
    assert script.get(f"{API}/meetings/1/digest/?as=md").content.decode() == told
    body = script.get(f"{API}/meetings/1/digest/").json()
    assert [(row["record"], row["changes"]) for row in body["statements"]] == [("S1", ["new"])]
    assert script.get(f"{API}/meetings/1/digest/?as=pdf").json()["errors"] == {"as": ["Choose one of json, md."]}
