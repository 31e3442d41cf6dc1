"""Committed databases for imports: a fresh one a test, and one with a school that refused files must leave alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.importing.oneroster import Options, import_oneroster
from app.importing.report import Outcome, Report
from app.urls import Urls, asyncpg_url
from models import Base
from resolvers.institution.institution import create_institution
from tests.database import copy, owner_session
from tests.importing.packages import Tables, files, sound, write_zip
from tests.importing.uci import Uci, open_uci

Import = Callable[..., Awaitable[Report]]


@pytest.fixture
async def rows(empty_database: Urls) -> AsyncIterator[Callable[..., Awaitable[list[Any]]]]:
    """Run a SELECT as the owner; each row as a tuple."""
    assert empty_database.owner
    connection = await asyncpg.connect(asyncpg_url(empty_database.owner))

    async def fetch(sql: str, *values: Any) -> list[Any]:
        return [tuple(row) for row in await connection.fetch(sql, *values)]

    yield fetch
    await connection.close()


@pytest.fixture
def bring(empty_database: Urls, tmp_path: Path) -> Import:
    """Import tables, written as a zip, into the test's database; errors fail the test unless it is `refused`."""

    async def run(tables: Tables, *, refused: bool = False, mode: str = "bulk", **given: Any) -> Report:
        written = {name: given.pop(name) for name in ("version", "without") if name in given}
        path = write_zip(tmp_path / "package.zip", files(tables, mode=mode, **written))
        report = await import_oneroster(empty_database, path, Options(**given))
        assert report.failed == refused, report.findings.errors
        return report

    return run


@pytest.fixture(scope="session")
async def filled_database(server: Urls, template: Urls, tmp_path_factory: pytest.TempPathFactory) -> Urls:
    """A school of an import, and one set up by hand, for files that must change nothing."""
    urls = await copy(server, "suite_imported")
    async with owner_session(urls) as session:
        await create_institution(session, "SOUTH", "South School")
    path = write_zip(tmp_path_factory.mktemp("sound") / "package.zip", files(sound()))
    report = await import_oneroster(urls, path)
    assert [each.outcome for each in report.institutions] == [Outcome.IMPORTED]
    return urls


@pytest.fixture(scope="session")
async def as_filled(filled_database: Urls) -> dict[str, str]:
    """The checksums of that database, to which nothing may happen."""
    return await checksums(filled_database)


async def checksums(urls: Urls) -> dict[str, str]:
    """A checksum of all rows of each table, whatever their order."""
    assert urls.owner
    each = "SELECT '{0}', md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {0} t"
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        rows = await connection.fetch(" UNION ALL ".join(each.format(table) for table in Base.metadata.tables))
        return {name: checksum for name, checksum in rows}
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def uci(server: Urls, template: Urls) -> AsyncIterator[Uci]:
    """The UCI schools, for tests that only read."""
    async with open_uci(server) as schools:
        yield schools
