"""The reports that can be printed, and the formats: what somebody wants → a document → a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.printing import attendance_sheet, cards, overview
from app.printing.asking import Asker
from app.printing.csv_file import write_csv
from app.printing.html import write_html
from app.printing.logo import fetched, scaled
from app.printing.parts import Document, Picture
from app.printing.pdf import Advance, write_pdf
from app.printing.wanted import Format, Kind, Wanted
from app.printing.words import languages
from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.files.changes import store_of

T = TypeVar("T")


MEDIA_TYPES: Mapping[Format, str] = {
    Format.PDF: "application/pdf",
    Format.HTML: "text/html; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
}
_WRITERS: Mapping[Format, Callable[[Document, Advance, Picture | None], bytes]] = {
    Format.PDF: write_pdf,
    Format.HTML: write_html,
    Format.CSV: lambda document, advance, logo: write_csv(document),
}
PURPOSES = {
    Kind.CARD: cards.PURPOSE,
    Kind.CLASS: overview.PURPOSE,
    Kind.ATTENDANCE: attendance_sheet.PURPOSE,
}


@dataclass(frozen=True)
class Printed:
    content: bytes
    media_type: str
    name: str


async def compose(context: Context, wanted: Wanted) -> Document:
    """As the context's viewer sees it. Raises NotFound, and Invalid where something is missing or does not fit."""
    if wanted.language is not None and wanted.language not in languages():
        known = ", ".join(languages())
        raise Invalid(f"language: {wanted.language!r} is not one of {known}", field="language")
    ask = Asker(context, PURPOSES[wanted.kind])
    if wanted.kind is Kind.ATTENDANCE:
        since, to = _given(wanted.since, "from"), _given(wanted.to, "to")
        return await attendance_sheet.attendance_sheet(ask, wanted.course, since, to, language=wanted.language)
    semester = _given(wanted.semester, "semester")
    if wanted.kind is Kind.CLASS:
        return await overview.class_overview(ask, wanted.course, semester, language=wanted.language)
    if wanted.edition is not None:
        _given(wanted.student, "student")
    of = wanted.course, semester
    return await cards.report_cards(ask, *of, student=wanted.student, edition=wanted.edition, language=wanted.language)


async def logo_for(document: Document, format_: Format, context: Context) -> bytes | None:
    """The logo's file, where there is one and the format shows it. The context may be closed: its store is asked."""
    if document.logo is None or format_ is Format.CSV:
        return None
    return await fetched(store_of(context), document.logo)


def write(document: Document, format_: Format, advance: Advance, *, logo: bytes | None = None) -> Printed:
    """Takes a while, and touches neither database nor network. `advance` is told of each sheet that is done.

    It is called with 0 before each sheet too: whatever it raises ends the work there.
    """
    picture = None if logo is None else scaled(logo)
    content = _WRITERS[format_](document, advance, picture)
    return Printed(content, MEDIA_TYPES[format_], f"{document.name}.{format_.value}")


def _given(value: T | None, name: str) -> T:
    if value is None:
        raise Invalid(f"{name}: is missing", field=name)
    return value
