"""The academic sessions of a package as school years and their parts.

A session's year is the session of type schoolYear among its parents. Where a package has none, which 1.1 allows,
sessions of one `schoolYear` make up a year.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.importing.diagnostics import Findings, error

FILE = "academicSessions.csv"
CODE_LENGTH = 100


@dataclass(frozen=True)
class Session:
    line: int
    source: str
    title: str
    type: str
    start: datetime.date
    end: datetime.date
    parent: str | None
    school_year: int | None


@dataclass(frozen=True)
class Year:
    """`key` is what its parts name it by; `source` its sourcedId, None where it was made up from its parts."""

    key: str
    source: str | None
    code: str
    start: datetime.date
    end: datetime.date
    line: int


@dataclass(frozen=True)
class Period:
    """A part of a year. `year` is the key of one in the package, or a sourcedId known from an earlier import."""

    source: str
    year: str
    name: str
    code: str
    type: str
    start: datetime.date
    end: datetime.date
    line: int


@dataclass
class Sessions:
    """`numbered` are the keys of the years by the calendar year in which they end, where the package says that."""

    years: dict[str, Year] = field(default_factory=dict)
    numbered: dict[int, str] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)

    def year_of(self) -> dict[str, str]:
        """The key of the year of each session of the package, by sourcedId."""
        own = {year.source: year.key for year in self.years.values() if year.source}
        return own | {period.source: period.year for period in self.periods}


def year_code(title: str, start: datetime.date, end: datetime.date) -> str:
    """`2025-2026`: the title where it is written so, else from the dates."""
    if re.fullmatch(r"\d{4}(-\d{4})?", title):
        return title
    return str(start.year) if start.year == end.year else f"{start.year}-{end.year}"


def period_code(source: str) -> str:
    """The sourcedId, which alone is unique over the years; a long one is shortened and stays unique."""
    if len(source) <= CODE_LENGTH:
        return source
    return f"{source[:67]}-{hashlib.sha256(source.encode()).hexdigest()[:32]}"


def _refuse(findings: Findings, session: Session, code: str, reason: str, column: str, value: object) -> None:
    findings.add(error(code, reason, FILE, session.line, column=column, value=None if value is None else str(value)))


def _root(session: Session, sessions: Mapping[str, Session]) -> str | None:
    """The sourcedId of the year above a session, which may be outside the package; None where there is none."""
    seen, at = {session.source}, session
    while at.type != "SCHOOL_YEAR":
        if at.parent is None or at.parent in seen:
            return None
        if at.parent not in sessions:
            return at.parent
        seen.add(at.parent)
        at = sessions[at.parent]
    return at.source


def _cyclic(session: Session, sessions: Mapping[str, Session]) -> bool:
    seen: set[str] = set()
    parent = session.parent
    while parent is not None and parent in sessions and parent not in seen:
        if parent == session.source:
            return True
        seen.add(parent)
        parent = sessions[parent].parent
    return False


def _usable(session: Session, sessions: Mapping[str, Session], findings: Findings) -> bool:
    if session.end < session.start or (session.type == "SCHOOL_YEAR" and session.end == session.start):
        _refuse(findings, session, "ends_before_begin", "ends before it begins", "endDate", session.end)
        return False
    if _cyclic(session, sessions):
        reason = "the parents of this session lead back to itself"
        _refuse(findings, session, "cycle", reason, "parentSourcedId", session.parent)
        return False
    return True


def _add_period(found: Sessions, session: Session, year: str) -> None:
    code = period_code(session.source)
    found.periods.append(
        Period(session.source, year, session.title, code, session.type, session.start, session.end, session.line)
    )


def _add_years(found: Sessions, sessions: Iterable[Session]) -> None:
    for session in sessions:
        if session.type == "SCHOOL_YEAR":
            code = year_code(session.title, session.start, session.end)
            year = Year(session.source, session.source, code, session.start, session.end, session.line)
            found.years[session.source] = year
            if session.school_year is not None:
                found.numbered.setdefault(session.school_year, session.source)


def _numbered_year(found: Sessions, session: Session) -> str | None:
    """The year of the session's `schoolYear`, the calendar year in which it ends; made up from its parts if need be."""
    number = session.school_year
    if number is None or number in found.numbered:
        return None if number is None else found.numbered[number]
    key = f"schoolYear {number}"
    year = found.years.get(key) or Year(key, None, f"{number - 1}-{number}", session.start, session.end, session.line)
    found.years[key] = replace(year, start=min(year.start, session.start), end=max(year.end, session.end))
    return key


def _check_inside(found: Sessions, by_source: Mapping[str, Session], findings: Findings) -> None:
    for period in found.periods:
        year = found.years.get(period.year)
        if year is not None and not year.start <= period.start <= period.end <= year.end:
            column = "startDate" if period.start < year.start else "endDate"
            value = period.start if column == "startDate" else period.end
            reason = f"is outside its school year, {year.start} to {year.end}"
            _refuse(findings, by_source[period.source], "outside_year", reason, column, value)


def read_sessions(sessions: Iterable[Session], findings: Findings) -> Sessions:
    by_source = {session.source: session for session in sessions}
    usable = [session for session in by_source.values() if _usable(session, by_source, findings)]
    found = Sessions()
    _add_years(found, usable)
    for session in usable:
        if session.type == "SCHOOL_YEAR":
            continue
        year = _root(session, by_source) or _numbered_year(found, session)
        if year is not None:
            _add_period(found, session, year)
        elif session.parent is None:
            reason = "belongs to no school year: neither a parent of that type nor a schoolYear is given"
            _refuse(findings, session, "no_school_year", reason, "parentSourcedId", session.parent)
    _check_inside(found, by_source, findings)
    return found
