"""`bootstrap`, `migrate` and `serve` on a database that somebody else runs."""

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.bootstrap import ROLES
from app.urls import Urls
from tests.embedded import ask, command, eventually, reachable_folder, removed, used
from tests.ports import free_port


@pytest.fixture(scope="module")
def outside() -> Iterator[Urls]:
    """A cluster with nothing in it; to the commands it is a server like any other."""
    with removed(reachable_folder()) as folder, used(folder) as urls:
        yield urls


def run(*arguments: str, data: Path, **environment: str) -> tuple[int, str]:
    with command(*arguments, data=data, **environment) as process:
        said, wrong = process.communicate(timeout=120)
    return process.returncode, said + wrong


def test_roles_then_tables_then_the_server(outside: Urls, tmp_path: Path) -> None:
    assert outside.admin is not None
    assert outside.owner is not None
    told = f"The roles exist: {', '.join(ROLES)}.\n"
    for _ in range(2):
        found = run("bootstrap", data=tmp_path, DATABASE_URL=outside.api, DATABASE_ADMIN_URL=outside.admin)
        assert found == (0, told)
    urls = {"DATABASE_URL": outside.api, "DATABASE_OWNER_URL": outside.owner}
    assert run("migrate", data=tmp_path, **urls) == (0, "The database is at the newest version.\n")
    assert ask(outside.owner, "SELECT count(*) FROM alembic_version") == 1
    assert ask(outside.owner, "SELECT tableowner FROM pg_tables WHERE tablename = 'student'") == "schoolgraph_owner"
    assert list(tmp_path.iterdir()) == []


def test_serving_without_the_owner_takes_the_database_as_it_is(outside: Urls, tmp_path: Path) -> None:
    assert outside.admin is not None
    assert run("bootstrap", data=tmp_path, DATABASE_URL=outside.api, DATABASE_ADMIN_URL=outside.admin)[0] == 0
    port = free_port()
    with command("serve", "--port", str(port), data=tmp_path, DATABASE_URL=outside.api) as process:
        assert eventually(lambda: answers(port) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.startswith("DATABASE_OWNER_URL is not set: the database is taken as it is, without migrations.\n")
    assert ask(outside.admin, "SELECT 1") == 1


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=60).status_code == 200
    except httpx.ConnectError:
        return False


def test_roles_are_made_by_somebody_who_may(tmp_path: Path) -> None:
    found = run("bootstrap", data=tmp_path, DATABASE_URL="postgresql://api@db.example.org/school")
    assert found == (1, "DATABASE_ADMIN_URL is not set: roles are made by a role that may create roles\n")
