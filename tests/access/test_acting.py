"""A mutation changes the rows that its caller sees by the roles that permit it, and no others."""

import pytest

from models import Grade, Role
from resolvers.context import Context
from resolvers.errors import NotFound
from resolvers.permissions import acting
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS
from tests.answers import NOW
from tests.sealing import SERVICES

pytestmark = pytest.mark.any_database

BOTH = next(persona for persona in PERSONAS if persona.name == "teacher and guardian")


class Enough(Exception):
    """Rolls back."""


async def found(stages: Stages, roles: frozenset[Role] | None, n: int) -> bool:
    """Whether somebody who is a teacher and a guardian gets hold of the mark of student n."""
    school = stages.schools[0]
    context = Context(stages.database, school.viewer(BOTH), now=NOW, timeout=60, services=SERVICES)
    context.acting = roles
    key = school.world.ids["grade"][n]
    try:
        async with context.change("grade.update") as change:
            await change.one(Grade, key)
            raise Enough
    except NotFound:
        return False
    except Enough:
        return True
    finally:
        await context.close()


@pytest.mark.parametrize(
    ("roles", "taught", "own_child", "other"),
    [
        (None, True, True, False),
        (frozenset({Role.TEACHER}), True, False, False),
        (frozenset({Role.GUARDIAN}), False, True, False),
        (frozenset(), False, False, False),
    ],
)
async def test_rows_are_those_of_the_role_that_permits(
    stages: Stages, roles: frozenset[Role] | None, taught: bool, own_child: bool, other: bool
) -> None:
    """Mark 7 is of a student taught, mark 2 of a child taught by somebody else, mark 8 of neither."""
    assert await found(stages, roles, 7) == taught
    assert await found(stages, roles, 2) == own_child
    assert await found(stages, roles, 8) == other


def test_which_roles_permit(stages: Stages) -> None:
    viewer = stages.schools[0].viewer(BOTH)
    assert acting("updateUser", viewer) == frozenset()
    assert acting("changePassword", viewer) == viewer.roles
    superadmin = stages.schools[0].viewer(next(each for each in PERSONAS if each.name == "SUPERADMIN"))
    assert acting("updateUser", superadmin) == {Role.SUPERADMIN}
