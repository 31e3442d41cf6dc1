"""A school behind a real uvicorn, for a browser to visit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.urls import Urls
from models import Role, UserRole
from resolvers.identity.passwords import hash_password
from resolvers.institution.institution import create_institution
from tests.database import copy, owner_session
from tests.explorer.browser import NOT_TESTED
from tests.factories import create_user
from tests.http.conftest import listening
from tests.world import fill

CODE, USERNAME, PASSWORD = "VISITED", "head.teacher", "a browser signs in"


@dataclass(frozen=True)
class LiveServer:
    """Where it listens, and the institution, username and password of an ADMIN."""

    url: str
    login: tuple[str, str, str]


async def make_school(urls: Urls) -> None:
    async with owner_session(urls) as session:
        school = await create_institution(session, CODE, "Visited School")
        await fill(session, school.id, 5)
        user = await create_user(session, school, username=USERNAME, password_hash=await hash_password(PASSWORD))
        session.add(UserRole(institution_id=school.id, user_id=user.id, role=Role.ADMIN))


@pytest.fixture(scope="session")
async def live_server(server: Urls, template: Urls) -> AsyncIterator[LiveServer]:
    urls = await copy(server, "suite_explorer")
    await make_school(urls)
    settings = Settings()
    database = await Database.open(urls, settings)
    try:
        async with listening(create_app(settings, database)) as port:
            yield LiveServer(f"http://127.0.0.1:{port}", (CODE, USERNAME, PASSWORD))
    finally:
        await database.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A skip of all this would be overlooked among the dots."""
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    if any(NOT_TESTED in reason for reason in skipped):
        terminalreporter.write_sep("=", NOT_TESTED, red=True, bold=True)
