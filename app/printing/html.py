"""A document as HTML: one file that needs nothing else, with charts as SVG, and A4 pages when it is printed."""

import base64
import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from reportlab.graphics import renderSVG

from app.printing import parts
from app.printing.charts import drawing
from app.printing.pdf import Advance

STYLE = Path(__file__).with_name("report.css")
# The room for it, in millimetres.
LOGO = 27, 18
CHART_WIDTH = {False: 500.0, True: 750.0}
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)


def write_html(document: parts.Document, advance: Advance, logo: parts.Picture | None = None) -> bytes:
    """`advance` is told of each sheet that is done."""
    pieces = [_head(document), _defined(logo) if logo else ""]
    for sheet in document.sheets:
        advance(0)
        pieces.append(_sheet(document, sheet, logo))
        advance(1)
    pieces.append("</body></html>\n")
    return "".join(pieces).encode()


def _head(document: parts.Document) -> str:
    size = "A4 landscape" if document.landscape else "A4"
    style = STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(document.title)}</title><style>@page {{ size: {size}; }}\n{style}</style></head>"
        f'<body class="{"wide" if document.landscape else "tall"}">'
    )


def _defined(logo: parts.Picture) -> str:
    """The logo as each sheet refers to it: the file has it once."""
    data = f"data:{logo.media_type};base64,{base64.b64encode(logo.content).decode()}"
    image = f'<image id="logo" width="{logo.width}" height="{logo.height}" href="{data}"/>'
    return f'<svg class="defined" width="0" height="0" aria-hidden="true"><defs>{image}</defs></svg>'


def _sheet(document: parts.Document, sheet: parts.Sheet, logo: parts.Picture | None) -> str:
    blocks = "".join(_block(block, document) for block in sheet.blocks)
    return (
        f"<section>{_letterhead(sheet.school or document.school, logo)}"
        f"<header><h1>{escape(sheet.title)}</h1><p>{escape(sheet.subtitle)}</p></header>"
        f"{blocks}<footer>{escape(document.printed)}</footer></section>"
    )


def _letterhead(school: parts.School, logo: parts.Picture | None) -> str:
    picture = ""
    if logo:
        width, height = logo.within(*LOGO)
        size = f'width="{width:.2f}mm" height="{height:.2f}mm" viewBox="0 0 {logo.width} {logo.height}"'
        picture = f'<svg class="logo" {size} aria-hidden="true"><use href="#logo"/></svg>'
    lines = "".join(f"<p>{escape(line)}</p>" for line in school.lines)
    return f'<div class="school">{picture}<div><strong>{escape(school.name)}</strong>{lines}</div></div>'


def _block(block: parts.Block, document: parts.Document) -> str:
    if isinstance(block, parts.Chart):
        return _chart(block, document)
    return _BLOCKS[type(block)](block)


def _chart(block: parts.Chart, document: parts.Document) -> str:
    """The picture, named by its title and told in figures to whoever cannot see it."""
    found = renderSVG.drawToString(drawing(block, CHART_WIDTH[document.landscape], document.decimal_mark))
    picture = _PROLOGUE.sub("", found)
    told = "; ".join(
        f"{series.name}: "
        + ", ".join(f"{name} {value:g}" for name, value in zip(block.categories, series.values, strict=True) if value)
        for series in block.series
    )
    label = escape(f"{block.title}. {told}")
    return f'<figure role="img" aria-label="{label}"><figcaption>{escape(block.title)}</figcaption>{picture}</figure>'


def _table(block: parts.Table) -> str:
    title = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    heads = "".join(_column(column) for column in block.columns)
    rows = "".join(_row(row, block.columns) for row in block.rows)
    feet = "".join(_row(row, block.columns) for row in block.feet)
    kind = ' class="dense"' if len(block.columns) > 8 else ""
    foot = f"<tfoot>{feet}</tfoot>" if feet else ""
    return f"<table{kind}>{title}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>{foot}</table>"


def _column(column: parts.Column) -> str:
    width = f' style="width:{column.width:g}mm"' if column.width else ""
    title = f"<span>{escape(column.title)}</span>" if column.turned else escape(column.title)
    kind = f"{column.align.value} turned" if column.turned else column.align.value
    return f'<th scope="col" class="{kind}"{width}>{title}</th>'


def _row(row: Sequence[parts.Content], columns: Sequence[parts.Column]) -> str:
    cells = (_cell(content, column) for content, column in zip(row, columns, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _cell(content: parts.Content, column: parts.Column) -> str:
    tone, text = "", ""
    if isinstance(content, parts.Gauge):
        text = _gauge(content)
    elif isinstance(content, parts.Cell):
        tone, text = f" {content.tone.value}", escape(content.text)
    else:
        text = escape(content)
    return f'<td class="{column.align.value}{tone}">{text}</td>'


def _gauge(of: parts.Gauge) -> str:
    value = "" if of.value is None else f'<rect class="value" width="{100 * min(max(of.value, 0), 1):.2f}" height="8"/>'
    at = None if of.mark is None else f"{100 * of.mark:.2f}"
    mark = "" if at is None else f'<line x1="{at}" x2="{at}" y1="-1" y2="9"/>'
    return (
        '<svg class="gauge" viewBox="0 -1 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="8"/>{value}{mark}</svg>'
    )


def _pairs(kind: str) -> Callable[[parts.Facts | parts.Figures], str]:
    def write(block: parts.Facts | parts.Figures) -> str:
        pairs = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in block.pairs)
        return f'<dl class="{kind}">{pairs}</dl>'

    return write


def _remark(block: parts.Remark) -> str:
    return f"<blockquote><cite>{escape(block.by)}</cite><p>{escape(block.text)}</p></blockquote>"


def _notes(block: parts.Notes) -> str:
    return "".join(f'<p class="note">{escape(line)}</p>' for line in block.lines)


def _signatures(block: parts.Signatures) -> str:
    return f'<div class="signatures">{"".join(f"<span>{escape(name)}</span>" for name in block.names)}</div>'


_BLOCKS: dict[type[Any], Callable[[Any], str]] = {
    parts.Table: _table,
    parts.Facts: _pairs("facts"),
    parts.Figures: _pairs("figures"),
    parts.Remark: _remark,
    parts.Notes: _notes,
    parts.Signatures: _signatures,
}
