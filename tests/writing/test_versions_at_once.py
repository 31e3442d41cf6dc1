"""Two who change the same version of the same record at the same time: one does, the other is told of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.database import Database
from app.owner import owner_session
from app.settings import Settings
from app.urls import Urls
from resolvers.institution.institution import create_institution
from tests.conftest import School
from tests.database import copy, drop
from tests.writing.at_once import one_after_the_other
from tests.writing.conftest import Committed
from tests.writing.good_calls import CALLS
from tests.writing.test_all_mutations import GONE, VERSIONED, shown

CODE = "DELTA"


@pytest.fixture(scope="module")
async def database(server: Urls, template: Urls) -> AsyncIterator[Committed]:
    """A database for all of them, as each has a school of its own."""
    urls = await copy(server, "versions")
    opened = await Database.open(urls, Settings(database_url=None))
    yield Committed(urls, opened, 0, ("", ""))
    await opened.close()
    await drop(server, "versions")


@pytest.mark.parametrize("name", VERSIONED)
async def test_of_two_at_once_one_is_told_of_the_other(database: Committed, name: str) -> None:
    async with owner_session(database.urls) as session:
        school = await create_institution(session, f"{CODE}{VERSIONED.index(name)}", "Delta School")
        given = await CALLS[name](session, School(school.id, CODE))
    asked = name, shown(name), given
    first, second = await one_after_the_other(replace(database, institution_id=school.id), asked, asked)
    assert first["errors"] == []
    (error,) = second["errors"]
    if name.startswith(GONE):
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["id"])
        return
    assert (error["code"], error["field"], error["currentVersion"]) == ("CONFLICT", ["version"], given["version"] + 1)
    if "record" in first:
        assert second["record"] == first["record"]
