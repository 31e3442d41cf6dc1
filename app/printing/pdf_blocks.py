"""The parts of a document as what the library lays out on pages."""

import io
from collections.abc import Callable
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, KeepTogether, Spacer, Table

from app.printing import parts
from app.printing.charts import drawing
from app.printing.pdf_table import table
from app.printing.pdf_text import HUGE, INK, LARGE, NORMAL, RULE, SHADE, SMALL, paragraph

LOGO = 27 * mm, 18 * mm
GAP = 3.5 * mm
FACTS_WIDTH = 58 * mm
TITLED = 32 * mm
BARE: list[Any] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
TIGHT: list[Any] = [("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]


def letterhead(school: parts.School, sheet: parts.Sheet, width: float, logo: "Logo | None") -> list[Flowable]:
    """The logo, where there is one, beside name and address; then what the sheet is."""
    lines = [paragraph(school.name, LARGE, bold=True), *(paragraph(line, 8, muted=True) for line in school.lines)]
    room = LOGO[0] + GAP if logo else 0.0
    head = Table([[logo, lines]] if logo else [[lines]], colWidths=[*([room] if logo else []), width - room])
    head.setStyle([*BARE, *TIGHT, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    title = paragraph(sheet.title, HUGE, bold=True)
    of = paragraph(sheet.subtitle, 11, align=parts.Align.RIGHT, muted=True)
    titles = Table([[title, of]], colWidths=[width / 2, width / 2])
    titles.setStyle([*BARE, ("VALIGN", (0, 0), (-1, -1), "BOTTOM")])
    rule = HRFlowable(width="100%", thickness=1, color=INK, spaceBefore=2 * mm, spaceAfter=2 * mm)
    return [head, rule, titles, Spacer(0, GAP)]


class Logo(Flowable):
    """A document has one, which stands on every sheet and is decoded once."""

    def __init__(self, picture: parts.Picture) -> None:
        super().__init__()
        self.reader = ImageReader(io.BytesIO(picture.content))
        self.width, self.height = picture.within(*LOGO)

    def draw(self) -> None:
        self.canv.drawImage(self.reader, 0, 0, self.width, self.height, mask="auto")


def flow(block: parts.Block, width: float, decimal_mark: str) -> list[Flowable]:
    if isinstance(block, parts.Chart):
        return [KeepTogether([_title(block.title), drawing(block, width, decimal_mark), Spacer(0, GAP)])]
    return _FLOWS[type(block)](block, width)


def _title(text: str) -> Flowable:
    found = paragraph(text, 10.5, bold=True)
    found.spaceBefore, found.spaceAfter = 2 * mm, 1.5 * mm
    return found


def _table(block: parts.Table, width: float) -> list[Flowable]:
    # A title stays with the first rows, and a table may go on over pages.
    title = [CondPageBreak(TITLED), _title(block.title)] if block.title else []
    return [*title, table(block, width), Spacer(0, GAP / 2)]


def _facts(block: parts.Facts, width: float) -> list[Flowable]:
    """Name above, what it stands for below; as many side by side as fit."""
    count = max(int(width // FACTS_WIDTH), 2)
    cells = [[paragraph(name, SMALL, muted=True), paragraph(text, NORMAL)] for name, text in block.pairs]
    rows: list[list[Any]] = [cells[at : at + count] for at in range(0, len(cells), count)]
    rows[-1] += [""] * (count - len(rows[-1]))
    found = Table(rows, colWidths=[width / count] * count)
    found.setStyle([*BARE, *TIGHT, ("RIGHTPADDING", (0, 0), (-1, -1), 6)])
    return [found, Spacer(0, GAP)]


def _figures(block: parts.Figures, width: float) -> list[Flowable]:
    center = parts.Align.CENTER
    names = [paragraph(name, SMALL, align=center, muted=True) for name, _ in block.pairs]
    texts = [paragraph(text, LARGE, align=center, bold=True) for _, text in block.pairs]
    found = Table([names, texts], colWidths=[width / len(names)] * len(names))
    found.setStyle([*BARE, ("BACKGROUND", (0, 0), (-1, -1), SHADE), ("BOTTOMPADDING", (0, 1), (-1, 1), 7)])
    return [found, Spacer(0, GAP)]


def _remark(block: parts.Remark, width: float) -> list[Flowable]:
    found = Table([[[paragraph(block.by, SMALL, muted=True), paragraph(block.text)]]], colWidths=[width])
    found.setStyle([("LINEBEFORE", (0, 0), (0, -1), 2, RULE), ("LEFTPADDING", (0, 0), (-1, -1), 6)])
    return [found, Spacer(0, GAP / 2)]


def _notes(block: parts.Notes, width: float) -> list[Flowable]:
    return [*(paragraph(line, SMALL, muted=True) for line in block.lines), Spacer(0, GAP)]


def _signatures(block: parts.Signatures, width: float) -> list[Flowable]:
    gap, count = 8 * mm, len(block.names)
    line = (width - gap * (count - 1)) / count
    cells: list[Any] = []
    for name in block.names:
        cells += [paragraph(name, SMALL, align=parts.Align.CENTER, muted=True), ""]
    found = Table([cells[:-1]], colWidths=[line, *[gap, line] * (count - 1)])
    lines = [("LINEABOVE", (at, 0), (at, 0), 0.6, INK) for at in range(0, 2 * count, 2)]
    found.setStyle([*BARE, *lines])
    return [KeepTogether([Spacer(0, 14 * mm), found])]


_FLOWS: dict[type[Any], Callable[[Any, float], list[Flowable]]] = {
    parts.Table: _table,
    parts.Facts: _facts,
    parts.Figures: _figures,
    parts.Remark: _remark,
    parts.Notes: _notes,
    parts.Signatures: _signatures,
}
