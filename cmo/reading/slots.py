"""Owns how a programme's slots are read: which roles its configurations show, in which order, under which labels."""

from dataclasses import dataclass
from typing import Any

from cmo.models import SlotSetting
from cmo.vocabulary import KIND_OF, MECHANISMS, PRESETS, Kind, Slot
from programmes.models import Programme


@dataclass(frozen=True, slots=True)
class SlotShown:
    """One role as this programme shows it."""

    role: Slot
    label: str

    @property
    def kind(self) -> Kind:
        """The kind whose mark (letter, shape, colour) the role bears."""
        return KIND_OF[self.role]


@dataclass(frozen=True, slots=True)
class Slots:
    """The roles of a programme in order; `revision` is what a change of them starts from."""

    rows: tuple[SlotShown, ...]
    revision: int

    @property
    def revision_number(self) -> int:
        return self.revision

    def label(self, role: str) -> str:
        """What the role is called here; a role outside the setting keeps its usual name."""
        return next((slot.label for slot in self.rows if slot.role == role), str(Slot(role).label))

    def order(self, role: str) -> int:
        """Where the role stands. One outside the setting comes last, a form of mechanism behind the mechanism."""
        roles, slot = [row.role for row in self.rows], Slot(role)
        if slot in roles:
            return roles.index(slot) * len(Slot)
        beside = max((at for at, each in enumerate(roles) if each in MECHANISMS), default=len(roles))
        return (beside if slot in MECHANISMS else len(roles)) * len(Slot) + list(Slot).index(slot)

    @property
    def split(self) -> bool:
        """Whether a mechanism is two slots, resource and reasoning."""
        return any(slot.role == Slot.REASONING for slot in self.rows)

    @property
    def preset(self) -> str:
        """The preset with the same roles in the same order and no labels of its own, or ""."""
        roles = tuple(slot.role for slot in self.rows)
        usual = all(slot.label == str(slot.role.label) for slot in self.rows)
        return next((name for name, preset in PRESETS.items() if preset == roles and usual), "")

    def gaps(self, roles: set[str]) -> list[str]:
        """The slots that have nothing in them, as roles in order; a mechanism is there in whichever form it stands."""
        has_mechanism = bool(MECHANISMS & roles)
        return [
            slot.role.value
            for slot in self.rows
            if slot.role not in roles
            and not (slot.role == Slot.MECHANISM and has_mechanism)
            and not (slot.role in MECHANISMS and Slot.MECHANISM in roles)
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "preset": self.preset or None,
            "slots": [{"role": slot.role.value, "label": slot.label} for slot in self.rows],
            "revision": self.revision,
        }


def slots_of(programme: Programme) -> Slots:
    """The slots of a programme, CMO where it never chose; one query."""
    return slots_made(*slots_chosen(programme))


def slots_chosen(programme: Programme) -> tuple[list[list[str]], int]:
    """([[role, label or ""], …] in order, the revision of that setting); one query."""
    found = SlotSetting.objects.filter(programme=programme).first()
    return (found.slots, found.revision_number) if found else ([[slot.value, ""] for slot in PRESETS["cmo"]], 1)


def slots_made(chosen: list[list[str]], revision: int) -> Slots:
    """The slots that a setting gives."""
    rows = tuple(SlotShown(Slot(role), label or str(Slot(role).label)) for role, label in chosen)
    return Slots(rows, revision)
