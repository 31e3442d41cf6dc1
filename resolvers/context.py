"""What a resolver may touch: the viewer, reads on one connection, and loaders that live as long as the operation."""

import asyncio
import datetime
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, Self, cast

import asyncpg
from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncSession

from resolvers.batches import Batch, Shape, statement_for
from resolvers.changing import Changing
from resolvers.client import Client
from resolvers.composing import Part, composed
from resolvers.counting import count_for
from resolvers.errors import Unauthenticated
from resolvers.loaders import hashable, loader_of
from resolvers.pieces import Pieces
from resolvers.reading import Reading
from resolvers.rows import Row
from resolvers.services import Services
from resolvers.statements import Statement
from resolvers.trail.notes import Access, Note
from resolvers.unsealing import hashed
from resolvers.viewer import Viewer
from resolvers.walking import Walking

# For the rest of the transaction: sessions have their statements planned once for whatever values, by which a year of
# marks is as little as a day.
PLANNED_AFRESH = "SET LOCAL plan_cache_mode = force_custom_plan"


class Connections(Protocol):
    """Where connections come from: the pools of `app.database`, or a test's own connection."""

    def read(
        self, institution_id: int, timeout: float, *, alone: bool = False
    ) -> AbstractAsyncContextManager["asyncpg.Connection[Row]"]:
        """A connection in a read-only snapshot with the tenant set; `alone` where one statement will be all."""

    def write(
        self, institution_id: int, timeout: float, *, repeatable: bool = False, patient: bool = False
    ) -> AbstractAsyncContextManager[AsyncSession]:
        """A session in a transaction with the tenant set; commits at the end, rolls back on an exception.

        One that is `repeatable` waits for locks but a while, a longer one if `patient`: it gives up, and is done again.
        """

    async def room(self) -> None:
        """Wait while more is noted than can be written."""

    def note(self, note: Note) -> None:
        """Have something written soon that is no part of the operation itself."""


