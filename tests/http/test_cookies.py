"""A session that a browser keeps: how the cookie is set, and from which pages it counts."""

from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest

from tests.http.conftest import Api, client_of, only_error
from tests.http.school import PASSWORD, Served, administering, bearer, sign_in

APP = "https://app.example.org"
ELSEWHERE = "https://elsewhere.example.org"
HERE = "https://school.test"
PROTECTED, LOOPBACK = "__Host-schoolgraph", "schoolgraph"
ACCOUNT = {"institution": "GAMMA", "username": "asha", "password": PASSWORD, "cookie": True}
LOGIN = """mutation($input: LoginInput!) { login(input: $input) {
    token expiresAt user { username } errors { code field message }
} }"""
ME = "{ me { username } }"
FOUND = {"data": {"me": {"username": "asha"}}}
SAME_ORIGIN = {"sec-fetch-site": "same-origin", "origin": HERE}


async def open_session(api: Api, **headers: str) -> httpx.Response:
    return await api.post(LOGIN, variables={"input": ACCOUNT}, headers=SAME_ORIGIN | headers)


def kept(response: httpx.Response) -> tuple[str, str]:
    """Name and value of the one cookie that a response sets."""
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    return morsel.key, morsel.value


def with_cookie(response: httpx.Response, **headers: str) -> dict[str, str]:
    name, value = kept(response)
    return {"cookie": f"theme=dark; {name}={value}"} | {key.replace("_", "-"): each for key, each in headers.items()}


@pytest.mark.parametrize(
    ("host", "attributes"),
    [
        ("school.test", f"{PROTECTED}={{}}; Path=/; HttpOnly; SameSite=Strict; Secure"),
        ("school.test:8443", f"{PROTECTED}={{}}; Path=/; HttpOnly; SameSite=Strict; Secure"),
        ("192.0.2.1:8000", f"{PROTECTED}={{}}; Path=/; HttpOnly; SameSite=Strict; Secure"),
        ("localhost.example.org", f"{PROTECTED}={{}}; Path=/; HttpOnly; SameSite=Strict; Secure"),
        ("localhost:8000", f"{LOOPBACK}={{}}; Path=/; HttpOnly; SameSite=Strict"),
        ("app.localhost:8000", f"{LOOPBACK}={{}}; Path=/; HttpOnly; SameSite=Strict"),
        ("127.0.0.1:8000", f"{LOOPBACK}={{}}; Path=/; HttpOnly; SameSite=Strict"),
        ("[::1]:8000", f"{LOOPBACK}={{}}; Path=/; HttpOnly; SameSite=Strict"),
    ],
)
async def test_the_token_is_in_the_cookie_and_nowhere_else(served: Served, host: str, attributes: str) -> None:
    async with client_of(served.app()) as client:
        response = await open_session(Api(client), host=host)
        found = response.json()["data"]["login"]
        value = kept(response)[1]
        again = await Api(client).post(ME, headers=with_cookie(response, host=host, sec_fetch_site="same-origin"))
    assert found | {"expiresAt": None} == {"token": None, "expiresAt": None, "user": {"username": "asha"}, "errors": []}
    assert found["expiresAt"] is not None
    assert response.headers["set-cookie"] == attributes.format(value)
    assert value.startswith("sgs_")
    assert value not in response.text
    assert again.json() == FOUND
    assert "set-cookie" not in again.headers


TRUSTED = [
    SAME_ORIGIN,
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-site", "origin": APP},
    {"sec-fetch-site": "cross-site", "origin": APP},
    {"origin": APP},
    {"origin": HERE},
    {"origin": HERE.upper()},
    {"graphql-require-preflight": "1"},
]
NOT_TRUSTED = [
    {},
    {"origin": ELSEWHERE},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://school.test"},
    {"origin": "https://school.test:8443"},
    {"origin": "https://school.test.example.org"},
    {"sec-fetch-site": "cross-site", "origin": ELSEWHERE},
    {"sec-fetch-site": "cross-site", "origin": HERE},
    {"sec-fetch-site": "same-site", "origin": "https://other.school.test"},
    {"sec-fetch-site": "none", "graphql-require-preflight": "1"},
    {"sec-fetch-site": "cross-site", "graphql-require-preflight": "1"},
    {"origin": ELSEWHERE, "graphql-require-preflight": "1"},
]


@pytest.mark.parametrize("headers", TRUSTED)
async def test_a_cookie_counts_from_pages_that_are_trusted(served: Served, headers: dict[str, str]) -> None:
    async with client_of(served.app(cors_origins=(APP,))) as client:
        cookie = with_cookie(await open_session(Api(client)))
        response = await Api(client).post(ME, headers=cookie | headers)
        params = {"query": ME}
        by_get = await client.get(
            "/graphql", params=params, headers=cookie | headers | {"graphql-require-preflight": "1"}
        )
    assert response.json() == FOUND
    assert by_get.json() == FOUND


