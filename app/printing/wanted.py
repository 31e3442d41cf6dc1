"""Which report somebody wants, and as what: known without what makes one, so that a command line starts quickly."""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    CARD = "card"
    CLASS = "class"
    ATTENDANCE = "attendance"


class Format(StrEnum):
    PDF = "pdf"
    HTML = "html"
    CSV = "csv"


@dataclass(frozen=True)
class Wanted:
    """Which report of what: ids as clients have them. Without a `language` it is in the school's own.

    `edition`: of the student's card what was handed out as that edition, also where it does not hold any more.
    """

    kind: Kind
    course: str
    semester: str | None = None
    student: str | None = None
    since: datetime.date | None = None
    to: datetime.date | None = None
    language: str | None = None
    edition: int | None = None
