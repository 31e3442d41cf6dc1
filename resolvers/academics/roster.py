"""Who is in a course on a day, for whoever marks them: both stay so until the transaction ends."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, func, or_, select

from models import Course, Enrollment, EnrollmentStatus, Student, User
from resolvers.access import scope
from resolvers.errors import Checks, DomainError, Invalid, NotFound
from resolvers.unit_of_work import Change, in_use
from resolvers.writing.bulk import Outcome, refuse

_KEYS = bindparam("keys", type_=ARRAY(BigInteger))


async def hold_course(change: Change, key: int, *, field: str = "course") -> Course:
    """The course, locked: whoever else marks in it waits. Raises NotFound where the viewer does not see it."""
    return in_use(await change.one(Course, key, field=field), field=field)


def today(change: Change) -> datetime.date:
    """The day it is in the school's time zone."""
    view = change.unit.view
    found: datetime.date = view.known["today"] if view else change.author.at.date()
    return found


def _statement(change: Change, course: int, date: datetime.date) -> Select[Any]:
    """The students among the keys whom the viewer sees, with the status of the enrolment on the day; ends count."""
    spans = (
        select(Enrollment.student_id, Enrollment.status)
        .where(
            Enrollment.institution_id == change.institution_id,
            Enrollment.course_id == course,
            Enrollment.student_id == func.any(_KEYS),
            Enrollment.begin_date <= date,
            or_(Enrollment.end_date.is_(None), Enrollment.end_date >= date),
        )
        .with_for_update(read=True)
        .cte("spans")
    )
    found = select(Student.id, Student.deleted_at, spans.c.status)
    found = found.outerjoin(spans, spans.c.student_id == Student.id)
    found = found.where(Student.institution_id == change.institution_id, Student.id == func.any(_KEYS))
    view = change.unit.view
    return found if view is None else found.where(scope(Student, Student, view.roles))


async def barred(
    change: Change, course: int, date: datetime.date, students: Sequence[int]
) -> Mapping[int, DomainError]:
    """Why students cannot be marked in the course on the day; those who can are not in it."""
    known = change.unit.view.known if change.unit.view else {}
    rows = (await change.session.execute(_statement(change, course, date), {**known, "keys": list(students)})).all()
    found: dict[int, DomainError] = {
        key: NotFound("student: there is no Student with this id", field="student") for key in students
    }
    for row in rows:
        del found[row.id]
        if row.deleted_at is not None:
            found[row.id] = Invalid("student: the Student has been retired: bring it back first", field="student")
        elif row.status is None:
            found[row.id] = Invalid(f"student: is not enrolled in the course on {date}", field="student")
        elif row.status is EnrollmentStatus.PENDING:
            said = "student: the enrolment in the course is PENDING: set it to ACTIVE first"
            found[row.id] = Invalid(said, field="student")
    return found


async def admit_rows(change: Change, course: int, date: datetime.date, rows: Sequence[Outcome]) -> None:
    """Refuse the rows of students who cannot be marked."""
    wrong = await barred(change, course, date, sorted({row.student for row in rows if not row.errors}))
    for row in rows:
        if not row.errors and row.student in wrong:
            refuse(row, wrong[row.student])


async def check_enrolled(change: Change, checks: Checks, mark: Any) -> None:
    """That the student of a mark is still enrolled on its day."""
    checks.errors += (await barred(change, mark.course_id, mark.date, [mark.student_id])).values()


def marker(change: Change) -> Any:
    """SQL of the key of the user who marks; null for a program, and for a user of another institution."""
    mine = select(User.id).where(User.institution_id == change.institution_id, User.id == change.author.user_id)
    return mine.scalar_subquery()
