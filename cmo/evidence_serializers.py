"""Owns the JSON of sites, sources, excerpts, bearings and planned evidence, in and out."""

from typing import Any

from rest_framework import serializers

from cmo.evidence_words import ExcerptStatus, Stance
from cmo.json_fields import Labels, Place
from cmo.serializers import Codes
from cmo.vocabulary import Kept
from programmes.serializers import Body, Text
from programmes.vocabulary import EvidenceChange, Grade, SourceKind

GRADES = f"{', '.join(Grade.values)}; empty: not said"
ON = "S5, CMO3, CMO3/E12 or CMO3/C-M"
LIST: dict[str, Any] = {"many": True, "max_length": 600}  # longer than a rule takes, so that its refusal is heard

# ---------------------------------------------------------------- in


class SitePatch(Body):
    name = Text(required=False)
    note = Text(required=False)
    position = Place(required=False, help_text="Its place in the order; equals stand by name.")


class SiteIn(Body):
    name = Text()
    note = Text(required=False)


class SourcePatch(Body):
    kind = Text(required=False, help_text=", ".join(SourceKind.values))
    pseudonym = Text(required=False, help_text="Never a real name; once in a programme.")
    citation = Text(required=False, help_text="Of a document or publication.")
    role = Text(required=False, help_text="Such as social worker.")
    site = Text(required=False, help_text="Slug or name of a site; empty: none.")
    dated = Text(required=False, help_text="2021, 2021-05 or 2021-05-12")
    phase = Text(required=False, help_text="Slug of a phase; empty: none.")
    relevance = Text(required=False, help_text=GRADES)
    relevance_reason = Text(required=False)
    richness = Text(required=False, help_text=GRADES)
    richness_reason = Text(required=False)
    rigour = Text(required=False, help_text=GRADES)
    rigour_reason = Text(required=False)
    note = Text(required=False)
    reason = Text(required=False)


class SourceIn(SourcePatch):
    kind = Text(help_text=", ".join(SourceKind.values))


class TranscriptIn(Body):
    text = Text(help_text="Empty: the transcript is taken out for good.")


class ExcerptPatch(Body):
    source = Text(required=False, help_text="Q2")
    text = Text(required=False, help_text="A translation, where `original` holds what was said.")
    original = Text(required=False)
    locator = Text(required=False, help_text="Page, paragraph or time.")
    themes = Codes(required=False, help_text="Codes, or ids of themes that have no code.")
    status = Text(required=False, help_text=", ".join(ExcerptStatus.values))
    signed_site = Text(required=False, help_text="Slug or name of another site than its source's.")
    reason = Text(required=False)


class ExcerptIn(ExcerptPatch):
    source = Text(help_text="Q2")
    text = Text(help_text="A translation, where `original` holds what was said.")
    start = serializers.IntegerField(
        required=False, min_value=0, max_value=2_000_000, help_text="Where it begins in the transcript, in characters."
    )
    end = serializers.IntegerField(required=False, min_value=0, max_value=2_000_000, help_text="After its last.")


class PastedIn(Body):
    source = Text(help_text="Q2")
    text = Text(
        help_text="Passages with an empty line between, or a table with a column `text`; a bracket at the end may hold"
        " a locator, a site and codes."
    )
    reason = Text(required=False)


class _JudgedIn(Body):
    stance = Text(required=False, help_text=", ".join(Stance.values))
    note = Text(required=False)
    inferred = serializers.BooleanField(required=False, help_text="Read out of the excerpt rather than said in it.")
    confidence = Text(required=False, help_text=GRADES)
    confidence_reason = Text(required=False)
    made_against = Place(required=False, help_text="The revision of the claim that was read.")
    reason = Text(required=False)


class BearingPatch(_JudgedIn):
    """What it bears on never changes: retire it and link anew."""


class BearingIn(_JudgedIn):
    excerpt = Text(help_text="X9")
    on = Text(help_text=ON)
    part = Text(required=False, help_text="Of a statement: if, then or because; empty: the whole.")
    stance = Text(help_text=", ".join(Stance.values))


class ConfirmIn(Body):
    seen = Place(required=False, help_text="The revision of the claim that was read; refused where it moved on.")
    reason = Text(required=False)


class PlannedIn(Body):
    sources = Place(help_text="How many are wanted.")
    kind = Text(required=False, help_text=", ".join(SourceKind.values))
    role = Text(required=False)
    site = Text(required=False)
    note = Text(required=False)


class PlanIn(Body):
    lines = PlannedIn(**LIST)


class CitesIn(Body):
    cites = Labels(help_text="X9, B4: all that the proposal rests on; an empty list: nothing.")


# ---------------------------------------------------------------- out

_STATE: dict[str, Any] = {"choices": Kept.choices}


class _StampedOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(**_STATE)
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class SiteOut(_StampedOut):
    slug = serializers.SlugField()
    name = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()


