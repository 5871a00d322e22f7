"""Owns how elements and configurations are set on a page: marks of kinds, diagram, sentence, traits in words."""

from dataclasses import dataclass, field
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.reading.configurations import ConfigurationRow, PlacedRow
from cmo.vocabulary import KIND_OF, MECHANISMS, TRAITS, Activation, Kind, LinkKind, RivalVerdict, Slot, State

register = template.Library()

# letter and class of a kind; the same in the map and its figures
MARKS = {
    Kind.CONTEXT: ("C", "c"),
    Kind.MECHANISM: ("M", "m"),
    Kind.OUTCOME: ("O", "o"),
    Kind.INTERVENTION: ("I", "i"),
    Kind.SETTING: ("S", "s"),
    Kind.ACTOR: ("A", "a"),
    Kind.UNSURE: ("?", "u"),
}
NOTHING_YET = {
    Kind.CONTEXT: gettext_lazy("no context yet"),
    Kind.MECHANISM: gettext_lazy("no mechanism yet"),
    Kind.OUTCOME: gettext_lazy("no outcome yet"),
    Kind.INTERVENTION: gettext_lazy("no intervention yet"),
    Kind.SETTING: gettext_lazy("no setting yet"),
    Kind.ACTOR: gettext_lazy("no actor yet"),
}
HALVES = {Slot.RESOURCE: gettext_lazy("no resource yet"), Slot.REASONING: gettext_lazy("no reasoning yet")}
SIGNS = {"facilitating": "▲", "hindering": "▼", "positive": "+", "negative": "−", "mixed": "±"}


@register.simple_tag(takes_context=True)
def described(context: dict[str, Any], link: Any) -> dict[str, Any]:
    """What the form of a link holds: what is said of it, or what was typed of this link (`describing`) and is not
    saved. Where that came late, a field that was left alone shows what others saved."""
    saved, typed = {"label": link.name, "note": link.note}, context.get("describing")
    if not typed:
        return saved
    ends = (link.source, link.target, link.element) == (typed["source"], typed["to"], typed["element"])
    if not (link.number == typed["number"] if typed["number"] else ends):
        return saved
    kept = {name: value if typed["began"].get(name) == typed[name] else typed[name] for name, value in saved.items()}
    return {**kept, "open": True}


@register.filter
def kind_class(kind: str) -> str:
    """The last part of the class of a kind's mark and node."""
    return MARKS[Kind(kind)][1]


@register.filter
def kind_mark(kind: str) -> SafeString:
    """The mark of a kind: letter, shape and colour; its word stands beside it or is said by `kind_said`."""
    letter, css = MARKS[Kind(kind)]
    return format_html('<span class="mark mark--{}" aria-hidden="true">{}</span>', css, letter)


@register.filter
def kind_said(kind: str) -> SafeString:
    """The mark of a kind with its word for those who do not see it."""
    return format_html('{}<span class="vh">{} </span>', kind_mark(kind), Kind(kind).label)


@register.filter
def role_mark(role: str) -> SafeString:
    """The mark of the kind that a role bears, hollow for the resource of a mechanism."""
    letter, css = MARKS[KIND_OF[Slot(role)]]
    hollow = " mark--hollow" if role == Slot.RESOURCE else ""
    return format_html('<span class="mark mark--{}{}" aria-hidden="true">{}</span>', css, hollow, letter)


@register.filter
def role_said(role: str) -> SafeString:
    """The mark of a role with its usual word for those who do not see it."""
    return format_html('{}<span class="vh">{} </span>', role_mark(role), Slot(role).label)


@register.filter
def kind_word(kind: str) -> str:
    return str(Kind(kind).label)


@register.filter
def role_kind(role: str) -> str:
    """The kind whose mark a role bears."""
    return KIND_OF[Slot(role)].value


@register.filter
def fires_said(activation: str) -> str:
    return str(Activation(activation).label) if activation else ""


@register.filter
def link_said(kind: str) -> str:
    return str(LinkKind(kind).label)


@register.filter
def link_seen(link: Any, label: str) -> str:
    """What a stated link says of the configuration with this label; only nesting differs by its end."""
    if link.kind == LinkKind.NESTED and link.source != label:
        return _("Holds nested in it")
    return link_said(link.kind)


@register.filter
def verdict_said(verdict: str) -> str:
    return str(RivalVerdict(verdict).label)


@register.filter
def nothing_yet(role: str) -> str:
    """What stands in an empty slot."""
    if role in HALVES:
        return str(HALVES[Slot(role)])
    return str(NOTHING_YET.get(KIND_OF[Slot(role)], _("nothing yet")))


@register.filter
def trait_said(element: Any) -> str:
    """A context's polarity or an outcome's sign in a word."""
    for name in ("polarity", "sign"):
        if value := getattr(element, name):
            choices: Any = TRAITS[name][0]
            return str(choices(value).label)
    return ""


