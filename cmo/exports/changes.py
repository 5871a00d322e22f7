"""Owns a comparison of two theories as a file: a table for spreadsheets, Markdown for a paper, a page of HTML."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from io import StringIO

from django.utils.translation import gettext as _

from programmes.gate import guarded

Stretch = tuple[str, str, str]  # kind (equal, insert, delete, replace), old, new


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One row: what became of which records, their words on either side, and why."""

    kind: str
    kind_said: str
    area: str
    before: list[tuple[str, str]]  # (label, words)
    after: list[tuple[str, str]]
    diff: list[Stretch]
    verdict: str
    rationale: str
    reason: str
    evidence: str
    themes_before: list[tuple[str, list[str]]] = field(default_factory=list)  # (label, codes)
    themes_after: list[tuple[str, list[str]]] = field(default_factory=list)
    themes: list[tuple[str, str, str]] = field(default_factory=list)  # (kept, gone or come; code; code before), if any


@dataclass(frozen=True, slots=True)
class ChangesDossier:
    """A comparison: what was compared, how many rows there are of each kind, and the rows in order."""

    title: str
    old: str
    new: str
    counts: list[tuple[str, int]]
    statements: list[ChangeFacts]
    configurations: list[ChangeFacts] = field(default_factory=list)


COLUMNS = (
    "change", "area", "before", "before_wording", "after", "after_wording", "verdict", "rationale", "reason",
    "evidence", "themes_before", "themes_after",
)  # fmt: skip


