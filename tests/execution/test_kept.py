"""One operation, whose plans and statements are remembered, run by several kinds of viewers and in several ways."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from models import Role, Student
from resolvers.batches import Shape
from schema.execution import templates
from schema.execution.kept import KINDS, Kept
from schema.execution.levels import Levels
from tests.execution.compare import prepare, run
from tests.execution.conftest import Message, same
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
    kept = [len(child.readings) for child in _children(plan.roots[0].plan)] if plan else []
    assert len(seen) > 2
    assert len(HELD) > max(kept) == KINDS


async def test_pages_from_either_end_are_read_in_their_own_way(worlds: Worlds) -> None:
    """From the start as text, from the end as rows."""
    text = f"query ($first: Int, $last: Int) {{ students(first: $first, last: $last) {{ nodes {{ {BELOW} }} }} }}"
    operation = prepare(Operation(text, {}))
    for variables in ({"first": 3}, {"last": 3}, {"first": 3}, {"last": 2, "first": None}):
        _, context = await same(worlds, Operation(text, variables), kept=operation)
        assert (context.planned, context.planning) == (1, True)


async def test_what_was_found_for_two_kinds_is_not_looked_for_again(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    reading = Levels._reading

    def counted(self: Levels, child: Any, known: Any) -> Any:
        made.append(child.response)
        return reading(self, child, known)

    monkeypatch.setattr(Levels, "_reading", counted)
    asked = Operation("{ students(first: 3) { edges { node { guardians { relation } } } } }", {})
    operation = prepare(asked)
    for role in (Role.ADMIN, Role.TEACHER, Role.ADMIN, Role.TEACHER):
        await run(worlds, operation, {}, True, worlds.viewer(role, user_id=worlds.ours.ids["app_user"][3]))

    assert made == ["guardians", "guardians"]


async def test_what_is_known_of_the_parents_is_not_asked_again(
    worlds: Worlds, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where it is not known, it is asked, though the operation was run before by one who knew."""
    asked = Operation("{ students(first: 3) { edges { node { guardians { relation } } } } }", {})
    operation, viewer = prepare(asked), worlds.viewer(Role.TEACHER, user_id=worlds.ours.ids["app_user"][3])
    await run(worlds, operation, {}, True, viewer)
    monkeypatch.setattr(Levels, "proven", lambda self, model, batch: frozenset())
    await run(worlds, operation, {}, True, viewer)

    (_, short), (_, long) = (messages[at : at + 2] for at in (0, 2))
    assert "course_teacher" not in short.sql
    assert "course_teacher" in long.sql


async def test_templates_are_those_of_all_plans_of_a_field_and_go_with_them(worlds: Worlds) -> None:
    text = """query ($a: Date, $more: Boolean!) {
        students(first: 1, where: { dateOfBirth: { gte: $a } }) { nodes { id fullName @include(if: $more) } }
    }"""
    operation = prepare(Operation(text, {}))
    gc.collect()
    before = len(templates._all)
    for more in (True, False):
        await same(worlds, Operation(text, {"a": "2010-01-01", "more": more}), kept=operation)
    one, other = (plan.roots[0].call for plan in operation.plans.values() if plan)

    assert one is not other
    assert one is not None
    assert other is not None
    assert one.templates is other.templates
    assert len(templates._all) == before + 1

    del one, other, operation
    gc.collect()
    assert len(templates._all) == before


def test_what_was_used_longest_ago_is_dropped_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("one", 1)
    kept.keep("two", 2)
    assert kept.find("one") == 1
    assert kept.keep("three", 3) == 3
    assert dict(kept) == {"one": 1, "three": 3}
    assert kept.find("two") is None


def test_a_shape_with_changes_is_another() -> None:
    shape = Shape(("id",), frozenset({Role.ADMIN}))
    changed = shape.but(limited=True, columns=("id", "status"))
    assert changed == replace(shape, limited=True, columns=("id", "status"))
    assert shape == Shape(("id",), frozenset({Role.ADMIN}))
