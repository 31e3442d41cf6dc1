"""Tables in PDF: a header repeated on each page, shaded rows, names that are read upwards where room is short."""

from collections.abc import Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Rect
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table

from app.printing import fonts, parts
from app.printing.pdf_text import INK, NORMAL, RULE, SHADE, failed, paragraph

# Beyond so many columns or rows the type is smaller, and the rows are closer to each other.
WIDE, LONG, SMALLER = 8, 25, 7.5
LEAST_SIZE = 5.0
LIGHT, MARK = HexColor(0xDDE2E7), HexColor(0xC8553D)
TALLEST = 34 * mm
LEAST = 30 * mm
_PADDING = {False: 3.0, True: 1.6}


class Turned(Flowable):
    """A text that is read upwards, of a given length; it takes the lines that it needs."""

    def __init__(self, text: Paragraph, length: float, align: parts.Align) -> None:
        super().__init__()
        self.text = text
        self.length = length
        self.align = align

    def wrap(self, available: float, _: float) -> tuple[float, float]:
        self.across = self.text.wrap(self.length, available)[1]
        self.available = available
        return available, self.length

    def draw(self) -> None:
        """Above the figures of its column."""
        right = self.available if self.align is parts.Align.RIGHT else (self.available + self.across) / 2
        self.canv.rotate(90)
        self.text.drawOn(self.canv, 0, -right)


def table(block: parts.Table, width: float) -> Table:
    """As wide as `width`, over several pages where it must be."""
    small = len(block.columns) > WIDE or len(block.rows) > LONG
    size = SMALLER if small else NORMAL
    widths = _widths(block.columns, width)
    rows = [_header(block.columns, widths, size)]
    for each in (*block.rows, *block.feet):
        rows.append([_cell(content, column, size) for content, column in zip(each, block.columns, strict=True)])
    found = Table(rows, colWidths=widths, repeatRows=1)
    found.setStyle(_style(len(block.rows), len(block.feet), size, _PADDING[small]))
    return found


def _widths(columns: Sequence[parts.Column], width: float) -> list[float]:
    """Columns without a width share what is left; where that is too little, all others get narrower alike."""
    given = sum(each.width * mm for each in columns if each.width is not None)
    open_ = sum(each.width is None for each in columns)
    room = min(given, max(width - open_ * LEAST, 0.0))
    share = (width - room) / open_ if open_ else 0.0
    narrowed = room / given if given else 1.0
    return [share if each.width is None else each.width * mm * narrowed for each in columns]


def _header(columns: Sequence[parts.Column], widths: Sequence[float], size: float) -> list[Any]:
    """All that are turned have the length of the longest, within bounds; no word of the others is broken."""
    turned = [each.title for each in columns if each.turned]
    longest = max((stringWidth(title, fonts.BOLD, size) for title in turned), default=0.0) + 4
    length = min(longest, TALLEST)
    return [
        Turned(paragraph(each.title, size, bold=True), length, each.align)
        if each.turned
        else paragraph(each.title, _fitting(each.title, width - 6.5, size), align=each.align, bold=True)
        for each, width in zip(columns, widths, strict=True)
    ]


def _fitting(title: str, width: float, size: float) -> float:
    """The size in which the longest word is as wide as its column at most."""
    longest = max((stringWidth(word, fonts.BOLD, size) for word in title.split()), default=0.0)
    return size if longest <= width else max(size * width / longest, LEAST_SIZE)


def _cell(content: parts.Content, column: parts.Column, size: float) -> Any:
    if isinstance(content, parts.Gauge):
        return gauge(content, (column.width or 30.0) * mm - 8)
    if isinstance(content, str):
        return paragraph(content, size, align=column.align) if content else ""
    if content.tone is parts.Tone.FAILED:
        return failed(content.text, size, column.align)
    return paragraph(content.text, size, align=column.align, bold=content.tone is parts.Tone.STRONG)


def gauge(of: parts.Gauge, width: float, height: float = 6.0) -> Drawing:
    found = Drawing(width, height + 2)
    found.add(_bar(width, height, LIGHT))
    if of.value is not None:
        found.add(_bar(width * min(max(of.value, 0), 1), height, INK))
    if of.mark is not None:
        at = width * of.mark
        found.add(Line(at, 0, at, height + 2, strokeColor=MARK, strokeWidth=1.2))
    return found


def _bar(width: float, height: float, colour: Color) -> Rect:
    bar = Rect(0, 1, width, height)
    bar.fillColor, bar.strokeColor = colour, None
    return bar


def _style(rows: int, feet: int, size: float, padding: float) -> list[Any]:
    every = (0, 0), (-1, -1)
    shaded = [("BACKGROUND", (0, at), (-1, at), SHADE) for at in range(2, rows + 1, 2)]
    summed = [("LINEABOVE", (0, -feet), (-1, -feet), 0.6, INK)] if feet else []
    return [
        *shaded,
        *summed,
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, -1), (-1, -1), 0.4, RULE),
        ("VALIGN", *every, "MIDDLE"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        # Empty cells too are as high as a line, and no higher.
        ("FONTSIZE", *every, size),
        ("LEADING", *every, size * 1.25),
        ("TOPPADDING", *every, padding),
        ("BOTTOMPADDING", *every, padding),
        ("LEFTPADDING", *every, 3),
        ("RIGHTPADDING", *every, 3),
    ]
