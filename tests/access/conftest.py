"""Two schools with somebody of every role, committed in one database and read through the server's own pool."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from app.database import Database
from app.settings import Settings
from app.urls import Urls, sqlalchemy_url
from resolvers.institution.institution import create_institution
from tests.access.schools import Persona, School, read_school
from tests.access.staging import stage
from tests.access.walk import View, read_view
from tests.answers import PLANNING, Answer, run
from tests.database import copy, owner_session

MARK = "ZZZ"


@dataclass(frozen=True)
class Stages:
    """Two schools made alike, but that the texts of the second are marked, and ADMIN's view of each."""

    urls: Urls
    database: Database
    schools: list[School]
    views: list[View]

    async def ask(
        self,
        number: int,
        persona: Persona,
        document: str,
        *,
        refused: bool = False,
        planning: bool = PLANNING,
        **variables: Any,
    ) -> Answer:
        viewer = self.schools[number].viewer(persona)
        return await run(self.database, viewer, document, variables, refused=refused, planning=planning)


@pytest.fixture(scope="session")
async def stages(server: Urls, template: Urls) -> AsyncIterator[Stages]:
    urls = await copy(server, "suite_access")
    async with owner_session(urls) as session:
        ours = await create_institution(session, "OURS", "Our School")
        theirs = await create_institution(session, f"{MARK}2", f"{MARK} School")
        worlds = [await stage(session, ours.id), await stage(session, theirs.id, MARK)]
    assert urls.owner
    owner = create_async_engine(sqlalchemy_url(urls.owner))
    async with owner.connect() as connection:
        schools = [await read_school(connection, world) for world in worlds]
    await owner.dispose()
    # What is asked for here in a minute would raise alarms, which are entries of the activity log.
    quiet = Settings(mass_read_students=10**9, alarming_refusals=10**9)
    database = await Database.open(urls, quiet)
    yield Stages(urls, database, schools, [await read_view(database, school) for school in schools])
    await database.close()
