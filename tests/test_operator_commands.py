"""`operators` and `sessions` as whoever runs the deployment uses them, and what servers then do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from app.__main__ import app
from app.owner import owner_session
from app.urls import Urls
from models import ActivityEntry, ActorKind, Role, Session, UserInstitution
from resolvers.errors import DomainError
from resolvers.identity.accounts import create_admin
from resolvers.identity.operators import Operator, allow, create_operator, deny, operators
from resolvers.identity.session_commands import end_those_in, end_those_of
from tests.conftest import School
from tests.factories import create_user, give_role, open_session
from tests.http.conftest import Api, client_of
from tests.http.school import LOGIN, administering, bearer, fill, serving
from tests.http.test_revocations import until_heard, until_refused
from tests.test_accounts import GOOD, run

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("long_memory")]

HOME = ("--institution", "OFFICE", "--username", "olga")
ACT = 'mutation { actIn(input: { institution: "GAMMA" }) { viewer { roles } errors { code } } }'


@pytest.fixture
async def owner(schools: tuple[Urls, School, School]) -> AsyncIterator[AsyncSession]:
    """A transaction as the owner of the tables, who sees all schools; rolled back."""
    async with owner_session(schools[0]) as session:
        yield session
        await session.rollback()


async def entries(session: AsyncSession) -> list[Any]:
    found = await session.execute(
        select(
            ActivityEntry.institution_id, ActivityEntry.action, ActivityEntry.details, ActivityEntry.actor_kind
        ).order_by(ActivityEntry.id)
    )
    return [tuple(row) for row in found]


async def test_from_no_operator_to_acting_and_back(empty_database: Urls, tmp_path: Path) -> None:
    await fill(empty_database)

    async def said(*arguments: str, given: str = "") -> str:
        code, out, complained = await run(empty_database, tmp_path, *arguments, given=given.encode())
        assert (code, complained) == (0, "")
        return out

    await said("create-institution", "OFFICE", "Office of the operators")
    assert await said("operators", "list") == ""
    made = await said("operators", "create", *HOME, given=f"{GOOD}\n")
    assert made == "olga may sign in to OFFICE as SUPERADMIN.\n"
    assert await said("operators", "list") == "OFFICE olga: nowhere else\n"
    async with serving(empty_database) as served, client_of(served.app()) as client:
        await until_heard(served)
        api = Api(client)
        account = {"institution": "OFFICE", "username": "olga", "password": GOOD}
        token = (await api.post(LOGIN, variables={"input": account})).json()["data"]["login"]["token"]

        async def act() -> Any:
            return (await api.post(ACT, headers=bearer(token))).json()["data"]["actIn"]

        assert await act() == {"viewer": None, "errors": [{"code": "NOT_FOUND"}]}
        assert await said("operators", "allow", *HOME, "--in", "GAMMA") == "olga of OFFICE may act in GAMMA.\n"
        assert await said("operators", "list") == "OFFICE olga: GAMMA\n"
        assert await act() == {"viewer": {"roles": ["SUPERADMIN"]}, "errors": []}
        assert (await api.post("{ me { username } }", headers=bearer(token))).status_code == 200
        denied = await said("operators", "deny", *HOME, "--in", "GAMMA")
        assert denied == "olga of OFFICE may act in GAMMA no more; 1 sessions have ended.\n"
        await until_refused(served.app(), token)


@pytest.mark.parametrize(
    "whose", [("--institution", "GAMMA", "--user", "ASHA"), ("--institution", "GAMMA"), ("--all",)]
)
async def test_sessions_end_on_running_servers(empty_database: Urls, tmp_path: Path, whose: tuple[str, ...]) -> None:
    await fill(empty_database)
    async with serving(empty_database) as served, client_of(served.app()) as client, administering(served) as admin:
        await until_heard(served)
        api = Api(client)
        account = {"institution": "GAMMA", "username": "asha", "password": GOOD}
        token = (await api.post(LOGIN, variables={"input": account})).json()["data"]["login"]["token"]
        assert (await api.post("{ me { username } }", headers=bearer(token))).status_code == 200
        code, said, complained = await run(empty_database, tmp_path, "sessions", "revoke", *whose)
        assert (code, said, complained) == (0, "1 sessions have ended.\n", "")
        await until_refused(served.app(), token)
        written = "SELECT actor_kind, details->>'ended' FROM activity_log WHERE action = 'session.revoke'"
        assert [tuple(row) for row in await admin.fetch(written)] == [("SYSTEM", "1")]


@pytest.mark.parametrize("options", [(), ("--all", "--institution", "A"), ("--user", "x"), ("--all", "--user", "x")])
def test_it_must_be_said_whose_sessions(options: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["sessions", "revoke", *options])
    assert result.exit_code == 2


async def test_what_is_given_and_taken_is_recorded_in_both(
    owner: AsyncSession, school: School, other_school: School
) -> None:
    user = await create_operator(owner, institution=school.code, username="olga", password=GOOD)
    there = {"institution": school.code, "username": "OLGA", "acting": other_school.code}
    await allow(owner, **there)
    assert Operator("olga", school.code, (other_school.code,)) in await operators(owner)
    elsewhere = await open_session(owner, user, acting_institution_id=other_school.id)
    at_home = await open_session(owner, user)
    assert await deny(owner, **there) == 1
    assert list(await owner.scalars(select(Session.id))) == [at_home.id] != [elsewhere.id]
    assert await owner.scalar(select(func.count()).select_from(UserInstitution)) == 0
    created = {"username": "olga", "id": user.id, "role": "SUPERADMIN"}
    at, about = {"id": user.id, "institution": other_school.code}, {"operator": "olga", "home": school.code}
    assert await entries(owner) == [
        (school.id, "user.create", created, ActorKind.SYSTEM),
        (school.id, "operator.allow", at, ActorKind.SYSTEM),
        (other_school.id, "operator.allow", about, ActorKind.SYSTEM),
        (school.id, "operator.deny", at, ActorKind.SYSTEM),
        (other_school.id, "operator.deny", about, ActorKind.SYSTEM),
    ]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"institution": "NOWHERE"}, "NOT_FOUND", "institution"),
        ({"username": "nobody"}, "NOT_FOUND", "username"),
        ({"acting": "NOWHERE"}, "NOT_FOUND", "in"),
        ({"acting": "ALPHA"}, "BAD_USER_INPUT", "in"),
        ({"username": "plain"}, "BAD_USER_INPUT", "username"),
        ({}, "CONFLICT", "in"),
    ],
)
async def test_refused(
    owner: AsyncSession, school: School, other_school: School, given: dict[str, str], code: str, field: str
) -> None:
    await create_operator(owner, institution="ALPHA", username="olga", password=GOOD)
    await create_admin(owner, institution="ALPHA", username="plain", password=GOOD)
    there = {"institution": "ALPHA", "username": "olga", "acting": "BETA"}
    await allow(owner, **there)
    before = await entries(owner)
    with pytest.raises(DomainError) as refusal:
        await allow(owner, **(there | given))
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert await entries(owner) == before
    assert await owner.scalar(select(func.count()).select_from(UserInstitution)) == 1


async def test_what_is_not_on_the_list_cannot_be_taken_off(
    owner: AsyncSession, school: School, other_school: School
) -> None:
    user = await create_user(owner, school, username="olga")
    await give_role(owner, user, Role.SUPERADMIN)
    with pytest.raises(DomainError) as refusal:
        await deny(owner, institution="ALPHA", username="olga", acting="BETA")
    assert (refusal.value.code, refusal.value.field) == ("NOT_FOUND", "in")


async def test_only_those_that_were_meant_end(owner: AsyncSession, school: School, other_school: School) -> None:
    users = [await create_user(owner, school, username=name) for name in ("first", "second")]
    first, second = [await open_session(owner, user) for user in users]
    with pytest.raises(DomainError) as refusal:
        await end_those_of(owner, institution="BETA", username="first")
    assert (refusal.value.code, refusal.value.field) == ("NOT_FOUND", "user")
    assert await end_those_of(owner, institution="ALPHA", username="first") == 1
    assert list(await owner.scalars(select(Session.id))) == [second.id] != [first.id]
    assert await end_those_in(owner, institution="BETA") == 0
    assert await end_those_in(owner, institution="ALPHA") == 1
