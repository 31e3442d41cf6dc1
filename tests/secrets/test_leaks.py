"""A server with a school is used as it is meant to be, and as it is not: what it leaves behind tells no secret.

Looked through are a dump of the database, all that the programs wrote, PostgreSQL's own log, and every answer with an
error in it; looked for are the national ids and notes of all students, and all that opens anything: tokens of sessions
in headers and cookies, keys of programs, tokens for a new password, passwords, and the sealing keys.
"""

import base64
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.binaries import find_binaries
from app.demo.secrets import HEALTH, MARKS
from app.key_file import FILE_NAME
from app.places import server_account
from app.settings import Settings
from tests.embedded import ask, command, eventually, home, reachable_folder, removed, used
from tests.ports import free_port
from tests.secrets.opening import Client, open_all, parts
from tests.secrets.test_key_commands import given
from tests.test_database_commands import run
from tests.test_serve import listens

LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token errors { message } } }"
READ = "{ students(first: 100) { nodes { id nationalId health identifyingMarks } } }"
FIND = "query($id: String) { students(where: { nationalId: { eq: $id } }) { nodes { id nationalId } } }"
MAKE_OPERATOR = """
    INSERT INTO user_role (institution_id, user_id, role)
    SELECT institution_id, user_id, 'SUPERADMIN' FROM user_role WHERE role = 'ADMIN'
"""
# Where a client may put a national id by mistake: each is refused, and repeats nothing of it.
MISTAKES = [
    "{{ students(where: {{ nationalId: {{ eq: {0} }} }}) {{ totalCount }} }}",
    '{{ students(where: {{ nationalId: {{ eq: "{0}0" }} }}) {{ totalCount }} }}',
    '{{ students(where: {{ nationalId: {{ eq: "{0}", ne: "{0}" }} }}) {{ totalCount }} }}',
    '{{ students(where: {{ nationalId: "{0}" }}) {{ totalCount }} }}',
    "{{ students(where: {{ status: {{ eq: {0} }} }}) {{ totalCount }} }}",
    '{{ students(where: {{ status: {{ eq: "{0}" }} }}) {{ totalCount }} }}',
    '{{ students(where: {{ dateOfBirth: {{ eq: "{0}" }} }}) {{ totalCount }} }}',
    '{{ students(where: {{ createdAt: {{ eq: "{0}" }} }}) {{ totalCount }} }}',
    '{{ students(where: {{ gradeLevel: {{ eq: "{0}" }} }}) {{ totalCount }} }}',
    '{{ students(first: "{0}") {{ totalCount }} }}',
    "{{ students(first: {0}) {{ totalCount }} }}",
    '{{ students(first: 1, after: "{0}") {{ nodes {{ id }} }} }}',
    '{{ students(nationalId: "{0}") {{ nodes {{ id }} }} }}',
    '{{ student(id: "{0}") {{ id }} }}',
    '{{ student(id: "stu_{0}x") {{ id }} }}',
    '{{ node(id: "{0}") {{ id }} }}',
    "{{ student {0} }}",
    '{{ "{0}" }}',
    "{{ students @include(if: {0}) {{ totalCount }} }}",
    'mutation {{ login(input: {{ institution: "A{0}", username: "{0}", password: "{0}" }}) {{ errors {{ code }} }} }}',
    'mutation {{ updateUser(input: {{ id: "{0}", version: 1 }}) {{ errors {{ message }} }} }}',
    'mutation {{ createUser(input: {{ username: "{0}", mobile: "{0}", email: "{0}" }}) {{ errors {{ message }} }} }}',
]
VARIABLES: list[Any] = ["{0}1", 234523452345, ["{0}"], {"eq": "{0}"}, True]


@dataclass
class Left:
    """What there is to look for, and what there is to look through, by where it was found."""

    national_ids: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def sign_in(client: Client, login: dict[str, str], left: Left) -> None:
    names = {name: login[name] for name in ("institution", "username", "password")}
    token = client.ask(LOGIN, variables={"input": names}).json()["data"]["login"]["token"]
    left.secrets += parts(token)
    client.client.headers["authorization"] = f"Bearer {token}"


def use(port: int, data: Path, left: Left) -> None:
    """As an administrator reads and looks up, makes mistakes, and as others try what is not theirs."""
    logins = json.loads((data / "demo-logins.json").read_text())
    left.passwords += [login["password"] for login in logins]
    client = Client.of(port, left.errors)
    with client.client:
        ask_all(client, left, logins)


def ask_all(client: Client, left: Left, logins: list[dict[str, str]]) -> None:
    admin = next(login for login in logins if login["role"] == "ADMIN")
    sign_in(client, admin, left)
    nodes = client.ask(READ).json()["data"]["students"]["nodes"]
    left.national_ids += [node["nationalId"] for node in nodes if node["nationalId"]]
    for digits in left.national_ids[:3]:
        answer = client.ask(FIND, variables={"id": digits}).json()["data"]["students"]["nodes"]
        assert [node["nationalId"] for node in answer] == [digits]
        mistaken(client, digits)
    left.secrets += open_all(client, admin)
    left.found["/metrics"] = client.client.get("/metrics").text
    sign_in(client, next(login for login in logins if login["role"] == "REPORTER"), left)
    for digits in left.national_ids[:3]:
        assert client.ask(FIND, variables={"id": digits}).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    wrong_tokens(client)


