"""A document as PDF on A4. Lengths are points, but for the widths of columns, which parts give in millimetres."""

import io
import logging
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate

from app.printing import fonts
from app.printing.parts import Align, Document, Picture, Sheet, texts_of
from app.printing.pdf_blocks import Logo, flow, letterhead
from app.printing.pdf_text import MUTED, SMALL, paragraph

log = logging.getLogger("schoolgraph.printing")
SCRIPTS_TOLD = 10
MARGIN, FOOT = 15 * mm, 16 * mm
# At the foot, for the day and the number of the page.
SIDE = 45 * mm
Advance = Callable[[int], None]


def write_pdf(document: Document, advance: Advance, logo: Picture | None = None) -> bytes:
    """`advance` is told of each sheet that is done. Letters that no typeface has are told to the log."""
    _warn(fonts.lacking(texts_of(document)))
    out = io.BytesIO()
    size = landscape(A4) if document.landscape else A4
    template = BaseDocTemplate(
        out, pagesize=size, title=document.title, author=document.school.name, lang=document.language, invariant=1
    )
    width, height = size[0] - 2 * MARGIN, size[1] - MARGIN - FOOT
    frame = Frame(MARGIN, FOOT, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    template.addPageTemplates([PageTemplate(frames=[frame], onPageEnd=partial(_foot, document))])
    story: list[Flowable] = []
    mark = Logo(logo) if logo else None
    for sheet in document.sheets:
        advance(0)
        story += [*([PageBreak()] if story else []), Beginning(sheet.name or sheet.subtitle, template)]
        story += _sheet(document, sheet, width, mark)
        story.append(Done(advance))
    template.build(story)
    return out.getvalue()


def _warn(letters: str) -> None:
    """The letters themselves stay out of the log: they may be somebody's name."""
    if letters:
        scripts = sorted({unicodedata.name(letter, "unknown").partition(" ")[0] for letter in letters})
        log.warning(
            "a PDF has empty boxes for %d letters that no typeface of it has (%s): print it as HTML",
            len(letters),
            ", ".join(scripts[:SCRIPTS_TOLD]),
        )


def _sheet(document: Document, sheet: Sheet, width: float, logo: Logo | None) -> list[Flowable]:
    parts = letterhead(sheet.school or document.school, sheet, width, logo)
    for block in sheet.blocks:
        parts += flow(block, width, document.decimal_mark)
    return parts


def _foot(document: Document, canvas: Any, template: Any) -> None:
    """At the foot of every page: the day, whose sheet it is, and its number among the sheet's pages."""
    sheet, first = template.begun
    canvas.saveState()
    canvas.setFont(fonts.PLAIN, SMALL)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 9 * mm, document.printed)
    name = paragraph(sheet, SMALL, align=Align.CENTER, muted=True)
    width, height = template.pagesize[0] - 2 * MARGIN - 2 * SIDE, 12 * mm
    name.drawOn(canvas, MARGIN + SIDE, 9 * mm - name.wrapOn(canvas, width, height)[1] + SMALL)
    number = document.page.format(number=canvas.getPageNumber() - first + 1)
    canvas.drawRightString(template.pagesize[0] - MARGIN, 9 * mm, number)
    canvas.restoreState()


class Done(Flowable):
    """Takes no room, and says that all before it has been laid out."""

    def __init__(self, advance: Advance) -> None:
        super().__init__()
        self.width = self.height = 0
        self.advance = advance

    def draw(self) -> None:
        self.advance(1)


class Beginning(Flowable):
    """Takes no room; where a sheet begins, which is an entry in the file's table of contents."""

    def __init__(self, name: str, template: Any) -> None:
        super().__init__()
        self.width = self.height = 0
        self.name = name
        self.template = template

    def draw(self) -> None:
        page = self.canv.getPageNumber()
        self.canv.bookmarkPage(f"page-{page}")
        self.canv.addOutlineEntry(self.name, f"page-{page}")
        self.template.begun = self.name, page
