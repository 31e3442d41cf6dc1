"""An operator in another institution than the own one: what is seen, what is recorded where, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from app.owner import owner_session
from app.urls import Urls
from models import Institution, Role, Session, User, UserInstitution, UserRole
from resolvers.institution.institution import create_institution
from tests import factories
from tests.factories import gid
from tests.http.conftest import Api, client_of, only_error
from tests.http.cutting import Cutting
from tests.http.school import PASSWORD, Served, administering, bearer, fill, serving, sign_in
from tests.http.test_revocations import another, until_heard

ACT = """mutation($code: String!) { actIn(input: { institution: $code }) {
    viewer { roles institutions { code home acting } user { username roles { role } } session { current } }
    errors { code field message }
} }"""
VIEWER = "{ viewer { kind roles institutions { code home acting } user { username } session { current } } }"
ME = "{ me { id username email roles { role } sessions { current } courses { id } student { id } } }"
USERS = "{ users { nodes { username } } }"


async def add_delta(urls: Urls) -> None:
    """A second school, in which asha of the first may act; GAMMA has another user, and asha teaches there."""
    async with owner_session(urls) as session:
        asha = (await session.scalars(select(User))).one()
        gamma = (await session.scalars(select(Institution))).one()
        delta = await create_institution(session, "DELTA", "Delta School")
        session.add(UserRole(institution_id=gamma.id, user_id=asha.id, role=Role.SUPERADMIN))
        session.add(UserInstitution(institution_id=gamma.id, user_id=asha.id, acting_institution_id=delta.id))
        await factories.create_user(session, delta, username="dev")
        ravi = await factories.create_user(session, gamma, username="ravi")
        await factories.open_session(session, ravi)
        year = await factories.create_school_year(session, gamma)
        await factories.teach(session, await factories.create_course(session, year), asha)


@pytest.fixture
async def served(empty_database: Urls) -> AsyncIterator[Served]:
    await fill(empty_database)
    await add_delta(empty_database)
    async with serving(empty_database) as served:
        await until_heard(served)
        yield served


@pytest.fixture
async def api(served: Served) -> AsyncIterator[Api]:
    async with client_of(served.app()) as client:
        yield Api(client)


class Operator:
    """Somebody who has signed in to GAMMA."""

    def __init__(self, api: Api, token: str | None) -> None:
        self.api = api
        self.headers = bearer(token)

    async def send(self, query: str, **variables: Any) -> Any:
        return await self.api.post(query, headers=self.headers, variables=variables)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        body = (await self.send(query, **variables)).json()
        assert "errors" not in body, body
        return body["data"]

    async def act(self, code: str) -> Any:
        return (await self.ask(ACT, code=code))["actIn"]


@pytest.fixture
async def operator(api: Api) -> Operator:
    return Operator(api, await sign_in(api))


async def test_all_data_are_of_the_institution_acted_in(served: Served, operator: Operator) -> None:
    at_home = await operator.ask(USERS)
    assert at_home["users"]["nodes"] == [{"username": "asha"}, {"username": "ravi"}]
    found = await operator.act("DELTA")
    assert found["errors"] == []
    assert found["viewer"] == {
        "roles": ["SUPERADMIN"],
        "institutions": [
            {"code": "DELTA", "home": False, "acting": True},
            {"code": "GAMMA", "home": True, "acting": False},
        ],
        "user": {"username": "asha", "roles": [{"role": "ADMIN"}, {"role": "SUPERADMIN"}]},
        "session": {"current": True},
    }
    assert (await operator.ask(USERS))["users"]["nodes"] == [{"username": "dev"}]
    back = await operator.act("GAMMA")
    assert back["viewer"]["roles"] == ["ADMIN", "SUPERADMIN"]
    assert await operator.ask(USERS) == at_home


async def test_in_place_of_a_dead_session_none_of_another_institution_is_read(
    served: Served, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cutting = Cutting(served.urls, served.database, monkeypatch)
    for code, users in (("DELTA", ["dev"]), ("GAMMA", ["asha", "ravi"]), ("DELTA", ["dev"])):
        await asyncio.gather(*[operator.ask(USERS) for _ in range(3)])
        await operator.act(code)
        cutting.times = 1
        for _ in range(3):
            assert [node["username"] for node in (await operator.ask(USERS))["users"]["nodes"]] == users


@pytest.mark.parametrize("planning", [True, False])
async def test_the_own_account_is_shown_and_nothing_else_of_home(
    served: Served, operator: Operator, planning: bool
) -> None:
    served.database.planning = planning
    at_home = (await operator.ask(ME))["me"]
    assert len(at_home["courses"]) == 1
    await operator.act("DELTA")
    response = (await operator.send(ME)).json()
    assert response["data"]["me"] == at_home | {"courses": []}
    hidden = {each["path"] for each in response["extensions"]["redactions"]}
    assert hidden == {"me.courses", "me.student"}
    found = await operator.ask(VIEWER)
    assert found["viewer"]["user"] == {"username": "asha"}
    assert found["viewer"]["session"] == {"current": True}
    document = "query($id: ID!) { me { username } user(id: $id) { id } node(id: $id) { id } users { totalCount } }"
    assert await operator.ask(document, id=at_home["id"]) == {
        "me": {"username": "asha"},
        "user": None,
        "node": None,
        "users": {"totalCount": 1},
    }


async def test_what_goes_wrong_at_home_is_told_as_ever(operator: Operator) -> None:
    await operator.act("DELTA")
    document = "{ me { username sessions(first: -1) { current } } users { totalCount } }"
    body = (await operator.send(document)).json()
    assert [error["path"] for error in body["errors"]] == [["me", "sessions"]]
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_password_is_that_of_home(served: Served, operator: Operator) -> None:
    await operator.act("DELTA")
    document = """mutation($input: ChangePasswordInput!) {
        changePassword(input: $input) { user { username version } errors { code } }
    }"""
    new = "a brand new secret"
    found = await operator.ask(document, input={"currentPassword": PASSWORD, "newPassword": new})
    assert found["changePassword"] == {"user": {"username": "asha", "version": 2}, "errors": []}
    assert await sign_in(operator.api, new) is not None
    async with administering(served) as admin:
        rows = await admin.fetch(
            "SELECT i.code, a.table_name FROM audit_log a JOIN institution i ON i.id = a.institution_id"
            " WHERE a.actor_kind = 'USER'"
        )
        assert [tuple(row) for row in rows] == [("GAMMA", "app_user")]


async def test_what_is_changed_is_recorded_where_it_is_changed(served: Served, operator: Operator) -> None:
    await operator.act("DELTA")
    document = 'mutation { createUser(input: { username: "new" }) { user { username } errors { code } } }'
    assert (await operator.ask(document))["createUser"] == {"user": {"username": "new"}, "errors": []}
    trail = """{
        auditLog(where: { actorKind: { eq: USER } }) { nodes { tableName operation actorKind actor { id } } }
        activityLog(orderBy: [{ field: AT }]) { nodes { action actorKind details actor { id } } }
    }"""
    found = await operator.ask(trail)
    audit = {"tableName": "app_user", "operation": "INSERT", "actorKind": "USER", "actor": None}
    assert found["auditLog"]["nodes"] == [audit]
    entered, created = found["activityLog"]["nodes"]
    assert entered == {
        "action": "operator.enter",
        "actorKind": "USER",
        "details": {"operator": "asha", "home": "GAMMA"},
        "actor": None,
    }
    assert created["action"] == "user.create"
    async with administering(served) as admin:
        asha = await admin.fetchval("SELECT id FROM app_user WHERE username = 'asha'")
        actors = "SELECT DISTINCT actor_id FROM audit_log WHERE actor_kind = 'USER'"
        assert [row[0] for row in await admin.fetch(actors)] == [asha]
        assert await admin.fetchval("SELECT created_by FROM app_user WHERE username = 'new'") == asha
    await operator.act("GAMMA")
    found = await operator.ask(trail)
    assert found["auditLog"]["nodes"] == []
    acted = [entry for entry in found["activityLog"]["nodes"] if entry["action"] == "operator.act"]
    assert [entry["details"] for entry in acted] == [{"institution": "DELTA"}, {"institution": "GAMMA"}]


async def test_own_sessions_are_ended_from_elsewhere_and_no_others_of_home(served: Served, operator: Operator) -> None:
    second = Operator(operator.api, await sign_in(operator.api))
    me = (await operator.ask("{ me { id sessions { id current } } }"))["me"]
    (other,) = [each["id"] for each in me["sessions"] if not each["current"]]
    async with owner_session(served.urls) as session:
        ravi = (await session.scalars(select(User).where(User.username == "ravi"))).one()
        theirs = (await session.scalars(select(Session).where(Session.user_id == ravi.id))).one()
    await operator.act("DELTA")
    end = "mutation($id: ID!) { revokeSession(input: { id: $id }) { ended errors { code } } }"
    assert (await operator.ask(end, id=other))["revokeSession"] == {"ended": 1, "errors": []}
    assert (await second.send(VIEWER)).status_code == 401
    assert (await operator.ask(end, id=gid(theirs)))["revokeSession"]["errors"] == [{"code": "NOT_FOUND"}]
    everything = "mutation($id: ID!) { revokeSessions(input: { user: $id }) { ended errors { code } } }"
    found = (await operator.ask(everything, id=gid(ravi)))["revokeSessions"]
    assert found == {"ended": None, "errors": [{"code": "NOT_FOUND"}]}
    assert (await operator.ask(everything, id=me["id"]))["revokeSessions"] == {"ended": 1, "errors": []}
    assert (await operator.send(VIEWER)).status_code == 401


REFUSED = [
    ("NOWHERE", "NOT_FOUND", "SELECT 1"),
    ("DELTA", "NOT_FOUND", "DELETE FROM user_institution"),
    ("DELTA", "FORBIDDEN", "UPDATE institution SET status = 'SUSPENDED' WHERE code = 'DELTA'"),
]


@pytest.mark.parametrize(("code", "refusal", "change"), REFUSED)
async def test_where_nobody_may_act(served: Served, operator: Operator, code: str, refusal: str, change: str) -> None:
    async with administering(served) as admin:
        await admin.execute(change)
    found = await operator.act(code)
    assert found["viewer"] is None
    assert [(error["code"], error["field"]) for error in found["errors"]] == [(refusal, ["institution"])]
    assert (await operator.ask(USERS))["users"]["nodes"] == [{"username": "asha"}, {"username": "ravi"}]
    async with administering(served) as admin:
        assert await admin.fetchval("SELECT count(*) FROM activity_log WHERE action LIKE 'operator%'") == 0


async def test_admin_does_not_act_elsewhere(served: Served, api: Api) -> None:
    async with administering(served) as admin:
        await admin.execute("DELETE FROM user_role WHERE role = 'SUPERADMIN'")
    body = (await Operator(api, await sign_in(api)).send(ACT, code="DELTA")).json()
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


LOST = {
    "suspended": "UPDATE institution SET status = 'SUSPENDED' WHERE code = 'DELTA'",
    "off the list": "DELETE FROM user_institution",
    "role ended": "UPDATE user_role SET end_date = current_date - 2 WHERE role = 'SUPERADMIN'",
    "account inactive": "UPDATE app_user SET status = 'INACTIVE' WHERE username = 'asha'",
    "home suspended": "UPDATE institution SET status = 'SUSPENDED' WHERE code = 'GAMMA'",
    "must change": "UPDATE app_user SET must_change_password = true WHERE username = 'asha'",
}


@pytest.mark.parametrize("change", LOST.values(), ids=LOST)
async def test_rights_that_are_lost_meanwhile(served: Served, operator: Operator, change: str) -> None:
    """No falling back to the own institution, unasked: a change meant for one would be made in the other."""
    await operator.act("DELTA")
    assert (await operator.ask(USERS))["users"]["nodes"] == [{"username": "dev"}]
    async with administering(served) as admin:
        await admin.execute(change)
    # Whoever changes such things by SQL tells nobody; what the server itself changes, it tells.
    served.database.viewers.forget_all()
    response = await operator.send('mutation { createUser(input: { username: "new" }) { errors { code } } }')
    assert response.status_code == 401
    assert only_error(response)[0] == "UNAUTHENTICATED"
    async with administering(served) as admin:
        assert await admin.fetchval("SELECT count(*) FROM app_user WHERE username = 'new'") == 0


async def test_a_suspension_is_seen_at_once_by_all_processes(served: Served, operator: Operator) -> None:
    async with another(served) as other, client_of(other.app()) as client:
        elsewhere = Operator(Api(client), None)
        elsewhere.headers = operator.headers
        await operator.act("DELTA")
        assert (await elsewhere.ask(USERS))["users"]["nodes"] == [{"username": "dev"}]
        suspend = """mutation { suspendInstitution(input: { code: "DELTA", reason: "unpaid" }) { errors { code } } }"""
        assert (await operator.ask(suspend))["suspendInstitution"] == {"errors": []}
        assert (await operator.send(VIEWER)).status_code == 401
        again = Operator(operator.api, await sign_in(operator.api))
        assert [place["acting"] for place in (await again.ask(VIEWER))["viewer"]["institutions"]] == [False, True]
        found = (await again.ask("{ viewer { institutions { code status } } }"))["viewer"]["institutions"]
        assert found == [{"code": "DELTA", "status": "SUSPENDED"}, {"code": "GAMMA", "status": "ACTIVE"}]
