"""A document's figures as a CSV file that spreadsheets open as it is."""

import csv
import io

from app.printing.parts import Document
from app.tables.forms import harmless


def write_csv(document: Document) -> bytes:
    """UTF-8 with its mark at the beginning; fields are parted by `;` where numbers have a decimal comma."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if document.decimal_mark == "," else ",")
    writer.writerow([harmless(name) for name in document.records.columns])
    writer.writerows([harmless(text) for text in row] for row in document.records.rows)
    return out.getvalue().encode("utf-8-sig")