@register.simple_tag
def traits(element: Any, role: str = "") -> list[tuple[str, str]]:
    """What is said of an element beside its text: (sign, word) each, in order; not what the role says that it has."""
    found = []
    for name, (choices, _kinds) in TRAITS.items():
        if (value := getattr(element, name)) and value != role:
            label: Any = choices(value)
            found.append((SIGNS.get(value, ""), str(label.label)))
    return found


@dataclass(slots=True)
class Part:
    """One role within a box of the diagram; `label` is "" where the box's own heading says it."""

    role: str
    label: str
    placed: list[PlacedRow]
    gap: bool


@dataclass(slots=True)
class Box:
    """A box of the diagram: one kind, with its roles."""

    kind: str
    label: str
    parts: list[Part] = field(default_factory=list)

    @property
    def gap(self) -> bool:
        return all(part.gap for part in self.parts)


@register.simple_tag
def boxes(row: ConfigurationRow) -> list[Box]:
    """The diagram of a configuration in the order of its slots; resource and reasoning stand in one box."""
    gaps = set(row.incomplete)
    found: list[Box] = []
    for label, role, placed in row.by_slot:
        gap = role.value in gaps
        if role in MECHANISMS:
            box = next((box for box in found if box.kind == Kind.MECHANISM), None)
            if box is None:
                found.append(box := Box(Kind.MECHANISM.value, str(Kind.MECHANISM.label)))
            if not placed and not gap:
                continue  # it stands in another form, whose place this is
            if role == Slot.MECHANISM:
                box.label = label
            box.parts.append(Part(role.value, "" if role == Slot.MECHANISM else label, placed, gap))
        else:
            found.append(Box(KIND_OF[role].value, label, [Part(role.value, "", placed, gap)]))
    return [box for box in found if box.parts]


@register.simple_tag
def other_gaps(row: ConfigurationRow) -> list[str]:
    """The roles with nothing in them that the sentence does not show as missing."""
    said = {Kind(kind) for _word, kind, words in row.sentence if not words}
    return [role for role in row.incomplete if KIND_OF[Slot(role)] not in said]


@register.simple_tag
def as_sentence(row: ConfigurationRow, size: str = "") -> SafeString:
    """A configuration read as a sentence with the marks of its parts; what is missing is said."""
    shown = []
    for key, kind, words in row.sentence:
        letter, css = MARKS[Kind(kind)]
        missing = "" if words else " part--missing"
        hollow = "" if words else " mark--hollow"
        shown.append(
            f'<span class="part part--{css}{missing}"><span class="part__key"><span class="mark mark--{css}{hollow}"'
            f' aria-hidden="true">{letter}</span> <span>{escape(key)}</span></span> '
            f'<span class="part__words">{escape(words or NOTHING_YET[Kind(kind)])}</span></span>'
        )
    css = f" theory--{size}" if size else ""
    # Every word in it went through escape().
    return mark_safe(f'<p class="theory{css}">{" ".join(shown)}</p>')


@register.filter
def number_of(label: str) -> int:
    """12 of "E12" or "CMO12"."""
    return int("".join(letter for letter in label if letter.isdigit()))


@register.filter
def list_of(query: Any, name: str) -> list[str]:
    """All values of one parameter of a query string, those joined by commas apart."""
    return [part for value in query.getlist(name) for part in value.split(",") if part]


TRAIT_NAMES = {
    "kind": gettext_lazy("Kind"),
    "polarity": gettext_lazy("Facilitating or hindering"),
    "mechanism": gettext_lazy("Half of the mechanism"),
    "sign": gettext_lazy("Sign"),
    "intended": gettext_lazy("Meant or not"),
    "proximity": gettext_lazy("How far along"),
    "level": gettext_lazy("Level"),
    "formal_theory": gettext_lazy("Formal theory"),
}


@register.filter
def trait_name(name: str) -> str:
    return str(TRAIT_NAMES.get(name, name))


WORD_NAMES = {
    "nickname": gettext_lazy("Nickname"),
    "plain": gettext_lazy("In one plain sentence"),
    "narrative": gettext_lazy("Narrative"),
    "testing": gettext_lazy("Data planned to test it"),
}


@register.filter
def word_name(name: str) -> str:
    return str(WORD_NAMES.get(name, name))


@register.filter
def trait_value(name: str, value: str) -> str:
    """A trait's value in words; "" where nothing is said."""
    choices: Any = Kind if name == "kind" else TRAITS[name][0] if name in TRAITS else None
    return str(choices(value).label) if choices and value else value


FIELD_NAMES = {"area": gettext_lazy("Theory area"), "state": gettext_lazy("State")}


@register.filter
def said_name(name: str) -> str:
    """What a field that is not words is called in a difference."""
    return str(FIELD_NAMES[name]) if name in FIELD_NAMES else trait_name(name)


@register.filter
def said_value(name: str, value: Any) -> str:
    """What its value is called; "" where there is none."""
    if value in (None, ""):
        return ""
    return str(State(value).label) if name == "state" else trait_value(name, str(value))
