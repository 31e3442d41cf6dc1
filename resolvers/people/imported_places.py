"""Belonging to the school and to a class, in the rows of an imported file: by the codes of year and grade level.

A row that names any of it makes a school enrolment, by the rules of `createStudent`; a section also enrols the student
in the class of that grade level and section: its homeroom, or else its course that is of no one subject.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import Course, Enrollment, EntryType, GradeLevel, SchoolEnrollment, SchoolYear
from resolvers.academics.rollover_sql import CLASSES, rows_of
from resolvers.errors import Checks, Invalid, shown
from resolvers.unit_of_work import Change

COLUMNS = ("school_year", "grade_level", "section", "entry_date", "entry_type")


@dataclass(frozen=True)
class Place:
    """The columns of a school enrolment, and the class, of which all but the student is known."""

    span: Mapping[str, Any]
    course: int | None


@dataclass(frozen=True)
class Structure:
    """The school's years and grade levels by code, and its classes by year, level and section."""

    years: Mapping[str, Any]
    levels: Mapping[str, int]
    classes: Mapping[tuple[int, int, str], int]


async def structure_of(change: Change, asked: Sequence[Mapping[str, Any]]) -> Structure:
    """What the rows name; it stays as it is until the transaction ends."""
    named = [each for each in asked if each]
    if not named:
        return Structure({}, {}, {})
    codes = {each.get("school_year") for each in named}
    among = SchoolYear.code.in_(codes - {None})
    found = select(SchoolYear).where(SchoolYear.current | among if None in codes else among)
    years = {row.code: row for row in await _held(change, SchoolYear, found)}
    level = select(GradeLevel).where(GradeLevel.code.in_({each.get("grade_level") for each in named} - {None}))
    levels = {row.code: row.id for row in await _held(change, GradeLevel, level)}
    classes: dict[tuple[int, int, str], int] = {}
    if any("section" in each for each in named):
        for year in years.values():
            for row in await rows_of(change, CLASSES, to=year.id):
                classes[year.id, row["grade_level_id"], row["section"]] = row["id"]
        # One may have been retired since.
        used = select(Course).where(Course.id.in_(classes.values()))
        held = {row.id for row in await _held(change, Course, used) if row.deleted_at is None}
        classes = {place: key for place, key in classes.items() if key in held}
    return Structure(years, levels, classes)


async def _held(change: Change, model: Any, statement: Any) -> Sequence[Any]:
    statement = statement.where(model.institution_id == change.institution_id).order_by(model.id)
    return (await change.session.scalars(statement.with_for_update(read=True))).all()


def place_of(asked: Mapping[str, Any], registered: datetime.date, structure: Structure, checks: Checks) -> Place | None:
    """Where a row puts its student, who is registered on that day."""
    if not asked:
        return None
    place = None
    with checks:
        year = _year(asked.get("school_year"), structure)
        level = _level(asked.get("grade_level"), structure)
        day = asked.get("entry_date") or max(registered, year.start_date)
        if not year.start_date <= day <= year.end_date:
            words = f"is not in the school year {year.code}, from {year.start_date} to {year.end_date}"
            raise Invalid(f"entryDate: {day} {words}", field="entryDate")
        kind = asked.get("entry_type", EntryType.NEW)
        span = {"school_year_id": year.id, "grade_level_id": level, "entry_date": day, "entry_type": kind}
        place = Place(span, _class(asked.get("section"), year, level, structure))
    return place


def _year(code: str | None, structure: Structure) -> Any:
    if code is None:
        current = [year for year in structure.years.values() if year.current]
        if not current:
            raise Invalid("schoolYear: must be given: no school year is the current one", field="schoolYear")
        return current[0]
    if code not in structure.years:
        raise Invalid(f"schoolYear: {shown(code)} is the code of no school year", field="schoolYear")
    return structure.years[code]


def _level(code: str | None, structure: Structure) -> int | None:
    if code is None:
        return None
    if code not in structure.levels:
        raise Invalid(f"gradeLevel: {shown(code)} is the code of no grade level", field="gradeLevel")
    return structure.levels[code]


def _class(section: str | None, year: Any, level: int | None, structure: Structure) -> int | None:
    if section is None:
        return None
    if level is None:
        raise Invalid("gradeLevel: must be given with a section", field="gradeLevel")
    found = structure.classes.get((year.id, level, section))
    if found is None:
        raise Invalid(f"section: {shown(section)} has no class of the grade level in {year.code}", field="section")
    return found


async def write_places(change: Change, places: Sequence[tuple[int, Place | None]]) -> tuple[list[int], list[int]]:
    """Have students, by key, belong to the school and to their classes; gives the keys of both."""
    put = [(key, place) for key, place in places if place is not None]
    spans = [{"student_id": key, **place.span} for key, place in put]
    enrollments = [
        {"student_id": key, "course_id": place.course, "begin_date": place.span["entry_date"]}
        for key, place in put
        if place.course is not None
    ]
    return await change.insert_rows(SchoolEnrollment, spans), await change.insert_rows(Enrollment, enrollments)