def as_csv(found: ChangesDossier) -> bytes:
    """Statements, then configurations; UTF-8 with a byte-order mark and CRLF, and no live formula."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(COLUMNS)
    for row in (*found.statements, *found.configurations):
        cells = (
            row.kind, row.area, _labels(row.before), _words(row.before), _labels(row.after), _words(row.after),
            row.verdict, row.rationale, row.reason, row.evidence, _codes(row.themes_before), _codes(row.themes_after),
        )  # fmt: skip
        table.writerow([guarded(cell) for cell in cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _labels(sides: Sequence[tuple[str, str]]) -> str:
    return "; ".join(label for label, _text in sides)


def _words(sides: Sequence[tuple[str, str]]) -> str:
    return sides[0][1] if len(sides) == 1 else "\n".join(f"{label}: {text}" for label, text in sides)


def _codes(sides: Sequence[tuple[str, list[str]]]) -> str:
    return _words([(label, "; ".join(codes)) for label, codes in sides if codes or len(sides) == 1])


def _carried(row: ChangeFacts, told: Callable[[str], str]) -> dict[str, str]:
    """{label: its themes, in one line} where not one record stands on either side: then nothing says which changed."""
    if len(row.before) == len(row.after) == 1:
        return {}
    carried = {label: codes for label, codes in (*row.themes_before, *row.themes_after) if codes}
    return {label: f"{_('Themes:')} {', '.join(map(told, codes))}" for label, codes in carried.items()}


def _themes(row: ChangeFacts, told: Callable[[str], str]) -> str:
    """What became of the themes, in one line; nothing where it carries the same."""
    marks = {"gone": "<del>{}</del>", "come": "<ins>{}</ins>", "kept": "{}"}
    said = []
    for kind, code, once in row.themes:
        shown = marks[kind].format(told(code))
        said.append(f"{shown} ({told(_('%(code)s before') % {'code': once})})" if once else shown)
    return f"{_('Themes:')} {', '.join(said)}" if said else ""


# ---------------------------------------------------------------- Markdown

_MARKS = "\\`*_{}[]<>#|~"


def as_markdown(found: ChangesDossier) -> bytes:
    """A heading, the counts, then a table; what was taken out stands in <del>, what was added in <ins>."""
    lines = [f"# {_plain(found.title)}", "", f"{_plain(found.old)} → {_plain(found.new)}", ""]
    lines += [f"- {_plain(said)}: {n}" for said, n in found.counts]
    for title, rows in ((_("Statements"), found.statements), (_("Configurations"), found.configurations)):
        if not rows:
            continue
        head = (_("Change"), _("Before"), _("After"), _("Why"))
        lines += ["", f"## {title}", "", f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
        lines += [f"| {' | '.join(cells)} |" for cells in map(_markdown_row, rows)]
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """Text in a line or a cell of Markdown, with nothing in it taken for a mark."""
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in text).replace("\n", "<br>")


def _markdown_row(row: ChangeFacts) -> tuple[str, ...]:
    carried = _carried(row, _plain)

    def sides(found: Sequence[tuple[str, str]]) -> str:
        said = ((f"**{label}** {_plain(text)}", carried.get(label, "")) for label, text in found)
        return "<br>".join(line for lines in said for line in lines if line)

    after = f"**{row.after[0][0]}** {_inline(row.diff, _plain)}" if row.diff and row.after else sides(row.after)
    themes = _themes(row, _plain)
    after += f"<br>{themes}" if themes else ""
    why = "<br>".join(_plain(text) for text in _why(row))
    return _plain(row.kind_said), sides(row.before), after, why


def _why(row: ChangeFacts) -> list[str]:
    verdict = f"{row.verdict}: {row.rationale}" if row.verdict and row.rationale else row.verdict
    return [text for text in (row.reason, verdict, row.evidence) if text]


def _inline(diff: Sequence[Stretch], told: Callable[[str], str]) -> str:
    said = []
    for kind, old, new in diff:
        if kind == "equal":
            said.append(told(old))
            continue
        said += [f"<del>{told(old)}</del>"] if old else []
        said += [f"<ins>{told(new)}</ins>"] if new else []
    return "".join(said)


# ---------------------------------------------------------------- HTML

_STYLE = (
    "body{font:16px/1.5 Georgia,serif;margin:2rem;max-width:75rem}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #bbb;padding:.5rem;text-align:left;vertical-align:top}"
    "del{background:#fbe9e7}ins{background:#e3f2e6;text-decoration-thickness:1px}"
)


def as_html(found: ChangesDossier) -> bytes:
    """A page of its own that needs nothing from anywhere."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(found.title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(found.title)}</h1><p>{escape(found.old)} → {escape(found.new)}</p><ul>",
        *(f"<li>{escape(said)}: {n}</li>" for said, n in found.counts),
        "</ul>",
    ]
    for title, rows in ((_("Statements"), found.statements), (_("Configurations"), found.configurations)):
        if rows:
            heads = (_("Change"), found.old, found.new, _("Why"))
            head = "".join(f'<th scope="col">{escape(said)}</th>' for said in heads)
            parts.append(f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>")
            parts += map(_html_row, rows)
            parts.append("</tbody></table>")
    parts.append("</body></html>\n")
    return "".join(parts).encode()


def _html_row(row: ChangeFacts) -> str:
    carried = _carried(row, _lines)

    def sides(found: Sequence[tuple[str, str]]) -> str:
        said = ((f"<b>{label}</b> {_lines(text)}", carried.get(label, "")) for label, text in found)
        return "".join(f"<p>{line}</p>" for lines in said for line in lines if line)

    after = sides(row.after)
    if row.diff and row.after:
        after = f"<p><b>{row.after[0][0]}</b> {_inline(row.diff, _lines)}</p>"
    themes = _themes(row, _lines)
    after += f"<p>{themes}</p>" if themes else ""
    why = "".join(f"<p>{_lines(text)}</p>" for text in _why(row))
    cells = "".join(f"<td>{cell}</td>" for cell in (sides(row.before), after, why))
    return f'<tr><th scope="row">{escape(row.kind_said)}</th>{cells}</tr>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


Write = Callable[[ChangesDossier], bytes]
FORMATS: dict[str, tuple[str, str, Write]] = {  # {name: (content type, suffix, writer)}
    "csv": ("text/csv; charset=utf-8", "csv", as_csv),
    "md": ("text/markdown; charset=utf-8", "md", as_markdown),
    "html": ("text/html; charset=utf-8", "html", as_html),
}
