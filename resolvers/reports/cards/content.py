"""What a report card says: all that is frozen when it is published, complete enough to be printed from it alone.

    school      name, code, address, phone, e-mail
    student     number, names, date of birth, gender
    course      name, section, grade level, school year, lead teacher
    semester    name, code, first and last day
    subjects    by name: coefficient, credits, average, letter, points, passed, rank, and how far the marks are there
    overall     average, letter, passed, rank and class size, completeness
    attendance  days by outcome within the semester up to the day of publication, and the percentage
    comments    those of the teachers, overall first, then by subject; that of the head last
    scale       bounds, pass mark, rounding and the letters with their lower bounds and points: the legend

Figures are those of `gradeReport` and `attendanceSummary`, never worked out again. Ranks are by the school's setting
REPORT_CARD_RANKS, and null where that is NONE. Averages, points and days are decimals as text without trailing zeros;
days and instants are ISO 8601 in JSON. Names are those of the day of publication. `published_at` is an instant in UTC,
`published_on` the school's day of it; both are null in what is not published yet.

As JSON the names are spelled in camel case. `checksum` is what anyone can work out again:

    1. take the content as JSON with the members of every object sorted by name, without white space between tokens,
       with every character but quote, backslash and control characters as it is: this is RFC 8785, which is simple
       here, since there are texts, whole numbers, true, false and null only (clients get it as `canonicalContent`);
    2. the SHA-256 of its UTF-8 bytes, in hexadecimal.

`form` counts the forms of the content: a reader of stored cards tells by it which fields there are.
"""

import datetime
import hashlib
import json
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

from resolvers.errors import spelled

FORM = 1
# What a publication says of itself, of which nothing is live.
OWN = ("form", "edition", "publishedAt", "publishedOn")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CardSchool:
    name: str
    code: str
    address: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class CardStudent:
    number: str
    first_name: str
    last_name: str
    full_name: str
    date_of_birth: datetime.date
    gender: str


@dataclass(frozen=True, slots=True)
class CardCourse:
    name: str
    section: str
    grade_level: str | None
    school_year: str
    lead_teacher: str | None


@dataclass(frozen=True, slots=True)
class CardSemester:
    name: str
    code: str
    start_date: datetime.date
    end_date: datetime.date


@dataclass(frozen=True, slots=True)
class CardSubject:
    """`completeness` is one of `resolvers.reports.standings.Completeness`; `mark_count` are the marks that count."""

    subject_id: int
    name: str
    code: str | None
    coefficient: str
    credits: str | None
    expected: bool
    completeness: str
    mark_count: int
    exempt: int
    missing: int
    average: str | None
    letter: str | None
    points: str | None
    passed: bool | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class CardOverall:
    """`member` is false of a student who left before the semester's last day, and so has no rank."""

    average: str | None
    letter: str | None
    passed: bool | None
    rank: int | None
    class_size: int
    ranked: int
    member: bool
    complete: bool
    expected: int
    marked: int
    mark_count: int
    missing: int


@dataclass(frozen=True, slots=True)
class CardAttendance:
    """In days, by the rule `policy`, from `since` to `to`, both included."""

    since: datetime.date
    to: datetime.date
    policy: str
    expected: str
    present: str
    late: str
    excused: str
    absent: str
    unmarked: str
    not_taken: str
    counted: str
    present_value: str
    percentage: str | None


@dataclass(frozen=True, slots=True)
class CardComment:
    """`kind` is TEACHER or HEAD; without a subject it is about all of them."""

    kind: str
    subject_id: int | None
    subject_name: str | None
    text: str
    author: str | None


@dataclass(frozen=True, slots=True)
class CardBand:
    letter: str
    lower_bound: str
    points: str | None


@dataclass(frozen=True, slots=True)
class CardScale:
    """`name` is null where the school's settings stand for a scale, and then there are no bands. Highest band first."""

    name: str | None
    min_score: str
    max_score: str
    pass_mark: str
    rounding_mode: str
    decimals: int
    bands: Sequence[CardBand]


@dataclass(frozen=True, slots=True)
class CardContent:
    form: int
    edition: int
    published_at: datetime.datetime | None
    published_on: datetime.date | None
    school: CardSchool
    student: CardStudent
    course: CardCourse
    semester: CardSemester
    subjects: Sequence[CardSubject]
    overall: CardOverall
    attendance: CardAttendance
    comments: Sequence[CardComment]
    scale: CardScale


def as_json(content: Any) -> Any:
    """A content, or a part of it, as JSON."""
    if is_dataclass(content):
        return {spelled(each.name): as_json(getattr(content, each.name)) for each in fields(content)}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [as_json(each) for each in content]
    return content.isoformat() if isinstance(content, datetime.date) else content


@lru_cache(maxsize=32)
def _kinds(kind: Any) -> Mapping[str, Any]:
    """The kind of each field; of one that may be null what it is otherwise."""
    hints = typing.get_type_hints(kind).items()
    return {name: next(iter(typing.get_args(each)), each) for name, each in hints}


def _read(kind: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(from_json(kind, each) for each in value)
    if isinstance(value, dict):
        return from_json(kind, value)
    return kind.fromisoformat(value) if isinstance(value, str) and kind is not str else value


def from_json(kind: Callable[..., T], given: Mapping[str, Any]) -> T:
    """The content, or a part of it, that JSON was made of; raises KeyError where it has another form."""
    return kind(**{name: _read(each, given[spelled(name)]) for name, each in _kinds(kind).items()})


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of a content as JSON: see above."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def checksum(content: Mapping[str, Any]) -> bytes:
    """SHA-256 of a content as JSON."""
    return hashlib.sha256(canonical(content).encode()).digest()


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a content as JSON says of the student, in hexadecimal: the same whenever it is published."""
    return checksum({name: value for name, value in content.items() if name not in OWN}).hex()
