"""One unit of work: a change, its audit, its activity entry and its events, in one transaction.

    async with context.change("user.create") as change:
        change.session.add(user)                                ORM objects, or
        await change.insert_rows(models.Grade, rows)            whole sets, by one statement whatever their number
        change.publish("user", user.id, {"action": "create"})

Where the block ends, all that it changed is flushed and told to the trail by one statement. A violated constraint of
the database leaves the block as the refusal that the check in Python gives, and the transaction is rolled back.
"""

import contextlib
import datetime
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import asyncpg
from sqlalchemy import Select, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from models import Base, Role
from resolvers.access import scope
from resolvers.connection import is_lost
from resolvers.constraints import STALE, refusal
from resolvers.errors import Conflict, Invalid, NotFound
from resolvers.files.store import Unsettled
from resolvers.rows import Row
from resolvers.trail.alarms import Alarm, role_alarms
from resolvers.writing.content import table_of
from resolvers.writing.recording import AUDITED, Author, Recording
from resolvers.writing.sets import Rows, Writing, deletion, insertion, locking, updating
from resolvers.writing.trail import write_trail

M = TypeVar("M", bound=Base)
FAILURES = (
    DBAPIError,
    StaleDataError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
)
_PARENT_INDEX = text(
    "SELECT p.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_class p ON p.oid = h.inhparent"
    " WHERE c.relname = :name AND c.relkind = 'i'"
).execution_options(**AUDITED)


@dataclass(frozen=True)
class View:
    """Which rows are seen: as a viewer with these roles, `known` the values of the parameters of scopes."""

    roles: frozenset[Role]
    known: Mapping[str, Any]


class UnitOfWork:
    """A transaction of one institution, in which an author changes things.

    `alarms` are for whoever commits it to raise. `unsettled` are the files whose bytes were written or given up in it:
    whoever ends it, either way, has them settled.
    """

    def __init__(self, session: AsyncSession, institution_id: int, author: Author, view: "View | None" = None) -> None:
        self.session = session
        self.institution_id = institution_id
        self.author = author
        self.view = view
        self.alarms: list[Alarm] = []
        self.unsettled: list[Unsettled] = []
        self.recording = Recording(author)
        self.recording.listen(session.sync_session)

    async def driver(self) -> "asyncpg.Connection[Row]":
        """The session's own driver connection, in the transaction: what is read there shows what was just written."""
        connection = await self.session.connection()
        raw = await connection.get_raw_connection()
        driver = cast("asyncpg.Connection[Row]", raw.driver_connection)
        if not driver.is_in_transaction():
            # The dialect sends BEGIN with the session's first statement.
            await connection.exec_driver_sql("SELECT 1")
        return driver

    @contextlib.asynccontextmanager
    async def change(self, action: str, details: Mapping[str, Any]) -> "AsyncIterator[Change]":
        """Something that is done in this transaction; raises the refusal of a violated constraint."""
        change = Change(self, action, dict(details))
        self.recording.open = True
        try:
            async with self.refusing():
                yield change
                await self._tell(change)
        finally:
            self.recording.open = False

    @contextlib.asynccontextmanager
    async def refusing(self) -> AsyncIterator[None]:
        """What the database refuses of the block is raised as the refusal that it is, and all is rolled back."""
        try:
            yield
        except FAILURES as error:
            await self.roll_back()
            raise await refusal(error, self.recording.attempted, self.parent_index) from error

    async def roll_back(self) -> None:
        """As if nothing had been changed; of a connection that is gone the database knows so already."""
        try:
            await self.session.rollback()
        except FAILURES as error:
            if not is_lost(error):
                raise

    async def _tell(self, change: "Change") -> None:
        await self.session.flush()
        entries, self.recording.entries = self.recording.entries, []
        if change.withdrawn:
            if entries or change.events or change.tables:
                raise RuntimeError(f"{change.action} was withdrawn though something was done")
            return
        change.operation_id = await write_trail(
            self.session,
            self.institution_id,
            self.author,
            action=change.action,
            details=change.details,
            entries=entries,
            events=change.events,
            operation=change.operation,
        )
        tables = {*change.tables, *(entry["table_name"] for entry in entries)}
        self.alarms += role_alarms(self.institution_id, self.author, change.action, change.details, tables)

    async def parent_index(self, name: str) -> str | None:
        """The index of the partitioned table that a partition's index is part of."""
        # The transaction is over, and the catalogue is the same in every other.
        async with AsyncSession(self.session.bind) as session:
            return cast("str | None", await session.scalar(_PARENT_INDEX, {"name": name}))


@contextlib.asynccontextmanager
async def change_in(
    session: AsyncSession, institution_id: int, author: Author, action: str, details: Mapping[str, Any]
) -> "AsyncIterator[Change]":
    """Something that a command does in a session of its own, which commits it."""
    unit = UnitOfWork(session, institution_id, author)
    try:
        async with unit.change(action, details) as change:
            yield change
    finally:
        unit.recording.leave(session.sync_session)


def in_use(row: M, *, field: str = "id") -> M:
    """The row, unless it has been retired; raises Invalid."""
    if getattr(row, "deleted_at", None) is not None:
        raise Invalid(f"{field}: the {type(row).__name__} has been retired: bring it back first", field=field)
    return row


