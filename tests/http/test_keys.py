"""API keys as a program uses them: what each role may do, how they end, and what guessing gets."""

import asyncio
import datetime
from typing import Any

import pytest

from app.urls import Urls
from tests.http.conftest import GRAPHQL, Api, client_of, only_error
from tests.http.school import Served, administering, bearer, fill, serving, sign_in
from tests.http.test_revocations import SPANS, another, until_heard, until_refused
from tests.http.test_sign_in import counting, from_address
from tests.waiting import until

MAKE = """mutation($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { key apiKey { id } errors { code field } }
}"""
REVOKE = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { revokedAt } errors { code } } }"
VIEWER = "{ viewer { kind roles user { id } session { id } institutions { code home acting } } me { id } }"
STUDENTS = "{ students { nodes { fullName caste nationalId } } }"
CREATE = 'mutation { createUser(input: { username: "made" }) { user { username } errors { code } } }'
HERE, THERE = "192.0.2.1", "192.0.2.2"
ROLES = ["ADMIN", "REGISTRAR", "REPORTER"]


async def make(api: Api, role: str = "REPORTER", **given: Any) -> tuple[str, str]:
    """A key and its id, made by the school's administrator."""
    values = {"name": f"{role} {given}", "role": role, **given}
    answer = await api.post(MAKE, headers=bearer(await sign_in(api)), variables={"input": values})
    made = answer.json()["data"]["createApiKey"]
    assert made["errors"] == []
    return made["key"], made["apiKey"]["id"]


async def ask(api: Api, key: str, query: str, **variables: Any) -> Any:
    return (await api.post(query, headers=bearer(key), variables=variables)).json()


@pytest.mark.parametrize("role", ROLES)
async def test_a_key_reads_as_its_role(served: Served, role: str) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        api = Api(client)
        await admin.execute("UPDATE student SET caste = 'none'")
        key, _ = await make(api, role)
        body = await ask(api, key, STUDENTS)
        (student,) = body["data"]["students"]["nodes"]
        assert student["caste"] == "none"
        hidden = [each["path"] for each in body.get("extensions", {}).get("redactions", [])]
        assert hidden == (["students.nodes.*.nationalId"] if role == "REPORTER" else [])
        assert (await ask(api, key, VIEWER))["data"] == {
            "viewer": {
                "kind": "API_KEY",
                "roles": [role],
                "user": None,
                "session": None,
                "institutions": [{"code": "GAMMA", "home": True, "acting": True}],
            },
            "me": None,
        }


MUTATIONS = {
    CREATE: {"ADMIN"},
    'mutation { createApiKey(input: { name: "x", role: REPORTER }) { key errors { code } } }': set(),
    'mutation { actIn(input: { institution: "GAMMA" }) { errors { code } } }': set(),
    'mutation { changePassword(input: { currentPassword: "x", newPassword: "y" }) { errors { code } } }': set(),
    "mutation { logout { ended errors { code } } }": set(),
}


def refusals(body: Any) -> list[str]:
    """Codes of what was refused, of the field or in its payload."""
    errors = [error["extensions"]["code"] for error in body.get("errors", ())]
    payload = next(iter((body["data"] or {}).values()))
    return errors + [error["code"] for error in (payload or {}).get("errors", ())]


@pytest.mark.parametrize("role", ROLES)
async def test_a_key_changes_what_its_role_may(served: Served, role: str) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        api = Api(client)
        key, _ = await make(api, role)
        before = await admin.fetchval("SELECT count(*) FROM audit_log")
        for mutation, roles in MUTATIONS.items():
            assert refusals(await ask(api, key, mutation)) == ([] if role in roles else ["FORBIDDEN"]), mutation
        made = await admin.fetch("SELECT username FROM app_user WHERE username <> 'asha'")
        assert [row[0] for row in made] == (["made"] if role == "ADMIN" else [])
        if role != "ADMIN":
            assert await admin.fetchval("SELECT count(*) FROM audit_log") == before
        assert await admin.fetchval("SELECT count(*) FROM session") == 1


async def test_the_trail_names_the_key(served: Served) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        api = Api(client)
        key, _ = await make(api, "ADMIN")
        key_id = await admin.fetchval("SELECT id FROM api_key")
        assert refusals(await ask(api, key, CREATE)) == []
        entries = "SELECT DISTINCT actor_kind, actor_id FROM audit_log WHERE table_name = 'app_user' AND actor_id > 0"
        assert ("API_KEY", key_id) in [tuple(row) for row in await admin.fetch(entries)]
        made = "SELECT actor_kind, actor_id FROM activity_log WHERE action = 'user.create'"
        assert [tuple(row) for row in await admin.fetch(made)] == [("API_KEY", key_id)]
        await ask(api, key, "query Look { students { nodes { fullName } } }")

        async def told() -> bool:
            found = await admin.fetch("SELECT actor_kind, actor_id, purpose FROM access_log")
            return [tuple(row) for row in found] == [("API_KEY", key_id, "Look")]

        await until(told)


async def test_its_use_is_shown(served: Served) -> None:
    async with client_of(served.app()) as client:
        api = Api(client)
        key, id = await make(api)
        token = await sign_in(api)
        used = "query($id: ID!) { apiKey(id: $id) { lastUsedAt } }"

        async def last_used() -> Any:
            response = await api.post(used, headers=bearer(token), variables={"id": id})
            return response.json()["data"]["apiKey"]["lastUsedAt"]

        assert await last_used() is None
        before = datetime.datetime.now(datetime.UTC)
        await ask(api, key, STUDENTS)

        async def shown() -> bool:
            return await last_used() is not None

        await until(shown)
        assert datetime.datetime.fromisoformat(await last_used()) >= before


