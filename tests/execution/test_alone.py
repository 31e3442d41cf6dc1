"""A report that is one statement has no transaction; where it turns out to be more, all of it has one snapshot."""

import pytest

from models import Course, Role, Semester
from resolvers.context import Context
from tests.answers import ENGINE, NOW, operation
from tests.execution.conftest import Message
from tests.sealing import SERVICES
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

MATRIX = """query ($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) {
    classSize course { name } semester { name } rows { rank student { id } } } }"""
LISTS = """query ($course: ID!, $semester: ID!) { courseGradeMatrix(course: $course, semester: $semester) {
    rows { rank course { meetingDays } } } }"""


# Of the students of these worlds few are in their classes to the end: the fifth is.
CLASS, OTHER, ABSENT = (4, 4), (0, 1), (0, None)


@pytest.mark.parametrize(
    ("text", "rows", "transactions"),
    [
        (MATRIX, CLASS, [False]),
        (MATRIX, OTHER, [False, True, True, True, True]),
        (MATRIX, ABSENT, [False, True, True, True]),
        (LISTS, CLASS, [True, True]),
    ],
    ids=["a class", "nobody", "no semester", "more to read"],
)
async def test_more_than_one_message_is_a_transaction(
    worlds: Worlds, messages: list[Message], text: str, rows: tuple[int, int | None], transactions: list[bool]
) -> None:
    course, semester = rows
    given = None if semester is None else worlds.ours.gid(Semester, semester)
    variables = {"course": worlds.ours.gid(Course, course), "semester": given or "sem_9999999"}
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW, timeout=60, services=SERVICES)
    try:
        result = await ENGINE.execute(operation(text), variables, context)
    finally:
        await context.close()

    assert (result.errors, context.planned) == (None, 1)
    assert [not each.alone for each in messages] == transactions
    if transactions[0] is False and len(messages) > 1:
        # What was read before the snapshot is read again in it.
        assert (messages[0].sql, messages[0].alone) == (messages[1].sql, True)
