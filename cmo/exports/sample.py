"""Owns the sample table as CSV: one row a role, one column a site."""

import csv
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from programmes.gate import guarded


def sample_csv(sample: Any) -> bytes:
    """UTF-8 with a byte-order mark and CRLF; nothing in it is run as a formula. A small count ends with *."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    sites = [site.name if site else _("no site") for site in sample.sites]
    table.writerow([guarded(name) for name in (_("Role"), *sites, _("All"))])
    for line in sample.lines:
        counts: list[Any] = [f"{cell.n}*" if cell.small else cell.n for cell in line.cells]
        table.writerow([guarded(line.role or _("no role")), *counts, line.total])
    table.writerow([_("All"), *sample.totals, sample.total])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()
