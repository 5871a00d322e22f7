"""Owns figures as PNG pictures, drawn with the pages' own face. Pure but for the font files.

Latin, Greek, Cyrillic and Arabic letters are drawn. Others show as a box, and the picture then says so below: the SVG
has them all.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import cos, hypot, radians, sin
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, features

from cmo.figures.letters import wrap
from cmo.figures.shapes import QUIET, Disc, Figure, Look, Point, Poly, Rect, Shape, Step, Words

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
ARABIC = "noto-sans-arabic-arabic-wght-normal.woff2"  # its letters join, and run from right to left
FILES = (
    *(
        f"source-sans-3-{part}-wght-normal.woff2"
        for part in ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
    ),
    ARABIC,
)
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")  # as they stand in what runs from right to left
UNSEEN = {"Mn", "Me", "Cf", "Cc", "Zl", "Zp"}  # categories of what has no shape, or none of its own
SCALE = 2.0  # pixels of the picture for one of the figure
MOST = 12_000_000  # pixels; a larger figure is drawn smaller
PIECES = 24  # straight pieces of a curve


def png(figure: Figure) -> bytes:
    """A picture on white. The same figure gives the same bytes with the same Pillow."""
    note = _note(figure)
    height = figure.height + 16 * len(note) + (8 if note else 0)
    scale = min(SCALE, (MOST / (figure.width * height)) ** 0.5)
    size = (max(1, round(figure.width * scale)), max(1, round(height * scale)))
    picture = Image.new("RGB", size, "#ffffff")
    pen = _Pen(ImageDraw.Draw(picture), scale)
    for x, y, faded, shape in figure.body.flat():
        pen.draw(shape, x, y, faded)
    for at, said in enumerate(note):
        pen.draw(Words(18, figure.height + 16 * at + 8, said, 12.5, "start", fill=QUIET), 0, 0, False)
    out = BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=False)
    return out.getvalue()


def _note(figure: Figure) -> list[str]:
    """Lines that say so where a letter cannot be drawn."""
    texts = (shape.text for _x, _y, _faded, shape in figure.body.flat() if isinstance(shape, Words))
    if all(_face_of(letter) for letter in set().union(*texts)):
        return []
    said = _("Letters that this picture cannot draw stand as boxes; the same figure as SVG has them all.")
    return wrap(said, max(figure.width - 36, 60), 12.5, 8)


@lru_cache(maxsize=4096)
def _face_of(letter: str) -> str:
    """The file of the face that draws a letter; "" where none does."""
    if unicodedata.category(letter) in UNSEEN:
        return FILES[0]
    return next((name for name in FILES if _holds(name, letter)), "")


@lru_cache(maxsize=64)
def _face(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    joined = name == ARABIC and features.check("raqm")
    engine = ImageFont.Layout.RAQM if joined else ImageFont.Layout.BASIC
    face = ImageFont.truetype(str(FONTS / name), size, layout_engine=engine)
    face.set_variation_by_axes([weight])
    return face


@lru_cache(maxsize=4096)
def _holds(name: str, letter: str) -> bool:
    """Whether a face has the letter: what it lacks looks like what no face has."""
    face = _face(name, 20, 400)
    return bytes(face.getmask(letter)) != bytes(face.getmask("\ufffe")) or letter.isspace()


def _pale(colour: str, faded: bool) -> str:
    if not faded:
        return colour
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * 0.28):02x}" for part in parts)


class _Pen:
    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self.on, self.scale = draw, scale

    def draw(self, shape: Shape, x: float, y: float, faded: bool) -> None:
        if isinstance(shape, Words):
            self._words(shape, x, y, faded)
            return
        look = shape.look
        if isinstance(shape, Rect):
            points = _corners(shape)
        elif isinstance(shape, Disc):
            points = _ring(shape.x, shape.y, shape.r, 0, 360)
        elif isinstance(shape, Poly):
            points = list(shape.points)
        else:
            points = flattened(shape.steps)
        moved = [((px + x) * self.scale, (py + y) * self.scale) for px, py in points]
        closed = isinstance(shape, Rect | Disc | Poly)
        if closed and look.fill != "none":
            self.on.polygon(moved, fill=_pale(look.fill, faded))
        if look.stroke != "none":
            self._stroke([*moved, moved[0]] if closed else moved, look, faded)

    def _stroke(self, points: Sequence[Point], look: Look, faded: bool) -> None:
        colour, width = _pale(look.stroke, faded), max(1, round(look.width * self.scale))
        dashes = [length * self.scale for length in look.dash]
        for piece in dashed(points, dashes) if dashes else [list(points)]:
            self.on.line(piece, fill=colour, width=width, joint="curve")

    def _words(self, words: Words, x: float, y: float, faded: bool) -> None:
        size = max(1, round(words.size * self.scale))
        runs = self._runs(words.text, size, 700 if words.bold else 400)
        long = sum(face.getlength(text) for text, face in runs)
        at = (x + words.x) * self.scale - {"start": 0.0, "middle": long / 2, "end": long}[words.anchor]
        for text, face in runs:
            self.on.text((at, (y + words.y) * self.scale), text, fill=_pale(words.fill, faded), font=face, anchor="ls")
            at += face.getlength(text)

    def _runs(self, text: str, size: int, weight: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """The text in pieces of one face each, in the order in which they stand from left to right."""
        runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
        for letter in text:
            last = runs[-1][1] if runs else None
            face = _face(_face_of(letter) or FILES[0], size, weight)
            arabic = last is not None and last is _face(ARABIC, size, weight)
            if arabic and not letter.isalnum() and _holds(ARABIC, letter):
                face = last or face  # so that a line of Arabic words stays one piece, and runs as one
            elif last is not None and unicodedata.category(letter) in UNSEEN:
                face = last
            if runs and runs[-1][1] is face:
                runs[-1] = (runs[-1][0] + letter, face)
            else:
                runs.append((letter, face))
        leads = next((way for letter in text if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), "L")
        if leads == "L":
            return runs
        return [(text if any(map(str.isalnum, text)) else text.translate(MIRRORED), face) for text, face in runs[::-1]]


def _corners(rect: Rect) -> list[Point]:
    r = min(rect.r, rect.w / 2, rect.h / 2)
    left, top, right, foot = rect.x, rect.y, rect.x + rect.w, rect.y + rect.h
    if not r:
        return [(left, top), (right, top), (right, foot), (left, foot)]
    return [
        *_ring(left + r, top + r, r, 180, 270), *_ring(right - r, top + r, r, 270, 360),
        *_ring(right - r, foot - r, r, 0, 90), *_ring(left + r, foot - r, r, 90, 180),
    ]  # fmt: skip


def _ring(x: float, y: float, r: float, start: int, end: int) -> list[Point]:
    from_to = range(start, end + 1, 6)
    return [(x + r * cos(radians(angle)), y + r * sin(radians(angle))) for angle in from_to]


def flattened(steps: Sequence[Step]) -> list[Point]:
    """A way in straight pieces."""
    points: list[Point] = []
    for step in steps:
        if len(step) == 1:
            points.append(step[0])
            continue
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[-1], *step
        for at in range(1, PIECES + 1):
            t = at / PIECES
            u = 1 - t
            a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def dashed(points: Sequence[Point], dashes: Sequence[float]) -> list[list[Point]]:
    """The pieces of a line that are drawn; `dashes` are lengths drawn and left out in turn."""
    found: list[list[Point]] = []
    at, left, on = 0, dashes[0], True
    piece: list[Point] = [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        long = hypot(x2 - x1, y2 - y1)
        done = 0.0
        while long - done > left:
            done += left
            there = (x1 + (x2 - x1) * done / long, y1 + (y2 - y1) * done / long)
            if on:
                found.append([*piece, there])
            piece, on, at = [there], not on, (at + 1) % len(dashes)
            left = dashes[at]
        left -= long - done
        piece.append((x2, y2))
    if on and len(piece) > 1:
        found.append(piece)
    return found
