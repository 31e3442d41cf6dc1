"""One operation, whose plans and statements are remembered, run by several kinds of viewers and in several ways."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from models import Role, Student
from schema.execution.cache import KINDS
from tests.execution.compare import prepare
from tests.execution.conftest import same
from tests.execution.generator import Operation
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

BELOW = """fullName guardians { guardian { fullName occupation } } schoolYear { code }
    enrollments { course { name leadTeacher { username fullName } } } grades { comment gradedBy { username } }"""
DOCUMENTS = {
    "text": f"{{ students(first: 20) {{ nodes {{ {BELOW} }} }} }}",
    "rows": f"{{ students(first: 20) {{ edges {{ node {{ {BELOW} }} }} }} }}",
    "one record": f'{{ student(id: "STUDENT") {{ {BELOW} }} }}',
}
ROLES = [Role.ADMIN, Role.TEACHER, Role.GUARDIAN, Role.STUDENT, Role.REGISTRAR]
HELD = [roles for count in (1, 2) for roles in combinations(ROLES, count)]


def _children(plan: Any) -> Iterator[Any]:
    for each in getattr(plan, "objects", (plan,)):
        for child in each.children:
            yield child
            yield from _children(child.plan)


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_each_sees_what_the_standard_shows(worlds: Worlds, name: str) -> None:
    asked = Operation(DOCUMENTS[name].replace("STUDENT", worlds.ours.gid(Student, 3)), {})
    operation, seen = prepare(asked), set()
    for roles in HELD:
        data, context = await same(
            worlds, asked, worlds.viewer(*roles, user_id=worlds.ours.ids["app_user"][3]), operation
        )
        assert (context.planned, context.planning) == (1, True)
        seen.add(str(data))

    (plan,) = operation.plans.values()
    kept = [len(child.asked) for child in _children(plan.roots[0].plan)] if plan else []
    assert len(seen) > 2
    assert len(HELD) > max(kept) == KINDS


async def test_pages_from_either_end_are_read_in_their_own_way(worlds: Worlds) -> None:
    """From the start as text, from the end as rows."""
    text = f"query ($first: Int, $last: Int) {{ students(first: $first, last: $last) {{ nodes {{ {BELOW} }} }} }}"
    operation = prepare(Operation(text, {}))
    for variables in ({"first": 3}, {"last": 3}, {"first": 3}, {"last": 2, "first": None}):
        _, context = await same(worlds, Operation(text, variables), kept=operation)
        assert (context.planned, context.planning) == (1, True)
