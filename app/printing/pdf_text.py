"""Texts in PDF: the few styles that reports have, and paragraphs in them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from app.printing import fonts
from app.printing.parts import Align

INK, MUTED, RULE = HexColor(0x1F2933), HexColor(0x52606D), HexColor(0x9AA5B1)
SHADE, FAILED = HexColor(0xF2F4F7), HexColor(0xA61B1B)
SMALL, NORMAL, LARGE, HUGE = 7.0, 9.0, 13.0, 17.0

_ALIGN: Mapping[Align, Literal[0, 1, 2]] = {Align.LEFT: 0, Align.CENTER: 1, Align.RIGHT: 2}


@lru_cache(maxsize=100)
def _style(size: float, align: Align, bold: bool, muted: bool, shaped: bool) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}-{align}-{bold}-{muted}-{shaped}",
        fontName=fonts.BOLD if bold else fonts.PLAIN,
        fontSize=size,
        leading=size * 1.25,
        alignment=_ALIGN[align],
        textColor=MUTED if muted else INK,
        # Without it a text is set letter by letter, which is quicker and all that most scripts need.
        shaping=shaped,
        # A word that is wider than its column is broken and never runs into the next one.
        splitLongWords=1,
    )


def paragraph(
    text: str, size: float = NORMAL, *, align: Align = Align.LEFT, bold: bool = False, muted: bool = False
) -> Paragraph:
    style = _style(size, align, bold, muted, fonts.in_devanagari(text))
    return Paragraph(fonts.marked_up(text, bold=bold), style)


def failed(text: str, size: float, align: Align) -> Paragraph:
    """Stands out in colour and without."""
    marked = f'<u><font color="#{FAILED.hexval()[2:]}">{fonts.marked_up(text, bold=True)}</font></u>'
    return Paragraph(marked, _style(size, align, True, False, False))
