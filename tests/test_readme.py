"""The README's first screen is true: its lines are run against a server that has just made its demo schools."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from app.settings import ROOT
from tests.embedded import reachable_folder, removed
from tests.test_serve import port as port
from tests.test_serve import serving

pytestmark = pytest.mark.any_database

BLOCK = re.compile(r"```sh\n(TOKEN=.*?)```\s+```json\n(.*?)```", re.DOTALL)


def test_the_lines_of_the_readme_print_what_it_shows(port: int) -> None:
    assert shutil.which("curl"), "the README asks with curl"
    found = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    lines, shown = found.groups()
    lines = lines.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    lines = lines.replace(".venv/bin/python -m app token", f"{sys.executable} -m app token --port {port}")

    with removed(reachable_folder()) as data, serving(port, data):
        environment = os.environ | {"SCHOOLGRAPH_DATA": str(data)}
        done = subprocess.run(["sh", "-euc", lines], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(shown)


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_two_commands_come_first(command: str) -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1]
    assert command in first
