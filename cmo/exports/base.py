"""Owns what an exporter is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cmo.exports.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Exporter:
    """`write` turns a dossier into pieces of a file, the first of them at once, holding but a few in memory."""

    name: str
    content_type: str
    suffix: str
    write: Callable[[Dossier], Iterator[bytes]]
