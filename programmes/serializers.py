"""Owns the JSON of the team's side, in and out, and the strict body that every API request is read with."""

from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from programmes.vocabulary import Agreement, PhaseKind, PhaseState, Role, Verb


@extend_schema_field(OpenApiTypes.STR)
class Text(serializers.Field[Any, Any, Any, Any]):
    """Text as given; the gate and the rules judge it, so that both doors refuse in the same words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write text here."))
        return data

    def to_representation(self, value: Any) -> str:
        return str(value)


class Body(serializers.Serializer[Any]):
    """A request body that refuses unknown fields by name."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"detail": _("Send one JSON object.")})
        strange = [name for name in data if name not in self.fields]
        if strange:
            known = ", ".join(self.fields) or _("none")
            said = _("There is no field “%(name)s” to write; known are: %(known)s.")
            raise serializers.ValidationError(
                {str(name)[:60]: [said % {"name": str(name)[:60], "known": known}] for name in strange[:10]}
            )
        return super().to_internal_value(data)


def read(body: type[Body], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The checked body of a request."""
    if request.data is None:
        raise serializers.ValidationError({"detail": _("Send one JSON object.")})
    reader = body(data=request.data, partial=partial)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


# ---------------------------------------------------------------- in


class ProgrammeIn(Body):
    title = Text()
    slug = Text(required=False, help_text="The address, such as cse-wales; made from the title when left out.")
    summary = Text(required=False)
    intervention = Text(required=False)


class ProgrammePatch(Body):
    title = Text(required=False)
    summary = Text(required=False)
    intervention = Text(required=False)
    agreement = Text(required=False, help_text="direct, or reviewed: what is agreed changes by review alone.")
    approvals = serializers.IntegerField(required=False, min_value=1, max_value=20)
    blind = serializers.BooleanField(required=False, help_text="Reviewers see other answers only after their own.")
    transcripts = serializers.BooleanField(required=False, help_text="Whether whole transcripts may be kept here.")
    delete_transcripts = serializers.BooleanField(
        required=False, help_text="true: take those that are kept out for good, where none may be kept."
    )
    small_group = serializers.IntegerField(
        required=False, min_value=0, max_value=50, help_text="Counts of fewer sources are marked as small; 0: none."
    )
    reason = Text(required=False)


class PhaseIn(Body):
    title = Text()
    kind = Text(help_text="gleaning, refining or consolidating")
    about = Text(required=False)


class ReasonIn(Body):
    reason = Text(required=False)


class NothingIn(Body):
    """An empty object."""


class MemberIn(Body):
    username = Text(help_text="The name they sign in with.")
    role = Text(help_text="viewer, contributor, editor or lead")
    no_evidence = serializers.BooleanField(required=False, help_text="They see the theory without any excerpt.")


class MemberPatch(Body):
    role = Text(required=False, help_text="viewer, contributor, editor or lead")
    no_evidence = serializers.BooleanField(required=False, help_text="They see the theory without any excerpt.")


class InvitationIn(Body):
    email = Text()
    role = Text(help_text="viewer, contributor, editor or lead")
    days = serializers.IntegerField(required=False, min_value=1, max_value=60, help_text="Until it lapses; else 14.")
    no_evidence = serializers.BooleanField(required=False, help_text="They will see the theory without any excerpt.")


class AcceptIn(Body):
    secret = Text()


class ReadIn(Body):
    notices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**53), required=False, max_length=1000
    )


class TakeOutIn(Body):
    why = Text(help_text="Everybody reads it; do not repeat the words here.")


class RedactIn(TakeOutIn):
    everywhere = serializers.BooleanField(
        required=False, help_text="Also out of the rows that give the very same reason; 200 at once."
    )


# ---------------------------------------------------------------- out


class IndexOut(serializers.Serializer[Any]):
    programmes = serializers.URLField()
    schema = serializers.URLField(help_text="OpenAPI 3.1.")
    docs = serializers.URLField(help_text="The same as a page to read.")


class ProgrammeOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    intervention = serializers.CharField(allow_blank=True)
    agreement = serializers.ChoiceField(choices=Agreement.choices)
    approvals = serializers.IntegerField()
    blind = serializers.BooleanField()
    transcripts = serializers.BooleanField()
    small_group = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices, help_text="What you are in this programme.")
    evidence = serializers.BooleanField(help_text="Whether you see its sources, excerpts and bearings.")
    may = serializers.DictField(child=serializers.BooleanField(), help_text=f"{', '.join(Verb)}: true or false.")
    phase = serializers.CharField(allow_null=True, help_text="The open phase.")
    statements = serializers.IntegerField(help_text="How many numbers were given out, retired ones included.")
    revision = serializers.IntegerField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class PhaseOut(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    kind = serializers.ChoiceField(choices=PhaseKind.choices)
    title = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=PhaseState.choices)
    opened = serializers.DateField(allow_null=True)
    closed = serializers.DateField(allow_null=True)
    revision = serializers.IntegerField()


class MemberOut(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    no_evidence = serializers.BooleanField(help_text="They see the theory without any excerpt.")
    joined = serializers.DateTimeField()


class InvitationOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField(allow_null=True, help_text="For leads; null for others.")
    role = serializers.ChoiceField(choices=Role.choices)
    by = serializers.CharField()
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField()


class JoinedOut(serializers.Serializer[Any]):
    programme = serializers.SlugField()
    role = serializers.ChoiceField(choices=Role.choices)


class NoticeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    programme = serializers.SlugField()
    kind = serializers.CharField(help_text="proposal, answer, decision, mention, reply, comment, joined …")
    on = serializers.CharField(allow_blank=True, help_text="Label of the record.")
    said = serializers.CharField()
    url = serializers.CharField(help_text="Where it is told, on this server.")
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    read = serializers.DateTimeField(allow_null=True)


class ReadOut(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were not read before.")


class RedactedOut(serializers.Serializer[Any]):
    by = serializers.CharField()
    at = serializers.DateTimeField()
    why = serializers.CharField()


class EventOut(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Ask with ?since= this number for what came after.")
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    via = serializers.CharField()
    change = serializers.CharField()
    record = serializers.CharField()
    detail = serializers.DictField()
    difference = serializers.CharField(
        allow_null=True, help_text="Where its words before and after are compared, below the programme's address."
    )
    reason = serializers.CharField(allow_blank=True)
    digest = serializers.CharField()
    redacted = RedactedOut(allow_null=True, help_text="Who took the words of this row out, when and why.")


class RedactedEventOut(EventOut):
    taken_with = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of the rows whose words went with it."
    )
    elsewhere = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of the rows that give the very same reason still."
    )


class Problem(serializers.Serializer[Any]):
    """Problem details, RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="One sentence: what is wrong and what to do.")
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    current = serializers.DictField(required=False, help_text="The record as it now is (412).")
    revised = serializers.ListField(
        child=serializers.DictField(), required=False,
        help_text="Of a proposal that was read (412): title, reason, changes or cites, before and after.",
    )  # fmt: skip


@cache
def paged_of(row: type[serializers.Serializer[Any]]) -> Any:
    """The schema of a page of `row`."""
    name = f"{row.__name__.removesuffix('Out')}Page"
    return type(
        name,
        (serializers.Serializer,),
        {
            "__doc__": "A page of a list.",
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )
