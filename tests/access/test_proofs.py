"""What rules prove of the rows below them: it must follow for every row, since it is not asked again."""

from typing import Any

import pytest
from sqlalchemy import and_, not_, select

from app.owner import owner_session
from models import Base, Enrollment, Role, Student, StudentGuardian
from resolvers.access import proven, sets
from resolvers.access.rule import Found, Rule
from resolvers.access.rules import ANYONE, RULES
from resolvers.access.sets import KeySet, among
from resolvers.filters import Compare, Every, Has, Not, Some, found_by
from resolvers.people.student import enrollments
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS

PROOFS = [
    pytest.param(model, role, rule, column, keys, id=f"{model.__name__}-{role}-{column}-{keys.__name__}")
    for model, rules in RULES.items()
    for role, rule in rules.items()
    for column, known in rule.proves.items()
    for keys in sorted(known, key=lambda each: each.__name__)
]


@pytest.mark.parametrize(("model", "role", "rule", "column", "keys"), PROOFS)
async def test_what_a_rule_proves_holds_for_all_its_rows(
    stages: Stages, model: Any, role: Role, rule: Rule, column: str, keys: KeySet
) -> None:
    persona = next(each for each in PERSONAS if each.roles == {role} - {ANYONE})
    school = stages.schools[0]
    values = {"tenant": school.world.institution_id, "viewer": school.user(persona)}
    shown = and_(model.institution_id == values["tenant"], rule.condition(model, None))
    key = getattr(model, column)
    async with owner_session(stages.urls) as session:
        assert (await session.scalars(select(key).where(shown), values)).all()
        assert (await session.scalars(select(key).where(shown, not_(among(key, keys()))), values)).all() == []


@pytest.mark.parametrize(
    ("model", "column", "roles", "known"),
    [
        (Student, "id", {Role.TEACHER}, {sets.taught_students}),
        (Enrollment, "student_id", {Role.TEACHER}, {sets.taught_students}),
        (StudentGuardian, "guardian_id", {Role.STUDENT}, {sets.own_guardians}),
        (Student, "user_id", {Role.TEACHER}, set()),
        (Student, "id", {Role.TEACHER, Role.GUARDIAN}, set()),
        (Student, "id", {Role.ADMIN}, set()),
        (Student, "id", set(), set()),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else None,
)
def test_nothing_is_proven_of_rows_shown_for_one_of_several_reasons(
    model: type[Base], column: str, roles: set[Role], known: set[KeySet]
) -> None:
    assert proven(model, column, frozenset(roles)) == known


def test_rows_that_a_filter_finds_by_rows_shown_are_not_asked_about_again() -> None:
    having = Has(enrollments, Compare("status", "eq", 0))
    teacher = frozenset({Role.TEACHER})

    assert found_by(Every((Compare("status", "eq", 1), having)), teacher) == Found(
        "id", frozenset({sets.taught_students})
    )
    for condition in (None, Compare("status", "eq", 0), Not(having), Some((having, having))):
        assert found_by(condition, teacher) is None
    assert found_by(having, teacher | {Role.STUDENT}) is None
    assert found_by(having, frozenset({Role.ADMIN})) is None
