"""The theory in other people's formats: a dossier in, bytes out, streaming. A new format is one file and a line."""

from cmo.exports import csv, json
from cmo.exports.base import Exporter

FORMATS: dict[str, Exporter] = {exporter.name: exporter for exporter in (json.EXPORTER, csv.EXPORTER)}