@pytest.mark.usefixtures("long_memory")
async def test_a_key_that_is_taken_back_is_refused_at_once_by_all_processes(served: Served) -> None:
    async with another(served) as other, client_of(served.app()) as client, client_of(other.app()) as elsewhere:
        api = Api(client)
        key, id = await make(api)
        for each in (api, Api(elsewhere)):
            assert "errors" not in await ask(each, key, STUDENTS)
        await api.post(REVOKE, headers=bearer(await sign_in(api)), variables={"id": id})
        response = await api.post(STUDENTS, headers=bearer(key))
        assert response.status_code == 401
        assert only_error(response)[0] == "UNAUTHENTICATED"
        await until_refused(other.app(), key)


@pytest.mark.usefixtures("long_memory")
async def test_a_key_is_not_remembered_beyond_its_end(served: Served) -> None:
    await until_heard(served)
    async with client_of(served.app()) as client, administering(served) as admin:
        api = Api(client)
        key, _ = await make(api)
        for seconds in SPANS:
            ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
            await admin.execute("UPDATE api_key SET expires_at = $1", ends)
            if "errors" not in await ask(api, key, STUDENTS):
                break
            assert datetime.datetime.now(datetime.UTC) >= ends
        await until_refused(served.app(), key)
        assert datetime.datetime.now(datetime.UTC) >= ends


BAD = {
    "revoked": "UPDATE api_key SET revoked_at = now()",
    "expired": "UPDATE api_key SET created_at = now() - interval '1 hour', expires_at = now() - interval '1 second'",
    "suspended": "UPDATE institution SET status = 'SUSPENDED'",
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
async def test_a_bad_key_costs_and_says_what_an_unknown_one_does(
    served: Served, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        api = Api(client)
        key, _ = await make(api)
        await admin.execute(change)
        answers, costs = [], []
        kind, institution, secret = key.split("_", 2)
        # The first is not counted: it prepares the statement.
        for token in (key, key, f"{kind}_{institution}_{secret[::-1]}", f"{kind}_987654321_{secret}"):
            with counting(served, monkeypatch) as done:
                response = await api.post(STUDENTS, headers=bearer(token))
            answers.append((response.status_code, response.json(), response.headers["www-authenticate"]))
            costs.append(done)
        assert answers == [answers[0]] * 4
        assert costs[1:] == [costs[1]] * 3
        assert len(costs[1]) == 2


async def test_an_address_that_brings_bad_keys_must_wait(empty_database: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(empty_database)
    async with serving(empty_database, token_failures_per_minute=3) as served:
        await until_heard(served)
        async with from_address(served, THERE) as client:
            good, _ = await make(Api(client))
            assert "errors" not in await ask(Api(client), good, STUDENTS)
        async with from_address(served, HERE) as client:
            api = Api(client)
            bad = [api.post(STUDENTS, headers=bearer(f"{good[:-1]}{n}"[: len(good)] + "x")) for n in range(7)]
            answers = await asyncio.gather(*bad)
            assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 4
            with counting(served, monkeypatch) as done:
                for accept in (GRAPHQL, "application/json"):
                    response = await api.post(STUDENTS, accept=accept, headers=bearer("sgk_1_" + "x" * 43))
                    assert response.status_code == 429
                    assert only_error(response)[0] == "RATE_LIMITED"
                    assert 0 < int(response.headers["retry-after"]) <= 20
            assert done == []
            # What is known to be good is not looked up, and a new session can always be opened.
            assert "errors" not in await ask(api, good, STUDENTS)
            login = await api.post("mutation { logout { ended errors { code } } }", headers=bearer("sgk_1_" + "x" * 43))
            assert login.json()["data"]["logout"] == {"ended": 0, "errors": []}
            assert await sign_in(api) is not None
        async with from_address(served, THERE) as client:
            assert (await Api(client).post(STUDENTS, headers=bearer("sgk_1_" + "x" * 43))).status_code == 401


async def test_good_keys_are_never_slowed(empty_database: Urls) -> None:
    await fill(empty_database)
    async with serving(empty_database, token_failures_per_minute=1) as served, from_address(served, HERE) as client:
        key, _ = await make(Api(client))
        for _ in range(5):
            served.database.viewers.forget_all()
            assert "errors" not in await ask(Api(client), key, STUDENTS)


ADMINISTERING = [
    'createUser(input: { username: "more", roles: [{ role: ADMIN }] })',
    'grantRole(input: { user: "usr_1", role: ADMIN })',
    'updateUser(input: { id: "usr_1", version: 1, email: "mine@example.org" })',
    'resetPassword(input: { user: "usr_1" })',
    'retireUser(input: { id: "usr_1", version: 1 })',
]


@pytest.mark.parametrize("mutation", ADMINISTERING, ids=lambda each: each.partition("(")[0])
async def test_nobody_becomes_an_administrator_by_a_key(served: Served, mutation: str) -> None:
    async with client_of(served.app()) as client, administering(served) as admin:
        key, _ = await make(Api(client), "ADMIN")
        before = await admin.fetchval("SELECT count(*) FROM audit_log")
        assert refusals(await ask(Api(client), key, f"mutation {{ {mutation} {{ errors {{ code }} }} }}")) == [
            "FORBIDDEN"
        ]
        assert await admin.fetchval("SELECT count(*) FROM audit_log") == before
