"""Two schools full of records, committed in one database and read through the server's own pool."""

import contextlib
import datetime
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.database import Database
from app.settings import Settings
from app.urls import Urls, sqlalchemy_url
from models import Role
from resolvers.institution.institution import create_institution
from resolvers.viewer import Viewer
from tests.answers import PLANNING, Answer, run
from tests.database import copy, make_partitions, owner_session
from tests.world import World, fill

COUNT = 50
MARK = "ZZZ"


@dataclass(frozen=True)
class Worlds:
    """`ours` is the school that tests ask as, `theirs` the one whose texts are marked."""

    urls: Urls
    database: Database
    owner: AsyncEngine
    ours: World
    theirs: World

    def viewer(self, *roles: Role, user_id: int = 0) -> Viewer:
        return Viewer(user_id, self.ours.institution_id, frozenset(roles), ZoneInfo("Asia/Kolkata"), 0)

    async def ask(
        self, document: str, *roles: Role, refused: bool = False, planning: bool = PLANNING, **variables: Any
    ) -> Answer:
        """As our ADMIN, unless roles are named."""
        viewer = self.viewer(*(roles or (Role.ADMIN,)))
        return await run(self.database, viewer, document, variables, refused=refused, planning=planning)

    async def rows(self, statement: Select[Any], **parameters: Any) -> list[tuple[Any, ...]]:
        """What a statement of the test's own finds, as the owner, of both schools."""
        async with self.owner.connect() as connection:
            return [tuple(row) for row in await connection.execute(statement, parameters)]


async def open_database(urls: Urls) -> Database:
    """Tests ask for whatever is refused, and the rows they find are counted: no alarm adds any."""
    return await Database.open(urls, Settings(alarming_refusals=10**6, mass_read_students=10**6))


@contextlib.asynccontextmanager
async def open_worlds(server: Urls, name: str = "suite_worlds") -> AsyncIterator[Worlds]:
    urls = await copy(server, name)
    async with owner_session(urls) as session:
        ours = await create_institution(session, "OURS", "Our School")
        theirs = await create_institution(session, f"{MARK}2", f"{MARK} School")
        await (await session.connection()).run_sync(
            make_partitions, datetime.date(2001, 1, 1), datetime.date(2003, 12, 31)
        )
        filled = [await fill(session, ours.id, COUNT), await fill(session, theirs.id, COUNT, MARK)]
    database = await open_database(urls)
    assert urls.owner
    owner = create_async_engine(sqlalchemy_url(urls.owner))
    try:
        yield Worlds(urls, database, owner, *filled)
    finally:
        await owner.dispose()
        await database.close()
