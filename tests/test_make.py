"""`make` says plainly what is missing, on machines that lack something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT


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


def make(checkout: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Its status, and the lines that are not make's own."""
    # Not as a part of the make that runs the tests.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PIP_"))}
    ended = subprocess.run(
        ["make", *arguments], cwd=checkout, env=kept | environment, capture_output=True, text=True, check=False
    )
    return ended.returncode, "".join(line for line in ended.stderr.splitlines(True) if not line.startswith("make: "))


def test_help_names_every_command() -> None:
    ended = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in ended.stdout.splitlines() if line.startswith("make ")]
    assert {"run", "test", "check", "fix", "bench", "migrate"} < set(listed)


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
