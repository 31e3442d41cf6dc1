"""All that opens an account, made over the API, used as it is meant to be, and as it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

KEY = """mutation { createApiKey(input: { name: "Reports", role: REPORTER }) { key apiKey { id } errors { code } } }"""
REVOKE = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { errors { code } } }"
USER = 'mutation { createUser(input: { username: "newcomer" }) { user { id } errors { code } } }'
RESET = "mutation($id: ID!) { resetPassword(input: { user: $id }) { token errors { code } } }"
SET = "mutation($input: SetPasswordInput!) { setPassword(input: $input) { changed errors { code message } } }"
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token errors { code message } } }"
CHANGE = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { errors { code message } } }"
FOUND = """mutation { createInstitution(input: { code: "FOUNDED", name: "Founded", adminUsername: "first" }) {
    password errors { code }
} }"""
READ = "{ students { totalCount } }"
CHOSEN = ("violet-harbour-41", "amber+lantern:62")
WEAK, INVALID = "newcomer-weak-1", "BAD_USER_INPUT"
OWN_PAGE = {"sec-fetch-site": "same-origin"}


@dataclass
class Client:
    """Every answer with an error in it is kept in `errors`, with its headers, to be looked through."""

    client: httpx.Client
    errors: list[str]

    @classmethod
    def of(cls, port: int, errors: list[str]) -> "Client":
        return cls(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60), errors)

    def stranger(self) -> "Client":
        """Another client of the same server, who has not signed in."""
        return Client(httpx.Client(base_url=self.client.base_url, timeout=60), self.errors)

    def ask(self, query: str, headers: Mapping[str, str] | None = None, **members: Any) -> httpx.Response:
        return self.kept(self.client.post("/graphql", json={"query": query, **members}, headers=headers))

    def kept(self, answer: httpx.Response) -> httpx.Response:
        if '"message"' in answer.text:
            self.errors.append(answer.text + str(answer.headers))
        return answer


def open_all(client: Client, login: dict[str, str]) -> list[str]:
    """What must not be found anywhere afterwards. The client is of an operator who is an ADMIN too."""
    return [*_key(client), *_reset(client, login["institution"]), *_cookie(client, login), *_founded(client)]


def _data(answer: httpx.Response, *codes: str) -> Any:
    """The one payload, whose errors have these codes."""
    (found,) = answer.json()["data"].values()
    assert [error["code"] for error in found["errors"]] == [*codes], found
    return found


def _bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def parts(secret: str) -> list[str]:
    """As it is, and without its kind and its school; the rest may have underscores of its own."""
    return [secret, secret.split("_", 2)[2]]


def _misuse(client: Client, secret: str) -> None:
    """The secret where it opens nothing: cut, of another scheme, in documents, names and addresses."""
    stranger = client.stranger()
    with stranger.client:
        for authorization in (f"Bearer {secret[:-1]}", f"Basic {secret}", f"Bearer {secret} {secret}"):
            assert stranger.ask(READ, headers={"authorization": authorization}).status_code == 401
        stranger.kept(stranger.client.get("/graphql", params={"query": f'{{ me(token: "{secret}") {{ id }} }}'}))
        stranger.kept(stranger.client.get(f"/{secret}"))
    for document in (f'{{ node(id: "{secret}") {{ id }} }}', f'{{ student(id: "stu_{secret}") {{ id }} }}'):
        client.ask(document)
    client.ask(READ, operationName=secret)


def _key(client: Client) -> list[str]:
    made = _data(client.ask(KEY))
    program = client.stranger()
    with program.client:
        program.client.headers.update(_bearer(made["key"]))
        assert program.ask(READ).json()["data"]["students"]["totalCount"] > 0
        assert program.ask(USER).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        _misuse(client, made["key"])
        _data(client.ask(REVOKE, variables={"id": made["apiKey"]["id"]}))
        assert program.ask(READ).status_code == 401
    return parts(made["key"])


def _reset(client: Client, institution: str) -> list[str]:
    """A token that is handed over: refused with a weak password, used, and used again; then a password changed."""
    token = _data(client.ask(RESET, variables={"id": _data(client.ask(USER))["user"]["id"]}))["token"]
    _misuse(client, token)
    person = client.stranger()
    with person.client:
        for password, codes in ((WEAK, [INVALID]), (CHOSEN[0], []), (CHOSEN[1], [INVALID])):
            given = {"token": token, "newPassword": password}
            _data(person.ask(SET, variables={"input": given}), *codes)
        given = {"institution": institution, "username": "newcomer", "password": CHOSEN[0]}
        session = _data(person.ask(LOGIN, variables={"input": given}))["token"]
        person.client.headers.update(_bearer(session))
        for old, new, codes in ((CHOSEN[1], CHOSEN[1], [INVALID]), (CHOSEN[0], WEAK, [INVALID]), (*CHOSEN, [])):
            given = {"currentPassword": old, "newPassword": new}
            _data(person.ask(CHANGE, variables={"input": given}), *codes)
    return [*parts(token), *parts(session), *CHOSEN, WEAK]


def _cookie(client: Client, login: dict[str, str]) -> list[str]:
    """A session in a browser, whose cookie another site's page tries to use."""
    browser = client.stranger()
    with browser.client:
        given: dict[str, Any] = {name: login[name] for name in ("institution", "username", "password")}
        given["cookie"] = True
        answer = browser.ask(LOGIN, variables={"input": given}, headers=OWN_PAGE)
        assert _data(answer)["token"] is None
        (secret,) = answer.cookies.values()
        assert browser.ask(READ, headers=OWN_PAGE).json()["data"]["students"]["totalCount"] > 0
        assert browser.ask(READ, headers={"origin": "https://elsewhere.example"}).status_code == 403
    _misuse(client, secret)
    return parts(secret)


def _founded(client: Client) -> list[str]:
    """A new institution, whose first password is shown once."""
    password = _data(client.ask(FOUND))["password"]
    given = {"institution": "FOUNDED", "username": "first", "password": password}
    first = client.stranger()
    with first.client:
        _data(first.ask(LOGIN, variables={"input": given | {"username": "second"}}), "UNAUTHENTICATED")
        session = _data(first.ask(LOGIN, variables={"input": given}))["token"]
        first.client.headers.update(_bearer(session))
        first.ask(READ)
    return [password, *parts(session)]
