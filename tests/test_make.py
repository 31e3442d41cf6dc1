"""`make` says plainly what is missing, on machines that lack something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

pytestmark = pytest.mark.any_database


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing is installed yet."""
    for name in ("Makefile", "requirements.lock", "requirements-node.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "app" / "explorer").mkdir(parents=True)
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run_make(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # Not as a part of the make that runs the tests: that one's level is in what is said, its variables in what is done.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PIP_"))}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=kept | environment, capture_output=True, text=True, check=False
    )


def make(checkout: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Its status, and the lines that are not make's own."""
    ended = run_make(checkout, *arguments, **environment)
    return ended.returncode, "".join(line for line in ended.stderr.splitlines(True) if not line.startswith("make: "))


def test_help_names_every_command() -> None:
    ended = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in ended.stdout.splitlines() if line.startswith("make ")]
    assert {"run", "test", "check", "fix", "bench", "migrate", "audit"} < set(listed)


def test_an_old_python(checkout: Path) -> None:
    old = program(checkout / "python3.9", "exit 1")
    status, said = make(checkout, "install", f"PYTHON={old}")
    assert (status, said) == (2, f"Python 3.11 or newer is needed; {old} is not, or does not run.\n")


def test_no_python(checkout: Path) -> None:
    status, said = make(checkout, "install", "PYTHON=")
    assert status == 2
    assert said.startswith("Python 3.11 or newer is needed, and there is none on the PATH")
    assert not (checkout / ".venv").exists()


def test_python_without_virtual_environments(checkout: Path) -> None:
    """As Debian and Ubuntu ship it."""
    bare = program(checkout / "bare", f'case "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"')
    status, said = make(checkout, "install", f"PYTHON={bare}")
    assert status == 2
    assert said.endswith("On Debian and Ubuntu: apt-get install python3-venv\n")


# What a Python says of itself, changed before it is asked.
OLD = "sys.version_info = (3, 10, 9)"
BARE = "sys.modules['ensurepip'] = None"
PLAIN = "sys.base_prefix = '/opt/made'; sysconfig.get_config_vars()['CONFIG_ARGS'] = None"
QUICK = "sys.base_prefix = '/opt/made'; sysconfig.get_config_vars()['CONFIG_ARGS'] = '--enable-optimizations'"
DEBIAN = "sys.base_prefix = '/usr'; sysconfig.get_config_vars()['CONFIG_ARGS'] = ''"


def chosen(checkout: Path, places: dict[str, str], *arguments: str) -> str:
    """Which Python make takes where the path has these, each by folder and name; one says nothing: it does not run."""
    for place, changed in places.items():
        first = f"import sys, sysconfig; {changed}; exec(sys.argv[1])"
        program(checkout / place, f'exec "{sys.executable}" -c "{first}" "$2"' if changed else "exit 127")
    path = ":".join(dict.fromkeys(str((checkout / place).parent) for place in places))
    make_itself = shutil.which("make")
    assert make_itself
    said = subprocess.run(
        [make_itself, "--eval", "show: ; @echo '$(PYTHON)';", "show", *arguments],
        cwd=checkout,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip().removeprefix(f"{checkout}/")


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ({"own/python3": PLAIN, "system/python3": QUICK}, "system/python3"),
        ({"own/python3": PLAIN, "system/python3": DEBIAN}, "system/python3"),
        ({"own/python3": QUICK, "system/python3": DEBIAN}, "own/python3"),
        ({"own/python3": OLD, "own/python3.13": "", "own/python3.12": PLAIN, "system/python3": BARE}, "own/python3.12"),
        ({"own/python3": PLAIN, "own/python3.11": QUICK}, "own/python3.11"),
        ({"own/python3": PLAIN, "own/python3.12": PLAIN, "system/python3": f"{BARE}; {DEBIAN}"}, "own/python3"),
        ({"own/python3": OLD, "system/python3": BARE}, "system/python3"),
        ({"own/python3": OLD, "with space/python3": f"{OLD}; {QUICK}"}, ""),
    ],
)
def test_the_quickest_python_of_the_path_is_taken(checkout: Path, places: dict[str, str], wanted: str) -> None:
    assert chosen(checkout, places) == wanted
    assert chosen(checkout, places, "PYTHON=named") == "named"


