"""The embedded PostgreSQL under what happens to it: shared, left, killed, interrupted, in the way of itself."""

import contextlib
import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import places
from app.places import DatabaseError, server_account
from app.postgres import cluster
from app.settings import ROOT, Settings
from app.urls import Urls
from tests.embedded import ask, eventually, holder, home, postmaster, reachable_folder, removed, stopped, used

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be in this position")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start sees to it")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One cluster for the tests that leave it stopped."""
    with removed(reachable_folder()) as folder:
        yield folder


@pytest.fixture
def fresh() -> Iterator[Path]:
    with removed(reachable_folder()) as folder:
        yield folder


def test_rows_are_kept_from_run_to_run(fresh: Path) -> None:
    with used(fresh) as urls:
        ask(urls.admin, "CREATE TABLE kept AS SELECT 42 AS value")
    assert stopped(fresh)
    with used(fresh) as urls:
        assert ask(urls.admin, "SELECT value FROM kept") == 42


def test_the_three_urls_lead_to_one_server(data: Path) -> None:
    with used(data) as urls:
        assert urls.owner is not None
        assert urls.api.startswith("postgresql://schoolgraph_api@/schoolgraph?host=%2Ftmp%2F")
        assert urls.owner == urls.api.replace("schoolgraph_api", "schoolgraph_owner")
        assert ask(urls.admin, "SELECT current_user || ' of ' || current_database()") == "postgres of postgres"


def test_options_reach_the_server_and_no_port_is_open(data: Path) -> None:
    with used(data, work_mem="7MB") as urls:
        assert ask(urls.admin, "SELECT current_setting('work_mem')") == "7MB"
        assert ask(urls.admin, "SELECT current_setting('listen_addresses')") == ""
        assert ask(urls.admin, "SELECT current_setting('jit')") == "off"


def test_an_option_that_postgresql_refuses_is_told(data: Path) -> None:
    with (
        pytest.raises(DatabaseError, match='invalid value for parameter "work_mem": "plenty"'),
        used(data, work_mem="plenty"),
    ):
        pass


def test_the_last_one_out_stops_it(data: Path) -> None:
    with holder(data) as first, holder(data) as second:
        assert first.url == second.url
        first.leave()
        assert ask(second.url, "SELECT 1") == 1
        second.leave()
        assert stopped(data)


def test_one_process_can_use_it_twice(data: Path) -> None:
    with used(data) as outer:
        with used(data) as inner:
            assert inner == outer
        assert ask(outer.admin, "SELECT 1") == 1
    assert stopped(data)


def test_many_at_once_start_one(data: Path) -> None:
    with contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(holder(data, wait=False)) for _ in range(3)]
        assert len({ask(each.url, "SELECT pg_postmaster_start_time()") for each in waiting}) == 1


def test_a_killed_user_leaves_no_server(data: Path) -> None:
    with holder(data) as only:
        only.kill()
        assert eventually(lambda: stopped(data))


def test_a_killed_user_does_not_take_the_server_from_another(data: Path) -> None:
    with holder(data) as first, holder(data) as second:
        since = ask(second.url, "SELECT pg_postmaster_start_time()")
        first.kill()
        assert ask(second.url, "SELECT pg_postmaster_start_time()") == since


def test_ctrl_c_stops_it(data: Path) -> None:
    with holder(data) as only:
        only.kill(signal.SIGINT)
        assert stopped(data)


def test_a_killed_server_is_recovered(data: Path) -> None:
    with holder(data) as first:
        ask(first.url, "CREATE TABLE IF NOT EXISTS committed AS SELECT 7 AS value")
        os.kill(postmaster(data), signal.SIGKILL)
        assert eventually(lambda: stopped(data))
        with holder(data) as second:
            assert ask(second.url, "SELECT value FROM committed") == 7
            second.leave()
        # The first one still counts as a user of the server that took over.
        assert ask(first.url, "SELECT value FROM committed") == 7
        first.leave()
        assert stopped(data)


@on_linux
def test_a_killed_keeper_takes_the_server_along(data: Path) -> None:
    with holder(data) as first:
        found = subprocess.run(
            ["ps", "-o", "ppid=", "-p", str(postmaster(data))], capture_output=True, text=True, check=True
        )
        os.kill(int(found.stdout), signal.SIGKILL)
        assert eventually(lambda: stopped(data))
        with holder(data) as second:
            assert ask(second.url, "SELECT 1") == 1
            first.leave()
            assert ask(second.url, "SELECT 1") == 1


def test_a_cluster_that_was_cut_short_is_made_anew(fresh: Path) -> None:
    with used(fresh):
        pass
    whole = home(fresh) / "data"
    whole.rename(whole.with_suffix(".new"))
    (whole.with_suffix(".new") / "PG_VERSION").unlink()
    with used(fresh) as urls:
        assert ask(urls.admin, "SELECT 1") == 1
    assert not whole.with_suffix(".new").exists()


def test_a_lock_file_that_names_another_process_is_not_believed(data: Path) -> None:
    """As after the restart of a container, where the number of a process means another one."""
    with used(data):
        text = (home(data) / "data" / "postmaster.pid").read_text()
    account = server_account()
    with subprocess.Popen(["sleep", "60"], **(account.keywords() if account else {})) as other:
        lock = home(data) / "data" / "postmaster.pid"
        lock.write_text("\n".join([str(other.pid), *text.splitlines()[1:]]) + "\n")
        try:
            with used(data) as urls:
                assert ask(urls.admin, "SELECT 1") == 1
        finally:
            other.kill()


def test_variables_of_libpq_do_not_matter(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGHOST": "example.org",
        "PGPORT": "1",
        "PGDATABASE": "none",
        "PGUSER": "nobody",
        "PGDATA": "/",
    }.items():
        monkeypatch.setenv(name, value)
    with used(data) as urls:
        assert ask(urls.admin, "SELECT current_database()") == "postgres"


def test_a_path_too_long_for_a_socket(fresh: Path) -> None:
    deep = fresh / ("a" * 60) / ("b" * 60)
    with used(deep) as urls:
        assert ask(urls.admin, "SELECT 1") == 1
        folder = Path(ask(urls.admin, "SELECT current_setting('unix_socket_directories')"))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_database_url_starts_nothing(fresh: Path) -> None:
    given = "postgresql://api@127.0.0.1/school"
    with cluster(Settings(data=fresh, database_url=given, database_owner_url=None)) as urls:
        assert urls == Urls(api=given, owner=None, admin=None)
    assert list(fresh.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(fresh: Path) -> None:
    (fresh / "file").touch()
    with (
        pytest.raises(DatabaseError, match=r"The folder of the database cannot be used: .*Not a directory"),
        used(fresh / "file" / "data"),
    ):
        pass


@as_root
def test_root_needs_no_permission_changed(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a folder that only root enters, the cluster lives elsewhere; what is recorded there is found again."""
    closed = fresh / "closed"
    closed.mkdir(mode=0o700)
    (fresh / "state").mkdir(mode=0o755)
    monkeypatch.setattr(places, "STATE", fresh / "state")
    accounts = Path("/etc/passwd").read_bytes()
    with used(closed / "data") as urls:
        ask(urls.admin, "CREATE TABLE kept AS SELECT 42 AS value")
    with used(closed / "data") as urls:
        assert ask(urls.admin, "SELECT value FROM kept") == 42
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert Path("/etc/passwd").read_bytes() == accounts
    place = Path(next((closed / "data").glob("*.path")).read_text().strip())
    assert pwd.getpwuid((place / "data").stat().st_uid).pw_name == "nobody"
    assert stat.S_IMODE((place / "data").stat().st_mode) == 0o700


@as_root
def test_somebody_elses_cluster_is_left_alone(fresh: Path) -> None:
    with used(fresh):
        pass
    os.chown(home(fresh), 65534, -1)
    with (
        pytest.raises(DatabaseError, match=r"belongs to nobody: start as that user, or set SCHOOLGRAPH_DATA"),
        used(fresh),
    ):
        pass


@as_root
@on_linux
def test_a_full_disk_is_told(fresh: Path) -> None:
    script = 'mount -t tmpfs -o size=20m,mode=755 none "$1" && exec "$2" -m tests.embedded "$1"'
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(fresh), sys.executable]
    ended = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if "unshare" in ended.stderr or "mount:" in ended.stderr:
        pytest.skip("no file system can be mounted here")
    assert f"The disk is full: there is no room left for {fresh}" in ended.stderr
