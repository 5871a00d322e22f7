"""Owns fields of bodies that take nothing for what it is not: flags, labels of records, places."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programmes.serializers import Text


@extend_schema_field({"type": "boolean"})
class Flag(serializers.Field[Any, Any, Any, Any]):
    """true, false or null, and nothing that is taken for one of them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_null=True, **more)

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(_("Write true, false or null."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class Labels(serializers.ListField):
    """Labels of records; each is looked up by the view."""

    child = Text()

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=200, **more)


@extend_schema_field(OpenApiTypes.INT)
class Place(serializers.Field[Any, Any, Any, Any]):
    """A whole number from 1."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or not 1 <= data <= 1_000_000:
            raise serializers.ValidationError(_("Write a whole number from 1."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value
