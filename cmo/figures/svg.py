"""Owns figures as SVG: self-contained, with a title and a description, the same bytes for the same figure. Pure.

A file carries its paint in each shape. On a page names of classes stand there instead, so that the page's style sheet
gives dark paper its own inks.
"""

import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

from cmo.figures.shapes import INK, PAPER, Disc, Figure, Group, Look, Poly, Rect, Shape, Step, Words

FACES = "'Source Sans 3', 'Source Sans Pro', Helvetica, Arial, sans-serif"
FADED = "0.28"
HIT = "hit"  # a place to click on, which a page alone has
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def told(text: str) -> str:
    """Text as XML may hold it; what XML cannot hold at all becomes U+FFFD."""
    return escape(_NO_XML.sub("\ufffd", text))


def attribute(text: str) -> str:
    """Text as the quoted value of an attribute, with line ends and tabs kept."""
    return quoteattr(_NO_XML.sub("\ufffd", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def svg(figure: Figure) -> str:
    """A file of its own."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{figure.width:g}" height="{figure.height:g}"'
        f' viewBox="0 0 {figure.width:g} {figure.height:g}" role="img" aria-labelledby="t d" font-family="{FACES}"'
        f' font-size="13" fill="{INK}">'
    )
    title = f'<title id="t">{told(figure.title)}</title><desc id="d">{told(figure.about)}</desc>'
    paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    parts: list[str] = []
    _group(figure.body, parts, None)
    return f"{head}{title}{paper}{''.join(parts)}</svg>\n"


def inline(figure: Figure, link: Callable[[str], str], *, current: str = "", css: str = "cmomap") -> str:
    """For a page: `link` makes an address of "CMO5" or "E12", `current` is the one that is selected."""
    parts: list[str] = []
    _group(figure.body, parts, lambda label: (link(label), label == current))
    return (
        f'<svg class="{css}" width="{figure.width:g}" height="{figure.height:g}" role="group"'
        f' viewBox="0 0 {figure.width:g} {figure.height:g}" aria-label={attribute(figure.title)}>{"".join(parts)}</svg>'
    )


Linking = Callable[[str], tuple[str, bool]] | None


def _group(group: Group, parts: list[str], link: Linking) -> None:
    opened = "g"
    marks = ""
    if group.css and (link or group.link):
        marks += f' class="{group.css}"'
    if group.x or group.y:
        marks += f' transform="translate({group.x:g} {group.y:g})"'
    if link is None:
        marks += f' opacity="{FADED}"' if group.faded else ""
    else:
        if group.faded:
            marks = marks.replace('class="', 'class="off ', 1)
        if group.css == "cfg" and link(group.link)[1]:
            marks = marks.replace('class="', 'class="cfg--on ', 1)
        marks += "".join(f' data-{name}="{value}"' for name, value in group.data)
        if group.link and group.css == "cfg":
            marks += f' data-cmo="{group.link[3:]}"'
        elif group.link:
            opened = "a"
            address, current = link(group.link)
            marks += f" href={attribute(address)}" + (' aria-current="true"' if current else "")
    parts.append(f"<{opened}{marks}>")
    if group.title:
        parts.append(f"<title>{told(group.title)}</title>")
    for child in group.children:
        if isinstance(child, Group):
            _group(child, parts, link)
        else:
            parts.append(_shape(child, page=link is not None))
    parts.append(f"</{opened}>")


def _shape(shape: Shape, *, page: bool) -> str:
    if isinstance(shape, Words):
        return _words(shape, page=page)
    if shape.look.css == HIT and not page:
        return ""
    paint = _paint(shape.look, page=page)
    if isinstance(shape, Poly):
        return f'<path d="{path([(point,) for point in shape.points])}z"{paint}/>'
    if isinstance(shape, Rect):
        round_ = f' rx="{shape.r:g}"' if shape.r else ""
        return f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.w:g}" height="{shape.h:g}"{round_}{paint}/>'
    if isinstance(shape, Disc):
        return f'<circle cx="{shape.x:g}" cy="{shape.y:g}" r="{shape.r:g}"{paint}/>'
    return f'<path d="{path(shape.steps)}"{paint}/>'


def path(steps: Sequence[Step]) -> str:
    """Each step from the point before it: ways of one shape then read alike wherever they stand, and pack to half."""
    (start,), *rest = steps
    said, here = [f"M{start[0]:g} {start[1]:g}"], start
    for step in rest:
        away = [(round(x - here[0], 2), round(y - here[1], 2)) for x, y in step]
        said.append(_straight(*away[0]) if len(step) == 1 else "c" + " ".join(f"{x:g} {y:g}" for x, y in away))
        here = step[-1]
    return "".join(said)


def _straight(x: float, y: float) -> str:
    return f"h{x:g}" if not y else f"v{y:g}" if not x else f"l{x:g} {y:g}"


def _paint(look: Look, *, page: bool) -> str:
    dash = f' stroke-dasharray="{" ".join(f"{one:g}" for one in look.dash)}"' if look.dash else ""
    width = f' stroke-width="{look.width:g}"' if look.width else ""
    if page:
        return f' class="{look.css}"{width}{dash}'
    stroke = f' stroke="{look.stroke}"' if look.stroke != "none" else ""
    return f' fill="{look.fill}"{stroke}{width if stroke else ""}{dash}'


def _words(words: Words, *, page: bool) -> str:
    at = f'x="{words.x:g}" y="{words.y:g}"'
    if page:
        return f'<text {at}{f" class={quoteattr(words.css)}" if words.css else ""}>{told(words.text)}</text>'
    more = f' font-size="{words.size:g}"' if words.size != 13 else ""
    more += f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    more += f' fill="{words.fill}"' if words.fill != INK else ""
    more += ' font-weight="700"' if words.bold else ""
    more += ' font-style="italic"' if words.italic else ""
    return f"<text {at}{more}>{told(words.text)}</text>"
