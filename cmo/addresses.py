"""Owns what a record's number and a theme's label look like in an address. Pure."""

from django.urls import register_converter


class Number:
    """A record's number: small enough for every database."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Label:
    """A theme's code or id: anything without a slash."""

    regex = "[^/]{1,80}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(Number, "number")
register_converter(Label, "label")
