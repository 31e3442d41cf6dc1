"""The marks behind an average: each with what it is worth on the course's scale, and whether it counts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from aiodataloader import DataLoader

from models import Role
from resolvers.context import Context
from resolvers.reports.arithmetic import shown
from resolvers.reports.figures import ONE_COURSE, chain
from resolvers.reports.reading import report
from resolvers.reports.standings import SubjectFigures
from resolvers.statements import Statement

COLUMNS = ("student_id", "course_id", "subject_id", "grade_id", "category_id", "weight", "value", "exempt", "date")


@dataclass(frozen=True, slots=True)
class ValuedMark:
    """One mark. `value` is on the course's scale, None where the mark does not count; decimals are text."""

    student_id: int
    course_id: int
    subject_id: int
    grade_id: int
    category_id: int | None
    weight: str
    value: str | None
    exempt: bool

    @property
    def counts(self) -> bool:
        return self.value is not None


@lru_cache(maxsize=32)
def _statement(roles: frozenset[Role]) -> Statement:
    decimals = {"weight", "value"}
    values = (f"{shown(f'm.{name}') if name in decimals else f'm.{name}'} AS {name}" for name in COLUMNS)
    sql = f"{chain(ONE_COURSE)} SELECT {', '.join(values)} FROM mark m WHERE m.student_id = ANY(:students)"
    return report(sql, COLUMNS, roles, order=("student_id", "date", "grade_id"), shown=COLUMNS[:-1])


async def _load(context: Context, course: int, semester: int, students: list[int]) -> list[list[ValuedMark]]:
    statement = _statement(context.viewer.roles)
    rows = await context.fetch(statement, course=course, semester=semester, students=students)
    found: dict[int, list[ValuedMark]] = {student: [] for student in students}
    for row in rows:
        found[row["student_id"]].append(ValuedMark(*row))
    return list(found.values())


async def marks_of(context: Context, of: SubjectFigures) -> Sequence[ValuedMark]:
    """The marks of a student in a subject, the earliest first; one statement for all that are asked for at once."""
    name = ("marks", of.course_id, of.semester_id)
    loader: DataLoader[int, list[ValuedMark]] | None = context.cache.get(name)
    if loader is None:
        loader = context.cache[name] = DataLoader(partial(_load, context, of.course_id, of.semester_id))
    try:
        # Whoever else waits for the student waits for the same future, which a cancelled field must not take along.
        found = await asyncio.shield(loader.load(of.student_id))
    except BaseException:
        loader.clear(of.student_id)
        raise
    return [mark for mark in found if mark.subject_id == of.subject_id]