def test_no_registry(checkout: Path) -> None:
    unreachable = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    status, said = make(checkout, "install", f"PYTHON={sys.executable}", **unreachable)
    assert (status, said) == (
        2,
        "The package registry cannot be reached, and a Python package must be fetched from it once.\n",
    )
    assert not (checkout / ".venv" / "installed").exists()


def test_a_full_disk(checkout: Path) -> None:
    full = "case \"$1\" in -m) echo 'OSError: [Errno 28] No space left on device' >&2; exit 1 ;; esac"
    program(checkout / ".venv" / "bin" / "python", full)
    status, said = make(checkout, "install", f"PYTHON={sys.executable}")
    assert (status, said) == (2, "The disk is full: there is no room for a Python package.\n")


def test_what_is_installed_is_left_alone(checkout: Path) -> None:
    program(checkout / ".venv" / "bin" / "python", "exit 0")
    (checkout / ".venv" / "installed").touch()
    assert make(checkout, "install", "PYTHON=") == (0, "")
    # A newer lock is installed.
    later = (checkout / ".venv" / "installed").stat().st_mtime + 10
    os.utime(checkout / "requirements.lock", (later, later))
    assert make(checkout, "install", "PYTHON=")[0] == 2


LOCKS = ["requirements.lock", "requirements-node.lock", "requirements-audit.lock"]
LOCKS += ["app/explorer/package-lock.json", "tests/audit/package-lock.json"]


@pytest.fixture
def audited(checkout: Path) -> Path:
    """A checkout in which all that `make audit` needs is installed, but for the two that ask."""
    for name in LOCKS:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    for name in (".venv/installed", ".cache/audit/installed", "app/explorer/node_modules/.package-lock.json"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
        os.utime(checkout / name, (later := (checkout / LOCKS[0]).stat().st_mtime + 10, later))
    return checkout


def audit(checkout: Path, pip_audit: str, npm: str) -> tuple[int, list[str], list[str]]:
    """Its status, what it says of each lock, and what was complained of."""
    program(checkout / ".cache" / "audit" / "bin" / "pip-audit", pip_audit)
    program(checkout / ".venv" / "bin" / "npm", npm)
    ended = run_make(checkout, "audit")
    complained = [line for line in ended.stderr.splitlines() if not line.startswith("make: ")]
    return ended.returncode, ended.stdout.splitlines(), complained


def test_nothing_is_known_against_what_is_locked(audited: Path) -> None:
    answers = 'echo "No known vulnerabilities found"', 'test "$1" = audit && echo "found 0 vulnerabilities"'
    assert audit(audited, *answers) == (0, [f"{lock}: no known vulnerabilities." for lock in LOCKS], [])


def test_a_known_vulnerability_is_shown_and_all_locks_are_looked_at(audited: Path) -> None:
    found = (
        'case "$*" in *-node.lock) echo "Found 1 known vulnerability in 1 package"; echo "node 1 CVE-1"; exit 1 ;; esac'
    )
    status, said, complained = audit(audited, found, 'echo "2 high severity vulnerabilities"; exit 1')
    assert status == 2
    assert "node 1 CVE-1" in said
    assert said.count("2 high severity vulnerabilities") == 2
    assert complained == [f"{lock}: known vulnerabilities, see above." for lock in LOCKS[1:2] + LOCKS[3:]]
    assert [line for line in said if line.endswith(": no known vulnerabilities.")] == [
        f"{lock}: no known vulnerabilities." for lock in (LOCKS[0], LOCKS[2])
    ]


def test_no_answer_is_not_a_good_one(audited: Path) -> None:
    """Neither is one that knows nothing of a package."""
    skipped = "echo 'ERROR:pip_audit._cli:x: Dependency not found and could not be audited: x (1)' >&2; exit 1"
    down = "echo 'npm warn audit 405'; echo 'npm error audit endpoint returned an error' >&2; exit 1"
    status, said, complained = audit(audited, skipped, down)
    assert (status, said) == (2, [])
    silent = [f"{lock}: the advisory service gave no answer, so nothing is known of it." for lock in LOCKS]
    assert [line for line in complained if line in silent] == silent
    assert complained[0].startswith("ERROR:pip_audit._cli:x: ")
    assert complained[-2] == "npm error audit endpoint returned an error"
