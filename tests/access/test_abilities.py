"""`viewerCan`: by the table of permissions, row by row, and for no more statements."""

from typing import Any

import pytest

from models import Grade, Role, Student, User, UserRole
from resolvers.abilities import OTHERWISE, abilities, able_as
from resolvers.access.rules import ANYONE
from resolvers.permissions import MUTATIONS
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS, Persona
from tests.access.walk import Expected
from tests.schema_map import entities, object_type, type_of

EVERYBODY = [pytest.param(persona, id=persona.name) for persona in PERSONAS]
ADMINS = {"ADMIN", "SUPERADMIN"}


@pytest.mark.parametrize("planning", [True, False])
@pytest.mark.parametrize("persona", EVERYBODY)
async def test_accounts_are_administered_by_admin_and_kept_by_oneself(
    stages: Stages, persona: Persona, planning: bool
) -> None:
    document = """{ users(first: 100) { nodes { id viewerCan { __typename update retire can: grantRole changePassword }
        roles { viewerCan { revoke } } } } }"""
    answer = await stages.ask(0, persona, document, planning=planning)
    assert answer.statements == 2
    me, admin = Expected(stages.views[0], stages.schools[0], persona).sight.me, persona.name in ADMINS
    rows = answer.found["users"]["nodes"]
    assert me in {row["id"] for row in rows}
    for row in rows:
        abilities_of: dict[str, Any] = {"__typename": "UserAbilities", "update": admin, "retire": admin, "can": admin}
        assert row["viewerCan"] == abilities_of | {"changePassword": row["id"] == me}
        assert all(role["viewerCan"] == {"revoke": admin} for role in row["roles"])


async def test_one_record_by_its_id(stages: Stages) -> None:
    teacher = next(persona for persona in PERSONAS if persona.name == "TEACHER")
    document = "{ me { viewerCan { update changePassword } } }"
    for planning in (True, False):
        answer = await stages.ask(0, teacher, document, planning=planning)
        assert answer.found["me"]["viewerCan"] == {"update": False, "changePassword": True}
        assert answer.statements == 1


def test_every_type_that_changes_has_the_field() -> None:
    for model in entities():
        assert ("viewerCan" in object_type(type_of(model)).fields) == bool(abilities(model)), type_of(model)
    assert {"update", "unlock", "retire", "restore"} <= abilities(User).keys()
    assert abilities(UserRole) == {"revoke": "revokeRole"}


def test_mutations_with_names_of_their_own_exist() -> None:
    assert OTHERWISE.keys() <= MUTATIONS.keys()


ROLES = [
    ({Role.TEACHER}, {"TEACHER"}),
    ({Role.TEACHER, Role.GUARDIAN}, {"TEACHER"}),
    ({Role.GUARDIAN}, set()),
    ({Role.REPORTER, Role.TEACHER}, {"TEACHER"}),
    ({Role.SUPERADMIN}, {"ADMIN"}),
]


@pytest.mark.parametrize(("roles", "held"), ROLES)
def test_abilities_hold_on_the_rows_of_the_roles_that_have_them(
    monkeypatch: pytest.MonkeyPatch, roles: set[Role], held: set[str]
) -> None:
    """A guardian who teaches elsewhere does not mark the own child."""
    table = {"updateGrade": frozenset({Role.TEACHER, Role.ADMIN, Role.SUPERADMIN}), "eraseStudent": frozenset[Role]()}
    for name, rule in table.items():
        monkeypatch.setitem(MUTATIONS, name, rule)
    assert able_as(Grade, "updateGrade", frozenset(roles)) == held
    assert able_as(Student, "eraseStudent", frozenset(roles)) == set()
    assert able_as(User, "changePassword", frozenset(roles)) == {ANYONE}
