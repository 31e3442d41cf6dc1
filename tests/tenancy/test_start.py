"""A server, a worker and the doctor on a database whose rows are open."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.main import worker
from app.tenancy import TenancyError
from app.urls import Urls
from tests.embedded import ask, command, reachable_folder, removed, used
from tests.ports import free_port
from tests.test_database_commands import run


@pytest.fixture(scope="module")
def outside() -> Iterator[Urls]:
    """A database that somebody else runs, at its newest version."""
    with removed(reachable_folder()) as folder, used(folder) as urls:
        assert urls.admin
        assert urls.owner
        told = run("bootstrap", data=folder, DATABASE_URL=urls.api, DATABASE_ADMIN_URL=urls.admin)
        assert told[0] == 0, told
        told = run("migrate", data=folder, DATABASE_URL=urls.api, DATABASE_OWNER_URL=urls.owner)
        assert told[0] == 0, told
        yield urls


def test_a_sound_database_gets_a_clean_bill(outside: Urls, tmp_path: Path) -> None:
    assert run("doctor", data=tmp_path, DATABASE_URL=outside.api) == (
        0,
        "DATABASE_URL\n"
        "  yes  The database can be reached\n"
        "  yes  It is a PostgreSQL that is supported\n"
        "  yes  No school can see another's rows\n",
    )


def test_the_server_does_not_start_as_the_owner(outside: Urls, tmp_path: Path) -> None:
    assert outside.owner
    status, told = serve(tmp_path, DATABASE_URL=outside.owner)
    assert status == 1
    _, first, second, *_ = told.splitlines()
    assert first == "One school could see the rows of another; the server does not start:"
    assert second.startswith("the role schoolgraph_owner owns table public.access_log and ")


def test_the_reading_role_is_asked_about_too(outside: Urls, tmp_path: Path) -> None:
    assert outside.owner
    status, told = serve(tmp_path, DATABASE_URL=outside.api, DATABASE_READ_URL=outside.owner)
    assert status == 1
    assert "the role schoolgraph_owner owns table public.access_log" in told
    assert "schoolgraph_api" not in told


def test_an_open_view_stops_server_worker_and_doctor(
    outside: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = "the view public.everybody is not security_invoker, and the role schoolgraph_api has a right on it"
    ask(outside.owner, "CREATE VIEW everybody AS SELECT * FROM student")
    ask(outside.owner, "GRANT SELECT ON everybody TO schoolgraph_api")
    try:
        status, told = serve(tmp_path, DATABASE_URL=outside.api)
        assert (status, view in told) == (1, True)
        status, told = run("doctor", data=tmp_path, DATABASE_URL=outside.api)
        assert (status, view in told) == (1, True)
        assert "  no   No school can see another's rows\n" in told
        monkeypatch.setenv("DATABASE_URL", outside.api)
        runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        with runner, pytest.raises(TenancyError, match=view):
            runner.run(begin(worker()))
    finally:
        ask(outside.owner, "DROP VIEW everybody")


async def begin(application: Starlette) -> None:
    async with application.router.lifespan_context(application):
        pass


def serve(data: Path, **environment: str) -> tuple[int, str]:
    """Where it does start after all, it is stopped, and its status is 0."""
    with command("serve", "--port", str(free_port()), data=data, **environment) as process:
        try:
            said, wrong = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
    return process.returncode, said + wrong
