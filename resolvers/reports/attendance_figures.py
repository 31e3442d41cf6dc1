"""Counting of expected sessions: days by outcome, and the percentage. Exact decimals, as text as clients get them.

The statements are planned afresh each time: planned for any days, the half days of a year are taken for a single one,
and each of them is compared with every mark of the class.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)

from models import Attendance, AttendanceSession, AttendanceStatus
from resolvers.reports.attendance_rules import AttendanceOutcome, AttendancePolicy
from resolvers.reports.attendance_sessions import Narrow, expected, marks
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import Subjects, of_rows

HALF: ColumnElement[Any] = literal_column("0.5", Numeric())


def exact(number: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """A decimal as clients get it."""
    return cast(func.trim_scale(number), Text).label(name)


def counts(source: Any, policy: AttendancePolicy) -> ColumnElement[bool]:
    """Whether a half day is one of those that the percentage is of."""
    found: dict[AttendancePolicy, ColumnElement[bool]] = {
        AttendancePolicy.TAKEN: source.c.taken,
        AttendancePolicy.MARKED: source.c.status.is_not(None),
        AttendancePolicy.EXPECTED: true(),
    }
    return found[policy]


def _days(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(and_(true(), *conditions)) * HALF


def present_value(source: Any, policy: AttendancePolicy) -> ColumnElement[Any]:
    """The sum of the present values of what counts, in days."""
    return func.coalesce(func.sum(source.c.present_value).filter(counts(source, policy)), 0) * HALF


def counted(source: Any, policy: AttendancePolicy) -> ColumnElement[Any]:
    return _days(counts(source, policy))


def figures(source: Any, policy: AttendancePolicy) -> list[ColumnElement[Any]]:
    """All figures of the half days of `source`: the six parts add up to `expected`."""
    unmarked = source.c.status.is_(None)
    present, total = present_value(source, policy), counted(source, policy)
    by_status = [exact(_days(source.c.status == each), each.value.lower()) for each in AttendanceStatus]
    return [
        exact(_days(), "expected"),
        *by_status,
        exact(_days(unmarked, source.c.taken), "unmarked"),
        exact(_days(unmarked, ~source.c.taken), "not_taken"),
        exact(total, "counted"),
        exact(present, "present_value"),
        exact(func.round(100 * present / func.nullif(total, 0), 2), "percentage"),
    ]


def _of_student(rows: Sequence[Any], values: Any) -> Sequence[int]:
    return (values["student"],)


@lru_cache(maxsize=128)
def summary(narrow: Narrow, policy: AttendancePolicy) -> Statement:
    """One row: the figures of all that is asked for, and the days marked that were not expected."""
    source = expected(narrow)
    marked = marks(narrow).subquery("m")
    length = case((marked.c.session == AttendanceSession.FULL, 1), else_=HALF)
    all_marked = select(func.coalesce(func.sum(length), 0)).scalar_subquery()
    unexpected = exact(all_marked - _days(source.c.status.is_not(None)), "unexpected")
    subjects: Subjects | None = _of_student if narrow.student else None
    return compiled(select(*figures(source, policy), unexpected), Attendance, subjects=subjects, afresh=True)


@lru_cache(maxsize=128)
def by_student(narrow: Narrow, policy: AttendancePolicy) -> Statement:
    """A row for each student of whom something was expected, by first name, last name and key."""
    source = expected(narrow)
    who = source.c.student_id, source.c.first_name, source.c.last_name
    rows = select(source.c.student_id, *figures(source, policy)).group_by(*who)
    rows = rows.order_by(source.c.first_name, source.c.last_name, source.c.student_id)
    return compiled(rows, Attendance, subjects=of_rows(rows, "student_id"), afresh=True)


def outcome(source: Any) -> ColumnElement[Any]:
    missing = case((source.c.taken, AttendanceOutcome.UNMARKED.value), else_=AttendanceOutcome.NOT_TAKEN.value)
    return func.coalesce(cast(source.c.status, Text), missing)


@lru_cache(maxsize=128)
def sessions(narrow: Narrow, policy: AttendancePolicy) -> Statement:
    """A row for each expected session, newest day first, then by first name; `first` rows at most.

    A whole day is one row where its halves have the same mark, and are both taken or both not.
    """
    rows = _sessions(narrow, policy)
    return compiled(rows, Attendance, subjects=of_rows(rows, "student_id"), afresh=True)


def _sessions(narrow: Narrow, policy: AttendancePolicy) -> Select[Any]:
    source = expected(narrow)
    apart = case((cast(source.c.meeting_sessions, Text) == "AM_PM", source.c.half), else_="")
    same = [source.c[name] for name in ("student_id", "course_id", "date", "taken", "first_name", "last_name")]
    same += [source.c[name] for name in ("mark_id", "status", "code", "reason", "minutes_late", "present_value")]
    session = case((func.count() == 2, "FULL"), else_=func.min(source.c.half)).label("session")
    value = case((counts(source, policy), func.coalesce(source.c.present_value, 0)), else_=0) * func.count() * HALF
    columns = [source.c[name] for name in ("student_id", "course_id", "date", "code", "reason", "minutes_late")]
    rows = select(
        *columns,
        session,
        outcome(source).label("outcome"),
        counts(source, policy).label("counted"),
        exact(func.count() * HALF, "days"),
        exact(value, "present_value"),
    ).group_by(*same, apart)
    order = source.c.date.desc(), source.c.first_name, source.c.last_name, source.c.student_id, source.c.course_id
    return rows.order_by(*order, session).limit(bindparam("first", type_=BigInteger()))
