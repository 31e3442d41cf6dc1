"""What is known before marks are given in a course, read by one statement and kept until the transaction ends."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from models import Assessment, Base, Course, CourseSubject, Semester, Subject
from resolvers.academics.grade_entry import check_open
from resolvers.academics.roster import marker, today
from resolvers.academics.score_bounds import Bounds, scale_sql
from resolvers.constraints import Rule
from resolvers.errors import Checks, Invalid, NotFound
from resolvers.unit_of_work import Change

OTHER_YEAR = Rule(Invalid, "semester", "is of another school year than the course")


@dataclass(frozen=True)
class Asked:
    """What the call says the marks are of; None: it leaves that away."""

    semester: int | None
    subject: int | None
    assessment: int | None
    date: datetime.date | None


@dataclass(frozen=True)
class Ledger:
    """What marks are of, as columns of each; and what they must keep to. `day_given`: the call itself says the day."""

    subject_id: int
    semester_id: int | None
    assessment_id: int | None
    date: datetime.date
    bounds: Bounds
    marker: int | None
    day_given: bool

    @property
    def columns(self) -> dict[str, Any]:
        names = ("subject_id", "semester_id", "assessment_id", "date")
        return {name: getattr(self, name) for name in names}


async def ledger_of(change: Change, course: Course, asked: Asked) -> Ledger:
    """What marks of the course are of. Raises NotFound, Invalid, and Conflict where they cannot be entered now."""
    row = (await change.session.execute(_statement(change, course, asked))).one()
    checks = Checks()
    _check_found(row, asked, checks)
    checks.done()
    subject = asked.subject or row.assessed_subject or course.subject_id
    if subject is None:
        raise Invalid("subject: must be given, since neither assessment nor course has one", field="subject")
    _check_fit(row, subject, course, checks)
    date = asked.date or row.assessment_date or today(change)
    if date > today(change):
        checks.errors.append(Invalid(f"date: {date} is in the future, today is {today(change)}", field="date"))
    if row.semester is not None:
        with checks:
            await check_open(change, row.semester, course.id, field="semester")
    checks.done()
    bounds = Bounds(_either(row.own_lowest, row.lowest), _either(row.own_highest, row.highest))
    part = row.semester.id if row.semester else None
    return Ledger(subject, part, asked.assessment, date, bounds, row.marker, asked.date is not None)


def _either(own: Any, scale: Any) -> Any:
    return scale if own is None else own


def _check_found(row: Any, asked: Asked, checks: Checks) -> None:
    for field, there in (("semester", row.semester), ("subject", row.subject), ("assessment", row.assessment)):
        if getattr(asked, field) is not None and there is None:
            checks.errors.append(NotFound(f"{field}: there is no {field.title()} with this id", field=field))


def _check_fit(row: Any, subject: int, course: Course, checks: Checks) -> None:
    """That subject and semester are those of the assessment, and that the course teaches the subject in its year."""
    if row.assessed_subject not in (None, subject):
        checks.errors.append(Invalid("subject: is not the subject of the assessment", field="subject"))
    elif not row.taught:
        checks.errors.append(Invalid("subject: is not taught in the course", field="subject"))
    if row.assessed_semester is not None and row.assessed_semester != row.semester.id:
        checks.errors.append(Invalid("semester: is not the semester of the assessment", field="semester"))
    elif row.semester is not None and row.semester.school_year_id != course.school_year_id:
        checks.errors.append(OTHER_YEAR.error())


def _kept(change: Change, model: Any, key: Any, name: str, *columns: Any, only: Any = True) -> CTE:
    """A row that stays as it is, or none."""
    found = select(*columns).where(model.institution_id == change.institution_id, model.id == key, only)
    return found.with_for_update(read=True).cte(name)


def _part_of(change: Change, date: Any) -> ColumnElement[Any]:
    """SQL of the part of the year that a day is in; of those that overlap the shortest counts."""
    found = select(Semester.id).where(
        Semester.institution_id == change.institution_id, Semester.start_date <= date, Semester.end_date >= date
    )
    order = Semester.end_date - Semester.start_date, Semester.sequence, Semester.id
    return found.order_by(*order).limit(1).scalar_subquery()


def _own(change: Change, model: type[Base], key: int | None) -> Any:
    wanted: Any = model
    found = select(wanted.id).where(wanted.institution_id == change.institution_id, wanted.id == key)
    return null() if key is None else found.scalar_subquery()


def _statement(change: Change, course: Course, asked: Asked) -> Select[Any]:
    columns = (Assessment.id, Assessment.subject_id, Assessment.semester_id, Assessment.date)
    bounds = (Assessment.min_score, Assessment.max_score)
    work = _kept(
        change, Assessment, asked.assessment, "work", *columns, *bounds, only=Assessment.course_id == course.id
    )
    day = asked.date or func.coalesce(select(work.c.date).scalar_subquery(), today(change))
    part_of = asked.semester or func.coalesce(select(work.c.semester_id).scalar_subquery(), _part_of(change, day))
    part = _kept(change, Semester, part_of, "part", Semester)
    lowest, highest = scale_sql(change, course.grading_scale_id)
    subject = func.coalesce(asked.subject, work.c.subject_id, course.subject_id)
    one = select(literal(1).label("one")).cte("one")
    return select(
        aliased(Semester, part, name="semester"),
        _own(change, Subject, asked.subject).label("subject"),
        work.c.id.label("assessment"),
        work.c.subject_id.label("assessed_subject"),
        work.c.semester_id.label("assessed_semester"),
        work.c.date.label("assessment_date"),
        work.c.min_score.label("own_lowest"),
        work.c.max_score.label("own_highest"),
        lowest.label("lowest"),
        highest.label("highest"),
        taught(change, course, subject).label("taught"),
        marker(change).label("marker"),
    ).select_from(one.outerjoin(work, literal(True)).outerjoin(part, literal(True)))


def taught(change: Change, course: Course, subject: Any) -> ColumnElement[bool]:
    """SQL of whether a course teaches a subject; one of which nothing is said teaches whatever it is asked."""
    listed = (CourseSubject.institution_id == change.institution_id, CourseSubject.course_id == course.id)
    said = exists().where(*listed)
    nothing_said = ~said if course.subject_id is None else literal(False)
    return or_(
        exists().where(*listed, CourseSubject.subject_id == subject),
        literal(course.subject_id, BigInteger) == subject,
        nothing_said,
    )
