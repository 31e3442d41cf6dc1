"""Who teaches a course: at most three, each in a position of their own, one of them as lead."""

from typing import Any

from sqlalchemy import select

from models import Course, CourseTeacher, Role, TeacherRole, UserRole
from resolvers.constraints import Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid
from resolvers.unit_of_work import Change, in_use
from resolvers.writing.records import Records, changes

POSITIONS = range(1, 4)
NO_POSITION = Rule(Invalid, "position", "is not between 1 and 3")
POSITION_TAKEN = Rule(Conflict, "position", "is another teacher's of the course already")
ASSIGNED = Rule(Conflict, "user", "teaches the course already")
LED_ALREADY = Rule(Conflict, "role", "is another teacher's of the course already")
FULL = Rule(Conflict, "course", "it has three teachers already")
NO_TEACHER = Rule(Invalid, "user", "does not hold the role TEACHER, today or later")

keep(
    {
        "uq_course_teacher_institution_id_course_id_user_id": ASSIGNED,
        "uq_course_teacher_institution_id_course_id_position": POSITION_TAKEN,
        "ck_course_teacher_position_range": NO_POSITION,
    }
)


async def _others(change: Change, row: CourseTeacher) -> list[CourseTeacher]:
    others = select(CourseTeacher).where(
        CourseTeacher.institution_id == change.institution_id,
        CourseTeacher.course_id == row.course_id,
    )
    return [other for other in await change.session.scalars(others) if other.id != row.id]


async def _teaches(change: Change, user_id: int) -> bool:
    """Whether a user holds the role TEACHER today, or will."""
    held = select(UserRole.end_date).where(
        UserRole.institution_id == change.institution_id, UserRole.user_id == user_id, UserRole.role == Role.TEACHER
    )
    return any(end is None or end >= change.today for end in await change.session.scalars(held))


async def _rules(change: Change, row: CourseTeacher, checks: Checks) -> None:
    others = await _others(change, row)
    if any(other.user_id == row.user_id for other in others):
        checks.errors.append(ASSIGNED.error())
    elif len(others) >= len(POSITIONS):
        checks.errors.append(FULL.error())
    elif any(other.position == row.position for other in others):
        checks.errors.append(POSITION_TAKEN.error(row.position))
    if row.position not in POSITIONS:
        checks.errors.append(NO_POSITION.error(row.position))
    if row.role is TeacherRole.LEAD and any(other.role is TeacherRole.LEAD for other in others):
        checks.errors.append(LED_ALREADY.error(row.role))
    if changes(row, "user_id") and not await _teaches(change, row.user_id):
        checks.errors.append(NO_TEACHER.error())


COURSE_TEACHERS = Records(CourseTeacher, rules=_rules)


async def _free_position(change: Change, course: int) -> int:
    taken = select(CourseTeacher.position).where(
        CourseTeacher.institution_id == change.institution_id, CourseTeacher.course_id == course
    )
    held = set(await change.session.scalars(taken))
    return next((position for position in POSITIONS if position not in held), POSITIONS[0])


async def assign_teacher(context: Context, *, course: int, position: int | None = None, **values: Any) -> int:
    """Have a user teach a course, in the first free position unless one is given; gives the key."""
    async with context.change("course_teacher.assign") as change:
        # The course's own lock: whoever else assigns a teacher to it counts this one.
        in_use(await change.one(Course, course, field="course"), field="course")
        place = await _free_position(change, course) if position is None else position
        row = await COURSE_TEACHERS.add(change, {"course": course, "position": place, **values})
        change.details["id"] = row.id
    return row.id


async def update_course_teacher(context: Context, *, id: int, version: int, **values: Any) -> int:
    """Change what is given; gives the key."""
    async with context.change("course_teacher.update", id=id) as change:
        row = await COURSE_TEACHERS.find(change, id, version)
        in_use(await change.one(Course, row.course_id), field="course")
        if not await COURSE_TEACHERS.alter(change, row, values):
            change.withdraw()
    return id


async def unassign_teacher(context: Context, *, id: int, version: int) -> None:
    """Have a user teach a course no longer."""
    async with context.change("course_teacher.unassign", id=id) as change:
        await COURSE_TEACHERS.remove(change, await COURSE_TEACHERS.find(change, id, version))
