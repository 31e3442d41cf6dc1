"""Adding users: what an account is made with, and all that may be wrong with it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Outbox, Role, User, UserRole
from resolvers.identity.passwords import verify_password
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_user
from tests.mutating import done, mutate, refused

PASSWORD = "correct horse battery"
ACTOR = 99
SHOWN = "user { username email fullName mobile mustChangePassword status version roles { role beginDate endDate } }"
ADDED = {
    "username": "Meera.Nair",
    "email": "Meera@example.org",
    "fullName": "Meera Nair",
    "mobile": "9876543210",
    "mustChangePassword": True,
    "status": "ACTIVE",
    "version": 1,
    "roles": [
        {"role": "REGISTRAR", "beginDate": "2025-01-01", "endDate": "2025-06-30"},
        {"role": "TEACHER", "beginDate": None, "endDate": None},
    ],
}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERADMIN])
async def test_a_user_is_added_with_roles_and_a_first_password(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    other_school: School,
    execute: Execute,
    role: Role,
) -> None:
    async with audited(connections, school, other_school):
        found = await done(
            execute,
            "createUser",
            SHOWN,
            viewer=school.viewer(role, user_id=ACTOR),
            username=" Meera.Nair ",
            email="Meera@example.org",
            firstName=" Meera",
            lastName="Nair",
            mobile="9876543210",
            password=PASSWORD,
            roles=[{"role": "TEACHER"}, {"role": "REGISTRAR", "beginDate": "2025-01-01", "endDate": "2025-06-30"}],
        )
    assert found["user"] == ADDED
    made = (await session.scalars(select(User))).one()
    assert made.password_hash is not None
    assert await verify_password(made.password_hash, PASSWORD)
    assert (made.created_by, made.created_at, made.updated_by) == (ACTOR, NOW, ACTOR)
    told = (await session.scalars(select(ActivityEntry))).one()
    assert (told.action, told.actor_id) == ("user.create", ACTOR)
    assert told.details == {"id": made.id, "roles": ["TEACHER", "REGISTRAR"]}
    sent = (await session.scalars(select(Outbox))).one()
    assert (sent.topic, sent.key, sent.payload) == ("user", str(made.id), {"action": "create", "id": made.id})


async def test_what_is_left_out_of_a_new_user(session: AsyncSession, school: School, execute: Execute) -> None:
    found = await done(execute, "createUser", "user { mustChangePassword roles { role } firstName }", email="m@ex.org")
    assert found["user"] == {"mustChangePassword": False, "roles": [], "firstName": None}
    found = await done(
        execute, "createUser", "user { mustChangePassword }", username="m", password=PASSWORD, mustChangePassword=False
    )
    assert found["user"] == {"mustChangePassword": False}


BAD_USERS: list[tuple[dict[str, Any], list[tuple[str, list[str]]]]] = [
    ({}, [("BAD_USER_INPUT", ["username"])]),
    ({"username": None, "email": None}, [("BAD_USER_INPUT", ["username"])]),
    ({"username": "me era"}, [("BAD_USER_INPUT", ["username"])]),
    ({"username": "m" * 51}, [("BAD_USER_INPUT", ["username"])]),
    ({"username": "m", "email": "nobody"}, [("BAD_USER_INPUT", ["email"])]),
    ({"email": f"{'m' * 100}@example.org"}, [("BAD_USER_INPUT", ["email"])]),
    ({"username": "m", "firstName": "x" * 51}, [("BAD_USER_INPUT", ["firstName"])]),
    ({"username": "m", "firstName": "  "}, [("BAD_USER_INPUT", ["firstName"])]),
    ({"username": "m", "password": "short"}, [("BAD_USER_INPUT", ["password"])]),
    ({"username": "m", "password": "x1" * 513}, [("BAD_USER_INPUT", ["password"])]),
    ({"username": "m", "password": "password1"}, [("BAD_USER_INPUT", ["password"])]),
    ({"username": "meera", "password": "Meera-Meera"}, [("BAD_USER_INPUT", ["password"])]),
    ({"username": "TAKEN"}, [("CONFLICT", ["username"])]),
    ({"username": "m", "email": "Taken@Example.org"}, [("CONFLICT", ["email"])]),
    ({"username": "taken", "email": "taken@example.org"}, [("CONFLICT", ["username"]), ("CONFLICT", ["email"])]),
    (
        {"username": "m", "roles": [{"role": "TEACHER", "beginDate": "2025-02-01", "endDate": "2025-01-31"}]},
        [("BAD_USER_INPUT", ["roles", "0", "endDate"])],
    ),
    (
        {"username": "m", "roles": [{"role": "TEACHER"}, {"role": "ADMIN"}, {"role": "TEACHER"}]},
        [("CONFLICT", ["roles", "2", "role"])],
    ),
    ({"username": "m", "roles": [{"role": "SUPERADMIN"}]}, [("FORBIDDEN", ["roles", "0", "role"])]),
    (
        {"username": "é", "email": "x", "lastName": "", "phone": "0" * 21, "password": "1"},
        [("BAD_USER_INPUT", [name]) for name in ("lastName", "phone", "username", "email", "password")],
    ),
]


@pytest.mark.parametrize(("given", "errors"), BAD_USERS)
async def test_a_new_user_is_refused_for_all_that_is_wrong_at_once(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    errors: list[tuple[str, list[str]]],
) -> None:
    await create_user(session, school, username="Taken", email="taken@example.org")
    async with audited(connections, school, nothing=True):
        assert sorted(await refused(execute, "createUser", **given)) == sorted(errors)


async def test_a_message_names_field_and_value_and_never_a_password(execute: Execute) -> None:
    errors = (await mutate(execute, "createUser", "user { id }", username="me era", password="hunter2"))["errors"]
    assert [error["message"] for error in errors] == [
        "username: 'me era' is not 1 to 50 letters, digits, '.', '_' and '-'",
        "password: has 7 characters, at least 8 are needed",
    ]


async def test_an_operator_gives_the_operators_role(session: AsyncSession, school: School, execute: Execute) -> None:
    viewer = school.viewer(Role.SUPERADMIN)
    await done(execute, "createUser", "__typename", viewer=viewer, username="m", roles=[{"role": "SUPERADMIN"}])
    assert (await session.scalars(select(UserRole.role))).all() == [Role.SUPERADMIN]