class Change:
    """One thing that is done, in the school's terms.

    `action` is like `user.create`; `details` are its particulars as the activity log keeps them, for the caller to add
    to; `session` is for ORM objects, which do not see what is written of whole sets. `tables` are those of which whole
    sets were written.
    """

    def __init__(self, unit: UnitOfWork, action: str, details: dict[str, Any]) -> None:
        self.unit = unit
        self.action = action
        self.details = details
        self.session = unit.session
        self.institution_id = unit.institution_id
        self.author = unit.author
        self.events: list[dict[str, Any]] = []
        self.tables: set[str] = set()
        self.withdrawn = False
        # What `operation` keeps of a change that can be undone as a whole, and its key once that is written.
        self.operation: dict[str, Any] | None = None
        self.operation_id: int | None = None

    @property
    def today(self) -> datetime.date:
        """The school's day; that of UTC where a command does it."""
        view = self.unit.view
        return self.author.at.date() if view is None else cast(datetime.date, view.known["today"])

    def withdraw(self) -> None:
        """There was nothing to do after all: neither the activity log nor others hear of it."""
        self.withdrawn = True

    def touch(self, row: Base) -> None:
        """A part of the row that is a row of its own has changed: whoever has read the row has read what is old.

        Its version moves; its audit entry has no columns.
        """
        flag_modified(row, "updated_at")
        self.unit.recording.touched.append(row)

    def publish(self, topic: str, key: object, payload: Mapping[str, Any], *, schema_version: int = 1) -> None:
        """An event for others: `topic` names a kind of records, `key` is the one of them that it is about.

        What is done to many at once is about what they have in common: their course, their school year, or the school.
        `payload` has the form that `schema_version` counts.
        """
        event = {"topic": topic, "key": str(key), "payload": dict(payload), "schema_version": schema_version}
        self.events.append(event)

    async def one(self, model: type[M], key: int, *, version: int | None = None, field: str = "id", **more: Any) -> M:
        """The row with this key, locked until the transaction ends; `more` are columns that it must have besides.

        Raises NotFound where there is none that the viewer may see, Conflict where it has another `version`.
        """
        statement = self._sought(model, key).filter_by(**more).with_for_update(key_share=True)
        found = await self._found(statement, model, field)
        if version is not None and cast(Any, found).version != version:
            raise Conflict(STALE, field="version", record=key, version=cast(Any, found).version)
        return found

    async def seen(self, model: type[M], key: int, *, field: str) -> M:
        """A row that others refer to, or whose values a rule needs: it stays as it is until the transaction ends.

        Raises NotFound where there is none that the viewer may see, Invalid where it has been retired.
        """
        found = await self._found(self._sought(model, key).with_for_update(read=True), model, field)
        return in_use(found, field=field)

    async def among_seen(self, model: type[Base], statement: Any) -> Sequence[Any]:
        """The rows that a select finds among the school's rows of `model` that the viewer may see."""
        return await self.read(self.scoped(model, statement))

    async def read(self, statement: Any) -> Sequence[Any]:
        """The rows of a select made of `scoped` ones."""
        view = self.unit.view
        return (await self.session.execute(statement, view.known if view else {})).all()

    def scoped(self, model: type[Base], statement: Any) -> Any:
        """A select with the condition that the school's rows of `model` are those that the viewer may see."""
        tenants: Any = model
        statement = statement.where(tenants.institution_id == self.institution_id)
        view = self.unit.view
        return statement if view is None else statement.where(scope(model, model, view.roles))

    def _sought(self, model: type[M], key: int) -> Select[M]:
        wanted: Any = model
        return cast("Select[M]", self.scoped(model, select(model).where(wanted.id == key)))

    async def _found(self, statement: Select[M], model: type[M], field: str) -> M:
        view = self.unit.view
        found = await self.session.scalar(statement, view.known if view else {})
        if found is None:
            raise NotFound(f"{field}: there is no {model.__name__} with this id", field=field)
        return found

    async def insert_rows(self, model: type[Base], rows: Rows) -> list[int]:
        """Add rows, which all have the same columns; gives their ids in the order of the rows."""
        return [row["id"] for row in await self._run(insertion, model, rows)]

    async def lock_rows(self, model: type[Base], rows: Rows) -> dict[int, int | None]:
        """Lock rows by their keys, other columns aside; gives the version of those that exist, by id."""
        return {row["id"]: row["version"] for row in await self._run(locking, model, rows)}

    async def update_rows(self, model: type[Base], rows: Rows, *, locked: bool = False) -> list[int]:
        """Set the columns of rows, each with its key; gives the ids of those that differed.

        Whoever needs them as they were seen locks them and compares their versions first; `locked` says so.
        """
        if not locked:
            await self.lock_rows(model, rows)
        return [row["id"] for row in await self._run(updating, model, rows)]

    async def delete_rows(self, model: type[Base], rows: Rows) -> list[int]:
        """Remove rows by their keys; gives the ids of those that were there."""
        return [row["id"] for row in await self._run(deletion, model, rows)]

    async def count(self, model: type[Base], key: int, **values: Any) -> None:
        """Set what the server itself counts about a row, for which there is neither a version nor an audit."""
        table = table_of(model)
        if not all(table.columns[name].info.get("bookkeeping") for name in values):
            raise ValueError(f"{table.name}: {', '.join(values)} are not for the server alone to count")
        statement = update(table).where(table.c.institution_id == self.institution_id, table.c.id == key)
        await self.session.execute(statement.values(**values).execution_options(**AUDITED))

    async def _run(self, kind: Callable[[Writing, Rows], str], model: type[Base], rows: Rows) -> Iterable[Any]:
        if not rows:
            return []
        await self.session.flush()
        writing = Writing(table_of(model), self.author, self.institution_id)
        sql = kind(writing, rows)
        driver = await self.unit.driver()
        found = await driver.fetch(sql, *writing.values)
        if found and kind is not locking:
            self.tables.add(writing.table.name)
        return found
