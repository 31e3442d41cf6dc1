"""The explorer as people use it: a real browser, a real server, a school with marks."""

import pytest

from tests.explorer.browser import hold, require, scenarios
from tests.explorer.conftest import LiveServer

SCENARIOS = (
    "anybody reads the schema and its documentation",
    "what needs a user leads to the form",
    "a wrong password is refused",
    "the keyboard signs in, and every request is signed",
    "a session outlives a reload of its tab",
    "every example answers without an error",
    "a session that the server refuses leads back to the form",
    "signing out leaves nothing behind",
    "the next person finds an empty workspace",
    "a server out of reach is said plainly",
)


@pytest.fixture(autouse=True, scope="session")
def browser() -> None:
    require()


async def test_every_scenario_is_run() -> None:
    assert await scenarios() == list(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_scenario(scenario: str, live_server: LiveServer) -> None:
    institution, username, password = live_server.login
    site = {"url": live_server.url, "institution": institution, "username": username, "password": password}
    await hold(scenario, site)
