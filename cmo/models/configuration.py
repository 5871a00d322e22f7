"""Owns configurations: elements in roles, the statements that they spell out, and their history."""

import uuid

from django.conf import settings
from django.db import models

from cmo.models.area import TheoryArea
from cmo.models.element import Element
from cmo.models.statement import Statement
from cmo.vocabulary import TURNS, Activation, Change, Slot, State
from programmes.models import Phase, Programme
from programmes.vocabulary import Limit


class SlotSetting(models.Model):
    """Which roles a programme's configurations have, in which order and under which labels; CMO where there is none."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="slot_setting")
    slots = models.JSONField(default=list)  # [[role, label or ""], …] in order
    revision_number = models.PositiveIntegerField(default=1)


class Counter(models.Model):
    """The last number given out in a programme for one kind of record; none is ever given twice."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="counters")
    kind = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="one_counter_per_kind")]


class ConfigurationWords(models.Model):
    """What is said of a configuration beside its elements; it and each of its revisions carry one."""

    nickname = models.CharField(max_length=Limit.TITLE, blank=True)
    plain = models.TextField(blank=True)  # the whole in one plain sentence
    narrative = models.TextField(blank=True)
    testing = models.TextField(blank=True)  # the data planned to test it
    area = models.ForeignKey(TheoryArea, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)

    class Meta:
        abstract = True


class Configuration(ConfigurationWords):
    """Elements in roles. Anything may be missing; it is then shown as a gap."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="configurations")
    number = models.PositiveIntegerField()
    origin = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")
    revision_number = models.PositiveIntegerField(default=1)
    created = models.DateTimeField()
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="configuration_number_once_per_programme"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="configuration_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"CMO{self.number}"


class Placing(models.Model):
    """An element in a role: where it stands among its like, in which local words, how strongly it fires."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Slot)
    position = models.PositiveSmallIntegerField()  # in the order of the configuration, from 1
    wording = models.TextField(blank=True)  # words of this configuration's own; empty: the element's text
    activation = models.CharField(max_length=10, choices=Activation, blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]


class ConfigurationElement(Placing):
    """An element as it stands in a configuration now."""

    configuration = models.ForeignKey(Configuration, on_delete=models.CASCADE, related_name="placings")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="placings")

    class Meta(Placing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["configuration", "element", "role"], name="element_once_per_role"),
            models.UniqueConstraint(fields=["configuration", "position"], name="one_element_per_position"),
            models.CheckConstraint(condition=models.Q(role__in=Slot.values), name="role_is_a_slot"),
        ]


class ConfigurationStatement(models.Model):
    """A statement that a configuration spells out."""

    configuration = models.ForeignKey(Configuration, on_delete=models.CASCADE, related_name="spellings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="spellings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["configuration", "statement"], name="statement_once_per_configuration")
        ]


class ConfigurationRevision(ConfigurationWords):
    """One immutable make-up of a configuration: number, change, reason, author, time, phase."""

    configuration = models.ForeignKey(Configuration, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    restores = models.PositiveIntegerField(null=True)  # the revision number whose make-up came back
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["configuration", "number"], name="revision_number_once_per_configuration"),
            models.CheckConstraint(condition=models.Q(change__in=Change.values), name="configuration_change_is_known"),
        ]
        indexes = [models.Index(fields=["-at"], condition=models.Q(change__in=TURNS), name="configuration_turns")]


class ConfigurationRevisionElement(Placing):
    """An element as it stood in one revision. Its own text then is that of its latest revision at the time."""

    revision = models.ForeignKey(ConfigurationRevision, on_delete=models.PROTECT, related_name="placings")
    element_revision = models.PositiveIntegerField()  # the number of the element's revision at the time

    class Meta(Placing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["revision", "element", "role"], name="element_once_per_role_and_revision")
        ]


class ConfigurationRevisionStatement(models.Model):
    """A statement that a configuration spelled out in one revision."""

    revision = models.ForeignKey(ConfigurationRevision, on_delete=models.PROTECT, related_name="spellings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "statement"], name="statement_once_per_configuration_revision")
        ]
