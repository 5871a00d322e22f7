"""Claims about why a statement was believed, as a snapshot tells it."""

from cmo.rules.composing import Words
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import revise, state
from programmes.rules.classifying import edit_theme


def test_its_revisions_carry_the_codes_and_names_of_then(programme, themes, cast, actor, api):
    by = actor(cast.editor)
    made = state(programme, by=by, words=Words(wording="If a, then b."), themes=[themes["O4"]])
    revise(made, by=by, base=1, words=Words(wording="If a, then c."), themes=[themes["O4"], themes["C2"]])
    take_snapshot(programme, by=actor(cast.lead), name="First")
    ask = f"/api/v1/programmes/{programme.slug}/statements/1/why/?snapshot=first"
    kept = api(cast.lead).get(ask).json()
    edit_theme(themes["O4"], by=by, base=1, code="O9", name="Renamed", reason="The book says so.")
    assert [one["themes"] for one in kept["revisions"]] == [["C2", "O4"], ["O4"]]
    assert api(cast.lead).get(ask).json() == kept