@pytest.mark.parametrize("headers", NOT_TRUSTED)
async def test_and_from_no_other(served: Served, headers: dict[str, str]) -> None:
    async with client_of(served.app(cors_origins=(APP,))) as client:
        opened = await open_session(Api(client))
        response = await Api(client).post(ME, headers=with_cookie(opened) | headers)
        by_bearer = await Api(client).post(ME, headers=bearer(kept(opened)[1]) | headers)
        count_before = await sessions(served)
        refused = await Api(client).post(LOGIN, variables={"input": ACCOUNT}, headers=headers)
    assert response.status_code == 403
    assert only_error(response)[0] == "FORBIDDEN"
    # Nobody but a page that has been given it can write it into a header.
    assert by_bearer.json() == FOUND
    # Nor can a page have the browser keep a session that it did not ask for.
    assert "set-cookie" not in refused.headers
    assert refused.json()["data"]["login"]["errors"][0] | {"message": ""} == {
        "code": "FORBIDDEN",
        "field": ["cookie"],
        "message": "",
    }
    assert await sessions(served) == count_before == 1


async def sessions(served: Served) -> Any:
    async with administering(served) as admin:
        return await admin.fetchval("SELECT count(*) FROM session")


async def test_no_origin_counts_where_all_are_let_in(served: Served) -> None:
    async with client_of(served.app(cors_origins=("*",))) as client:
        cookie = with_cookie(await open_session(Api(client)))
        for origin in (ELSEWHERE, "*"):
            assert (await Api(client).post(ME, headers=cookie | {"origin": origin})).status_code == 403


async def test_on_a_loopback_address_a_page_without_tls_is_the_own_one(served: Served) -> None:
    async with client_of(served.app()) as client:
        opened = await open_session(Api(client), host="localhost:8000")
        for origin, status in (("http://localhost:8000", 200), ("http://localhost:5173", 403)):
            headers = with_cookie(opened, host="localhost:8000", origin=origin)
            assert (await Api(client).post(ME, headers=headers)).status_code == status


async def test_a_bearer_token_counts_before_a_cookie(served: Served) -> None:
    async with client_of(served.app()) as client:
        cookie = with_cookie(await open_session(Api(client)), **{"sec-fetch-site": "same-origin"})
        token = await sign_in(Api(client))
        async with administering(served) as admin:
            await admin.execute(
                "UPDATE session SET expires_at = now() - interval '1s' WHERE id = (SELECT min(id) FROM session)"
            )
        by_cookie = await Api(client).post(ME, headers=cookie)
        by_both = await Api(client).post(ME, headers=cookie | bearer(token))
        strange_page = await Api(client).post(ME, headers=cookie | bearer(token) | {"sec-fetch-site": "cross-site"})
    assert by_cookie.status_code == 401
    assert by_both.json() == strange_page.json() == FOUND


async def test_a_good_cookie_does_not_make_up_for_a_bad_token(served: Served) -> None:
    async with client_of(served.app()) as client:
        cookie = with_cookie(await open_session(Api(client)), **{"sec-fetch-site": "same-origin"})
        response = await Api(client).post(ME, headers=cookie | bearer("sgs_1_" + "x" * 43))
    assert response.status_code == 401


@pytest.mark.parametrize("host", ["school.test", "localhost"])
async def test_only_the_name_that_browsers_protect_is_read(served: Served, host: str) -> None:
    """A cookie called `schoolgraph` could be set by a neighbouring host, or without TLS."""
    async with client_of(served.app()) as client:
        opened = await open_session(Api(client), host=host)
        name, value = kept(opened)
        other = LOOPBACK if name == PROTECTED else PROTECTED
        headers = SAME_ORIGIN | {"host": host, "cookie": f"{other}={value}"}
        response = await Api(client).post(ME, headers=headers)
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAUTHENTICATED"]


DEAD = [
    bearer("sgs_1_" + "x" * 43),
    {"authorization": "Basic YTpi"},
    {"cookie": f"{PROTECTED}=sgs_1_{'x' * 43}"} | SAME_ORIGIN,
    {"cookie": f"{PROTECTED}=sgs_1_{'x' * 43}"},
]


@pytest.mark.parametrize("headers", DEAD)
async def test_a_session_that_has_ended_keeps_nobody_from_opening_a_new_one(
    served: Served, headers: dict[str, str]
) -> None:
    account = ACCOUNT | {"cookie": False}
    async with client_of(served.app()) as client:
        response = await Api(client).post(LOGIN, variables={"input": account}, headers=headers)
        again = await Api(client).post(ME, headers=headers)
    assert response.json()["data"]["login"]["errors"] == []
    assert again.status_code in (401, 403)


@pytest.mark.parametrize(
    "document",
    [
        "query Login { __typename }",
        "query Login { login: __typename }",
        "mutation Login($input: LoginInput!) { ...all } fragment all on Mutation { login(input: $input) { token } }",
        "mutation Login($input: LoginInput!) { login(input: $input) { token } __typename }",
    ],
)
async def test_what_else_is_asked_for_needs_a_good_session_or_none(served: Served, document: str) -> None:
    """Only what is plainly nothing but public is carried out in spite of a bad token."""
    variables = {"input": ACCOUNT | {"cookie": False}} if "$input" in document else {}
    async with client_of(served.app()) as client:
        response = await Api(client).post(document, variables=variables, headers=DEAD[0])
    assert response.status_code == 401
    assert await sessions(served) == 0