class Context(Changing, Walking):
    """One operation. Made for each, closed after it; never shared.

    `planning` lets the executor run plans; without it every field is resolved, with the same answers. `alone` says that
    the operation is one statement, which has its snapshot without a transaction.
    `planned` counts the selections that plans answered.
    `statements` counts the selects, of which several may go in one message, transaction control aside. `now` is the
    operation's one point in time.
    `students` are those whose records were read, and `purpose` is the operation's name: the access log gets both.
    """

    def __init__(
        self,
        connections: Connections,
        viewer: Viewer | None,
        *,
        now: datetime.datetime,
        timeout: float = 10.0,
        request_id: str = "",
        client: Client | None = None,
        services: Services | None = None,
        planning: bool = True,
    ) -> None:
        self.connections = connections
        self._viewer = viewer
        self.now = now
        self.timeout = timeout
        self.request_id = request_id
        self.client = client or Client()
        self.services = services or Services()
        self.planning = planning
        self.planned = 0
        self.alone = False
        self.statements = 0
        self.students: set[int | None] = set()
        self.purpose: str | None = None
        # What the browser is to keep from now on: a token, or none (""); None leaves what it has.
        self.cookie: str | None = None
        self.cache: dict[Any, Any] = {}
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}
        self._lock = asyncio.Lock()
        self._lent: AbstractAsyncContextManager[asyncpg.Connection[Row]] | None = None
        self._known: dict[str, Any] | None = None
        self._connection: asyncpg.Connection[Row] | None = None
        # What is read about the account itself, where that is of another institution: see `resolvers.at_home`.
        self.home: Context | None = None
        self._reading: asyncio.Task[Any] | None = None
        self._closed = False
        self._transaction = None

    @property
    def signed_in(self) -> Viewer | None:
        """Who is asking, or None where nobody has signed in."""
        return self._viewer

    @property
    def away(self) -> bool:
        """Whether an operator acts in another institution than the one that the account is of."""
        return self._viewer is not None and self._viewer.away

    @property
    def restricted(self) -> bool:
        """Whether the viewer must choose a new password before anything else."""
        return self._viewer is not None and self._viewer.must_change_password

    @property
    def viewer(self) -> Viewer:
        """Who is asking; raises Unauthenticated where nobody has signed in."""
        if self._viewer is None:
            raise Unauthenticated("Sign in first: send `Authorization: Bearer` with the token that `login` gives")
        return self._viewer

    def sign_in(self, viewer: Viewer | None) -> None:
        """The rest of the operation is the viewer's whose session it has just opened; None: nobody's."""
        self._viewer = viewer
        self._known = None

    @property
    def known(self) -> dict[str, Any]:
        """The values of the parameters that every statement may name."""
        if self._known is None:
            viewer = self.viewer
            known = {"tenant": viewer.institution_id, "viewer": viewer.user_id, "now": self.now}
            self._known = known | {"today": viewer.today(self.now)}
        return self._known

    @property
    def access(self) -> Access | None:
        """Whose records the viewer has read, for the access log; None where they are nobody's."""
        students = cast("frozenset[int]", frozenset(self.students - {None}))
        if not students:
            return None
        viewer = self.viewer
        actor = viewer.actor_kind, viewer.actor_id
        return Access(viewer.institution_id, *actor, self.purpose, self.request_id, self.now, students)

    async def __aenter__(self) -> Self:
        await self.connections.room()
        return self

    async def __aexit__(self, *_: object) -> None:
        # First of all: what was read may have been sent, however the operation ends.
        if self.students and (access := self.access):
            self.connections.note(access)
        await self.close()

    async def close(self) -> None:
        """Give the connection back; a read that nobody waits for any more is cancelled first."""
        self._closed = True
        if self._reading is not None and self._reading is not asyncio.current_task():
            self._reading.cancel()
        await self._leave_home()
        async with self._lock:
            await self._give_back()

    async def _leave_home(self) -> None:
        home, self.home = self.home, None
        if home is not None:
            await home.close()

    async def _give_back(self) -> None:
        lent, self._lent, self._connection = self._lent, None, None
        if lent is not None:
            await lent.__aexit__(None, None, None)

    async def _renew(self) -> None:
        self._forget()
        await self._leave_home()
        async with self._lock:
            await self._give_back()

    def _forget(self) -> None:
        self.cache.clear()
        self._loaders.clear()

    async def _reader(self) -> "asyncpg.Connection[Row]":
        if self._transaction is not None and self._transaction.changes(self.viewer.institution_id):
            return await self._transaction.reader()
        if self._connection is None:
            lent = self.connections.read(self.viewer.institution_id, self.timeout, alone=self.alone)
            self._connection = await lent.__aenter__()
            self._lent = lent
        return self._connection

    async def fetch(self, statement: Statement, **values: Any) -> list[Row]:
        """Rows of a statement, as the viewer, in the operation's one snapshot.

        Raises TimeoutError when the statement took too long.
        """
        return cast("list[Row]", await self.rows_of(statement, values))

    async def rows_of(self, statement: Statement, values: Mapping[str, Any], *, bare: bool = False) -> Any:
        """The same; `bare` rows are read by position: they do not know what they are, and cost the driver less."""
        self.statements += 1
        rows = await self.send(statement, self.arguments(statement, values), bare=bare)
        return self.received(statement, rows, values)

    async def fetch_together(self, asked: Sequence[tuple[Statement, Mapping[str, Any]]]) -> list[Any]:
        """Rows of several statements that are sent as one; each row is a tuple, in the order of the columns."""
        found = await self.fetch_parts([(Part(statement), values) for statement, values in asked])
        return [self.received(each, rows, values) for (each, values), rows in zip(asked, found, strict=True)]

    async def fetch_parts(self, parts: Sequence[tuple[Part, Mapping[str, Any]]]) -> list[list[Any]]:
        """The same, keys of one taken from the rows of others; whoever shows the rows says that they are `received`."""
        self.statements += len(parts)
        arguments = [each for part, values in parts for each in self.arguments(part.statement, values, part.parameters)]
        (row,) = await self.send(composed(tuple(part for part, _ in parts)), arguments, bare=True)
        return list(row)

    def received(self, statement: Statement, rows: Any, values: Mapping[str, Any]) -> Any:
        """The rows, or the pieces of those that are one text; whose records reach the viewer is noted."""
        rows = Pieces(rows[0], statement.layout) if statement.layout else rows
        if statement.subjects is not None:
            self.students.update(statement.subjects(rows, values))
        return rows

    async def stream(self, statement: Statement, size: int, **values: Any) -> AsyncGenerator[list[Row], None]:
        """Rows of a statement, at most `size` at a time; nothing else can be read until all have come."""
        self.statements += 1
        arguments = self.arguments(statement, values)
        async with Reading(self) as connection:
            cursor = await connection.cursor(statement.sql, *arguments, record_class=statement.record)
            while rows := await cursor.fetch(size):
                self.received(statement, rows, values)
                # What a page's statement reads beyond the page is in the last of these.
                values["first"] = values.get("first", 0) - len(rows)
                yield rows

    def arguments(
        self, statement: Statement, values: Mapping[str, Any], parameters: tuple[str, ...] | None = None
    ) -> list[Any]:
        values = {**values, **self.known}
        return statement.arguments(hashed(self, statement, values) if statement.blind else values, parameters)

    async def send(self, statement: Statement, arguments: list[Any], *, bare: bool = False) -> list[Row]:
        record = cast("type[Row]", asyncpg.Record) if bare else statement.record
        async with Reading(self) as connection:
            if statement.afresh:
                await connection.execute(PLANNED_AFRESH)
            return await connection.fetch(statement.sql, *arguments, record_class=record)

    async def recover(self, seen: frozenset[int | None] | None = None) -> None:
        """Go back to the snapshot as it was opened, and forget what was read: students, too, but those `seen`."""
        self._forget()
        await self._leave_home()
        async with self._lock:
            if self._transaction is not None and self._transaction.opened is not None:
                await self._transaction.recover()
            elif self.alone:
                # What is read again takes more than one statement.
                self.alone = False
                await self._give_back()
            elif self._connection is not None and not self._closed:
                await self._connection.execute("ROLLBACK TO SAVEPOINT snapshot")
        if seen is not None:
            self.students &= seen

    async def load(self, batch: Batch, shape: Shape, key: Any, values: Mapping[str, Any]) -> Any:
        """A parent's row, or rows, of a relation; all parents that ask at once are served by one statement."""
        if key is None:
            return [] if batch.many else None
        return await self._load(("rows", batch, shape, *values.items()), batch, shape, key, values)

    async def count(self, batch: Batch, shape: Shape, key: Any, values: Mapping[str, Any]) -> int | None:
        """How many rows of a to-many relation a parent has; None where they are more than are counted."""
        found: list[Row] = await self._load(("count", batch, shape, *values.items()), batch, shape, key, values)
        return cast("int | None", found[0]["count"]) if found else 0

    async def _load(
        self, name: tuple[Any, ...], batch: Batch, shape: Shape, key: Any, values: Mapping[str, Any]
    ) -> Any:
        loader_name = hashable(name)
        loader = self._loaders.get(loader_name)
        if loader is None:
            statement = (count_for if name[0] == "count" else statement_for)(batch, shape)
            loader = self._loaders[loader_name] = loader_of(self, statement, values, several=batch.many)
        try:
            # Whoever else waits for the key waits for the same future, which a cancelled field must not take along.
            return await asyncio.shield(loader.load(key))
        except BaseException:
            # A load that failed or was cancelled would stay in the loader's cache as it is.
            loader.clear(key)
            raise
