"""The transaction of one top-level mutation field: opened by its first change, ended with the field.

The work of the mutation comes first, then its payload is read on the same connection, then it is committed. A refusal
rolls back before the payload is read, so that the payload shows what stands; a dry run rolls back after.
"""

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Self

import asyncpg

from resolvers.connection import is_lost
from resolvers.constraints import refusal
from resolvers.errors import InDoubt
from resolvers.rows import Row
from resolvers.unit_of_work import FAILURES, UnitOfWork, View
from resolvers.writing.recording import Author

if TYPE_CHECKING:
    from resolvers.context import Connections

IN_DOUBT = (
    "The database went away while the change was being kept: look whether it was done before sending it again, and send"
    " an idempotencyKey where there is one"
)


class Transaction:
    """`showing` while the payload is read; `dry` where all is rolled back in the end. `patient` ones wait longer.

    `keyed` where a key of the caller's tells whether it was committed; `repeatable` while nothing stays of it whatever
    becomes of it.
    """

    def __init__(self, connections: "Connections", timeout: float, *, patient: bool = False) -> None:
        self.connections = connections
        self.timeout = timeout
        self.patient = patient
        self.showing = False
        self.dry = False
        self.keyed = False
        self.repeatable = True
        self.opened: UnitOfWork | None = None
        self._stack = contextlib.AsyncExitStack()
        self._savepoint = False

    async def unit(self, institution_id: int, author: Author, view: View | None) -> UnitOfWork:
        """The unit of work in which things are changed; one institution's."""
        if self.opened is None:
            opening = self.connections.write(institution_id, self.timeout, repeatable=True, patient=self.patient)
            session = await self._stack.enter_async_context(opening)
            self.opened = UnitOfWork(session, institution_id, author, view)
        if self.opened.institution_id != institution_id:
            raise RuntimeError("a mutation changes one institution only")
        return self.opened

    def changes(self, institution_id: int) -> bool:
        """Whether something of the institution has been changed, so that reading it shows that."""
        return self.opened is not None and self.opened.institution_id == institution_id

    async def reader(self) -> "asyncpg.Connection[Row]":
        """The connection to read on: it shows what was changed."""
        assert self.opened is not None
        driver = await self.opened.driver()
        if self.showing and not self._savepoint:
            await driver.execute("SAVEPOINT payload")
            self._savepoint = True
        return driver

    async def recover(self) -> None:
        """Go back to where the work was done and nothing of the payload read."""
        if self.opened is not None and self._savepoint:
            await (await self.opened.driver()).execute("ROLLBACK TO SAVEPOINT payload")

    async def undo(self) -> None:
        """Roll back, as if nothing had been changed; what is read from now on is read elsewhere."""
        opened, self.opened = self.opened, None
        try:
            if opened is not None:
                await opened.roll_back()
        finally:
            await self._leave()
            self._settle(opened)

    def _settle(self, ended: UnitOfWork | None) -> None:
        """Have the files looked after that a transaction has written or given up: it is over."""
        for left in ended.unsettled if ended is not None else ():
            self.connections.note(left)

    async def _leave(self) -> None:
        """Give the connection back, after a rollback."""
        try:
            await self._stack.aclose()
        except FAILURES as error:
            if not is_lost(error):
                raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if error is not None or self.dry:
            await self.undo()
            return
        opened, self.opened = self.opened, None
        try:
            await self._stack.aclose()
        except FAILURES as failure:
            if opened is None:
                raise
            if is_lost(failure) and not self.keyed:
                raise InDoubt(IN_DOUBT) from failure
            raise await refusal(failure, [], opened.parent_index) from failure
        finally:
            self._settle(opened)
        for alarm in opened.alarms if opened is not None else ():
            self.connections.note(alarm)
