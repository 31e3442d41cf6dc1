"""The audits of graphql-http, the reference for GraphQL over HTTP, against a real server; they need Node."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.http.conftest import listening
from tests.http.sample import NoDatabase

AUDIT = Path(__file__).parent.parent / "audit"
AUDITS = 61


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, cwd=AUDIT, stdout=asyncio.subprocess.PIPE)
    output, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.fixture(scope="session")
async def node() -> str:
    """The Node program, with the audits installed from their lock file."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node is not installed: the audits of GraphQL over HTTP have NOT been run")
    if not (AUDIT / "node_modules" / "graphql-http").is_dir():
        await run(npm, "ci", "--no-audit", "--no-fund", "--silent")
    return node


async def test_every_audit_passes(node: str) -> None:
    async with listening(create_app(Settings(), NoDatabase())) as port:
        output = await run(node, "audit.mjs", f"http://127.0.0.1:{port}/graphql")
    results: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]

    assert [result for result in results if result["status"] != "ok"] == []
    assert len({result["id"] for result in results}) == AUDITS
