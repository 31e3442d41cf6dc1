"""`python -m app serve` from the outside: its port, its signals, what it leaves behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.embedded import command, eventually, homes, reachable_folder, removed, stopped
from tests.ports import free_port

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Kept for the module: the first start makes the database, the others find it."""
    with removed(reachable_folder()) as folder:
        yield folder


@pytest.fixture
def port() -> int:
    return free_port()


@contextlib.contextmanager
def serving(port: int, data: Path, *options: str, **environment: str) -> "Iterator[subprocess.Popen[str]]":
    """A server that answers."""
    with command("serve", "--port", str(port), *options, data=data, **environment) as process:
        try:
            assert eventually(lambda: process.poll() is not None or listens(port))
            # Who connects early waits until the server is up.
            assert httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=120).status_code == 200
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def test_ctrl_c_stops_both_servers(port: int, data: Path) -> None:
    with serving(port, data) as process:
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/graphql" in said
    assert stopped(data)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_service_manager_stops_both_servers(port: int, data: Path, workers: str) -> None:
    with serving(port, data, "--workers", workers) as process:
        httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": "query Last { __typename }"})
        process.terminate()
        said = "".join(filter(None, process.communicate(timeout=60)))
    assert process.returncode == 0
    assert stopped(data)
    assert not listens(port)
    # No line of the log is lost with the process that it was to be written by.
    assert said.count('"operation":"Last"') == 1
    assert said.count("Application shutdown complete") == int(workers)


def test_whichever_worker_is_asked_tells_what_all_have_counted(port: int, data: Path) -> None:
    address = f"http://127.0.0.1:{port}"

    def told() -> bool:
        return (
            'schoolgraph_requests_total{status="200",type="query"} 20.0'
            in httpx.get(f"{address}/metrics", timeout=60).text
        )

    with serving(port, data, "--workers", "2") as process:
        for _ in range(20):
            # Each connection is taken by either of the two.
            assert httpx.post(f"{address}/graphql", json={"query": "{ __typename }"}, timeout=60).status_code == 200
        assert eventually(told)
        assert all(told() for _ in range(20))
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers outlive the process that started them")
def test_killed_it_leaves_neither_workers_nor_database(port: int, data: Path) -> None:
    with serving(port, data, "--workers", "2") as process:
        process.kill()
        process.wait()
        assert eventually(lambda: stopped(data) and not listens(port))


def test_a_taken_port_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with command("serve", "--port", str(number), data=tmp_path / "data") as process:
            _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == f"Port {number} of 127.0.0.1 is taken by another program; choose one that is free: make run PORT=…\n"
    assert not (tmp_path / "data").exists()


def test_only_this_machine_can_connect(port: int, data: Path) -> None:
    with serving(port, data), socket.socket() as outside:
        # All of 127.0.0.0/8 is this machine's on Linux, so another address of it stands for the outside.
        assert outside.connect_ex(("127.0.0.2", port)) != 0


def test_addresses_that_clients_give_themselves_are_not_believed(port: int, data: Path) -> None:
    """Else each attempt to guess a password would come from another address."""
    login = """mutation { login(input: {institution: "X", username: "x", password: "x"}) { errors { code } } }"""
    at_once = {"SCHOOLGRAPH_LOGIN_REFUSAL_SECONDS": "0"}
    with serving(port, data, **at_once), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        statuses = {
            client.post("/graphql", json={"query": login}, headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
            for number in range(40)
        }
    assert statuses == {200, 429}


def test_a_wrong_setting_stops_the_start(tmp_path: Path) -> None:
    with command("migrate", data=tmp_path, SCHOOLGRAPH_POOL_MIN="none") as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("SCHOOLGRAPH_POOL_MIN=none: Input should be a valid integer")
    assert len(said.splitlines()) == 1
    assert homes(tmp_path) == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("owner:hidden@127.0.0.1:{port}/school", "Connect call failed"),
        ("owner:hidden@nowhere.invalid/school", ""),
        ("/school?user=owner&password=hidden&host=/nowhere", "No such file or directory"),
        ("owner:hidden@127.0.0.1:{port}/school?sslmode=verify-full&sslrootcert=/nowhere", "No such file or directory"),
    ],
)
@pytest.mark.parametrize("name", ["migrate", "serve"])
def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path, port: int, name: str, place: str, told: str) -> None:
    url = "postgresql://" + place.format(port=free_port())
    arguments = ["serve", "--port", str(port)] if name == "serve" else [name]
    owner = {} if name == "serve" else {"DATABASE_OWNER_URL": url}
    with command(*arguments, data=tmp_path, DATABASE_URL=url, **owner) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("The database cannot be reached: ")
    assert told in said
    assert len(said.splitlines()) == 1
    assert "hidden" not in said


def test_migrating_needs_the_owner(tmp_path: Path) -> None:
    with command("migrate", data=tmp_path, DATABASE_URL="postgresql://api@db.example.org/school") as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        1,
        "DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables\n",
    )
