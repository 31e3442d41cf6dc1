"""Reads exported files back: cells into the forms of the API, and a workbook without the library that wrote it."""

import datetime
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from app.tables.forms import harmless

KOLKATA = ZoneInfo("Asia/Kolkata")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# The day before the first one, as spreadsheets count them, whose 1900 was a leap year.
ORIGIN = datetime.datetime(1899, 12, 30)


def bare(text: str) -> str:
    """A text without the apostrophe that keeps it from being taken for a formula."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) != text[1:] else text


def api_form(kind: str, text: str) -> Any:
    """What the API says where a cell of a school with the usual settings says `text`; instants by the second."""
    if text == "":
        return None
    if kind == "Date":
        return datetime.datetime.strptime(text, "%d-%m-%Y").date().isoformat()
    if kind == "DateTime":
        at = datetime.datetime.strptime(text, "%d-%m-%Y %H:%M:%S").replace(tzinfo=KOLKATA)
        return at.astimezone(datetime.UTC).isoformat()
    if kind == "Boolean":
        return {"yes": True, "no": False}[text]
    if kind == "Int":
        return int(text)
    return text if kind == "Decimal" else bare(text)


def sheet_of(content: bytes) -> list[list[Any]]:
    """Rows of the one sheet: texts, numbers and booleans; None where there is no cell. A formula is an error."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(root.iter(f"{SHEET}f"))
    return [_row(row) for row in root.iter(f"{SHEET}row")]


def _row(row: ElementTree.Element) -> list[Any]:
    cells: list[Any] = []
    for cell in row.iter(f"{SHEET}c"):
        place = _place(cell.attrib["r"])
        cells += [None] * (place + 1 - len(cells))
        cells[place] = _value(cell)
    return cells


def _place(reference: str) -> int:
    letters = re.sub(r"\d", "", reference)
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _value(cell: ElementTree.Element) -> Any:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{SHEET}t"))
    found = cell.find(f"{SHEET}v")
    if found is None or found.text is None:
        return None
    return found.text == "1" if cell.attrib.get("t") == "b" else float(found.text)


def day_of(number: float) -> datetime.date:
    return (ORIGIN + datetime.timedelta(days=number)).date()
