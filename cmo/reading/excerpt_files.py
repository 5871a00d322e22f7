"""Owns what a file tells of excerpts: each as the API shows it, with its bearings whole; some hundred at a time."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from cmo.models import Excerpt
from cmo.reading.evidence import excerpt_rows

BATCH = 500


def excerpt_facts(excerpts: "QuerySet[Excerpt]") -> Iterator[dict[str, Any]]:
    """In the order of `excerpts`; two queries for each batch beside their own."""
    left = excerpts.iterator(chunk_size=BATCH)
    while batch := list(islice(left, BATCH)):
        for row in excerpt_rows(batch):
            yield {**row.as_json(), "bearings": [one.as_json() for one in row.bearings]}