class _SourceWords(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    pseudonym = serializers.CharField(allow_blank=True)
    citation = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    site = serializers.SlugField(allow_null=True)
    dated = serializers.CharField(allow_blank=True)
    phase = serializers.SlugField(allow_null=True)
    relevance = serializers.CharField(allow_blank=True)
    relevance_reason = serializers.CharField(allow_blank=True)
    richness = serializers.CharField(allow_blank=True)
    richness_reason = serializers.CharField(allow_blank=True)
    rigour = serializers.CharField(allow_blank=True)
    rigour_reason = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


_WARNINGS = serializers.ListField(
    child=serializers.CharField(),
    help_text="Worth a look, never an error: name, email, phone, postcode; site: signed with another.",
)


class SourceOut(_SourceWords, _StampedOut):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField()
    transcript = serializers.BooleanField(help_text="Whether its whole text is kept.")
    excerpts = serializers.IntegerField(help_text="In use.")
    bearings = serializers.IntegerField(help_text="In use.")
    warnings = _WARNINGS
    updated_by = serializers.CharField()


class _RevisionOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    change = serializers.ChoiceField(choices=EvidenceChange.choices)
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()
    state = serializers.ChoiceField(**_STATE)


class SourceRevisionOut(_SourceWords, _RevisionOut):
    transcript = serializers.BooleanField()


class TranscriptOut(serializers.Serializer[Any]):
    source = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    hidden = serializers.BooleanField(
        help_text="One is stored from when the programme kept them, and not shown, as it keeps none any more."
    )
    revision = serializers.IntegerField(help_text="Of the source.")


class SampleCell(serializers.Serializer[Any]):
    site = serializers.SlugField(allow_null=True)
    sources = serializers.IntegerField()
    small = serializers.BooleanField(required=False, help_text="Fewer than the programme's small_group.")


class SampleRole(serializers.Serializer[Any]):
    role = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField()
    sites = SampleCell(many=True)


class SampleOut(serializers.Serializer[Any]):
    small_group = serializers.IntegerField()
    total = serializers.IntegerField()
    sites = SampleCell(many=True)
    roles = SampleRole(many=True)


class _ExcerptWords(serializers.Serializer[Any]):
    source = serializers.CharField(help_text="Q2")
    text = serializers.CharField()
    original = serializers.CharField(allow_blank=True)
    locator = serializers.CharField(allow_blank=True)
    themes = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices=ExcerptStatus.choices)
    signed_site = serializers.SlugField(allow_null=True)


class ExcerptOut(_ExcerptWords, _StampedOut):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField()
    site = serializers.SlugField(allow_null=True, help_text="Of its source.")
    role = serializers.CharField(allow_blank=True, help_text="Of its source.")
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)
    bearings = serializers.ListField(child=serializers.CharField(), help_text="Those in use: B4.")
    withdrawn = serializers.BooleanField(help_text="Whether a lead took its words out for good.")
    warnings = _WARNINGS
    updated_by = serializers.CharField()


class ExcerptRevisionOut(_ExcerptWords, _RevisionOut):
    phase = serializers.SlugField(allow_null=True)


class PassageOut(serializers.Serializer[Any]):
    at = serializers.IntegerField()
    text = serializers.CharField()
    original = serializers.CharField(allow_blank=True)
    locator = serializers.CharField(allow_blank=True)
    themes = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Stood where codes stand.")
    status = serializers.CharField()
    signed_site = serializers.SlugField(allow_null=True)
    unknown_site = serializers.CharField(allow_blank=True, help_text="Stood where the site stands; not taken in.")
    beyond = serializers.ListField(
        child=serializers.CharField(), help_text="Cells of its row behind the last column; not taken in."
    )
    known_as = serializers.ListField(child=serializers.CharField(), help_text="Excerpts that say the same already: X3.")
    warnings = _WARNINGS


class PastedOut(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    read = PassageOut(many=True)
    columns = serializers.ListField(
        child=serializers.CharField(), help_text="Columns of a table that were not understood; not taken in."
    )
    known = serializers.ListField(child=serializers.CharField(), help_text="Excerpts that were there already: X3.")
    excerpts = serializers.ListField(child=serializers.CharField(), help_text="Those that were added: X9.")


class _JudgedOut(serializers.Serializer[Any]):
    stance = serializers.ChoiceField(choices=Stance.choices)
    note = serializers.CharField(allow_blank=True)
    inferred = serializers.BooleanField()
    confidence = serializers.CharField(allow_blank=True)
    confidence_reason = serializers.CharField(allow_blank=True)
    made_against = serializers.IntegerField(help_text="Revision of the claim that was judged.")
    judged = serializers.DateTimeField()


class BearingOut(_JudgedOut, _StampedOut):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    label = serializers.CharField()
    excerpt = serializers.CharField(help_text="X9")
    source = serializers.CharField(help_text="Q2")
    on = serializers.CharField(help_text=ON)
    part = serializers.CharField(allow_blank=True)
    stale = serializers.BooleanField(help_text="The claim says something else since it was judged.")
    by = serializers.CharField()
    updated_by = serializers.CharField()


class BearingRevisionOut(_JudgedOut, _RevisionOut):
    phase = serializers.SlugField(allow_null=True)


class PlannedOut(serializers.Serializer[Any]):
    kind = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    site = serializers.SlugField(allow_null=True)
    sources = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    collected = serializers.IntegerField()
    missing = serializers.IntegerField()


class PlanOut(serializers.Serializer[Any]):
    configuration = serializers.CharField()
    lines = PlannedOut(many=True)
    sources = serializers.IntegerField(help_text="All with evidence on it, planned or not.")
    revision = serializers.IntegerField()


class CitesOut(serializers.Serializer[Any]):
    proposal = serializers.CharField()
    cites = serializers.ListField(child=serializers.CharField(), help_text="X9, B4")


