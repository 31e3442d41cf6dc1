"""Plans and graphql-core tell the same of a class with rows, whatever is selected of it."""

import random

import orjson
import pytest

from models import Course, Semester
from schema.root import schema
from tests.execution.compare import alike, answer
from tests.execution.generator import Writer
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

# Most students of the worlds left before their semester was over; every fifth did not.
ROW, COUNT = 4, 100


async def test_a_class_is_told_as_the_standard_does(worlds: Worlds) -> None:
    chance, ids = random.Random(ROW), {each.__name__: [worlds.ours.gid(each, ROW)] for each in (Course, Semester)}
    query = schema._schema.query_type
    assert query
    planned = rows = 0
    for _ in range(COUNT):
        writer = Writer(chance, schema._schema, ids, [])
        asked = writer.operation("query", [writer.field(query, "courseGradeMatrix", 4)])
        (told, context), (standard, _) = [await answer(worlds, asked, planning) for planning in (True, False)]
        assert alike(told, standard), asked.text
        planned += context.planned > 0
        data = orjson.loads(told)["data"] or {}
        rows += any(isinstance(part, list) and part for each in data.values() if each for part in each.values())

    assert (planned >= 0.6 * COUNT, rows >= 0.2 * COUNT) == (True, True), (planned, rows)
