"""A real, headless Chromium on the explorer's page. The scenarios are in `app/explorer/browser`."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from app.explorer_routes import DIST

BROWSER = DIST.parent / "browser"
MODULES = DIST.parent / "node_modules" / "playwright-core"
NOT_TESTED = "THE EXPLORER IS NOT TESTED"
SECONDS = 180


def _program(*names: str) -> str | None:
    """A program of the virtual environment (where the wheel puts node), else of the machine."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return next((found for name in names if (found := shutil.which(name, path=places))), None)


def _needed() -> tuple[dict[str, str], list[str]]:
    """The programs, and what is missing of all that the tests need."""
    programs = {"node": _program("node"), "chromium": _program("chromium", "chromium-browser", "google-chrome")}
    missing = [name for name, path in programs.items() if path is None]
    missing += [f"{path.name} (make explorer)" for path in (DIST, MODULES) if not path.exists()]
    return {name: path for name, path in programs.items() if path}, missing


async def scenarios() -> list[str]:
    listed: list[str] = json.loads(await _node("--list"))
    return listed


async def hold(scenario: str, site: dict[str, Any]) -> None:
    """Fail with what the browser printed, unless the scenario holds."""
    await _node(scenario, SITE=json.dumps(site))


def require() -> None:
    """Skip where there is no browser, but fail where REQUIRE_BROWSER says that there must be one."""
    _, missing = _needed()
    if missing and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER is set, and missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"{NOT_TESTED}. Missing: {', '.join(missing)}")


async def _node(argument: str, **environment: str) -> str:
    programs, _ = _needed()
    process = await asyncio.create_subprocess_exec(
        programs["node"],
        str(BROWSER / "run.mjs"),
        argument,
        env={**os.environ, "CHROMIUM": programs["chromium"], **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = output.decode()
    assert process.returncode == 0, text
    return text