def mistaken(client: Client, digits: str) -> None:
    before = len(client.errors)
    for mistake in MISTAKES:
        client.ask(mistake.format(digits))
    for variable in VARIABLES:
        filled = json.loads(json.dumps(variable).replace("{0}", digits).replace("234523452345", str(int(digits))))
        client.ask(FIND, variables={"id": filled})
    client.ask(FIND, variables={"id": digits}, operationName=digits)
    client.kept(client.client.get(f"/graphql?query={{student(id:{digits})}}"))
    client.kept(client.client.get(f"/{digits}"))
    assert len(client.errors) - before >= len(MISTAKES) - 2


def wrong_tokens(client: Client) -> None:
    """A token that ends differently, one in the wrong place, one that is a password."""
    token = client.client.headers.pop("authorization").removeprefix("Bearer ")
    headers = {"authorization": f"Bearer {token[:-1]}"}
    client.ask(READ, headers=headers)
    for query in (f'{{ node(id: "{token}") {{ id }} }}', f"{{ {token} }}", f"{{ student(id: {token}) {{ id }} }}"):
        client.ask(query)


def dump(data: Path) -> str:
    settings = Settings(data=data, database_url=None)
    binaries = find_binaries(settings.pg_bin, server_account())
    libraries = {"LD_LIBRARY_PATH": str(binaries.libraries)} if binaries.libraries else {}
    place = f"host={home(data) / 'socket'} user=postgres dbname=schoolgraph"
    return subprocess.run(
        [binaries.programs / "pg_dump", "--dbname", place], env=libraries, capture_output=True, check=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def left() -> Iterator[Left]:
    left, port = Left(), free_port()
    with removed(reachable_folder()) as data:
        status, said = run("demo", "--students", "60", "--grades", "3", "--attendance", "3", data=data)
        assert status == 0, said
        left.found["the demo's output"] = said
        with command("serve", "--port", str(port), data=data) as process:
            assert eventually(lambda: process.poll() is not None or listens(port))
            with used(data) as urls:
                ask(urls.owner, MAKE_OPERATOR)
            use(port, data, left)
            left.found["a dump of the database"] = dump(data)
            process.send_signal(signal.SIGTERM)
            said, logged = process.communicate(timeout=60)
        left.found |= {"the server's output": said, "the server's log": logged}
        left.found["PostgreSQL's log"] = (home(data) / "server.log").read_text()
        left.secrets += [each for text in given(data / FILE_NAME).values() for each in (text, text.partition(":")[2])]
        yield left


def spelled(text: str) -> set[str]:
    """As it is, as bytea shows it, in base64, and a number as people group it."""
    raw = text.encode()
    found = {text, raw.hex(), base64.b64encode(raw).decode(), json.dumps(text)[1:-1]}
    if text.isdigit():
        found |= {f"{text[:4]}{sign}{text[4:8]}{sign}{text[8:]}" for sign in " -"}
    return found


def test_there_is_something_to_look_for_and_through(left: Left) -> None:
    assert len(left.national_ids) > 20
    assert len(left.errors) > 100
    assert len(left.secrets) > 20
    assert len(left.passwords) == 2
    assert "schoolgraph_requests_total" in left.found["/metrics"]
    assert "schoolgraph.operation" in left.found["the server's log"]
    dumped = left.found["a dump of the database"]
    assert {f"COPY public.{table} (" in dumped for table in ("student", "audit_log", "session")} == {True}
    sealed = re.findall(r"\\\\x010001[0-9a-f]{80}", dumped)
    assert len(sealed) >= len(left.national_ids)
    assert left.found["PostgreSQL's log"]


@pytest.mark.parametrize(
    "place",
    [
        "the demo's output",
        "a dump of the database",
        "the server's output",
        "the server's log",
        "PostgreSQL's log",
        "/metrics",
    ],
)
def test_what_is_left_behind_tells_no_secret(left: Left, place: str) -> None:
    assert leaks(left.found[place], left) == []
    # The logins of the demo are printed on purpose, when it is made and when it is served.
    if place not in ("the demo's output", "the server's output"):
        assert [each for each in left.passwords if each in left.found[place]] == []


def test_no_error_tells_a_secret(left: Left) -> None:
    assert [error for error in left.errors if leaks(error, left)] == []


def leaks(text: str, left: Left) -> list[str]:
    looked_for = [*left.national_ids, *HEALTH, *MARKS, *(each for each in left.secrets if each)]
    return [each for secret in looked_for for each in spelled(secret) if each in text]
