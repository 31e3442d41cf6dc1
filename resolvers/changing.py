"""How an operation changes things: the part of the context that writes."""

import contextlib
import datetime
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from models import Role
from resolvers.client import Client
from resolvers.trail.alarms import Refused
from resolvers.transaction import Transaction
from resolvers.unit_of_work import Change, UnitOfWork, View
from resolvers.viewer import Viewer
from resolvers.writing.once import Call, claim, keep_answer
from resolvers.writing.recording import Author

if TYPE_CHECKING:
    from resolvers.context import Connections


class Changing:
    """What `resolvers.context.Context` does for mutations.

    `refusals` counts what was refused to the viewer.
    `attempts_left` is how often the mutation at work may still be repeated where the database gave way to others.
    `acting` are the roles by which the viewer may call the mutation at work; None: all that the viewer holds.
    `patient` where what it waits for may be held by another that takes as long as it does.
    """

    refusals: int = 0
    attempts_left: int = 0
    acting: frozenset[Role] | None = None
    patient: bool = False
    connections: "Connections"
    client: Client
    now: datetime.datetime
    timeout: float
    request_id: str
    _transaction: Transaction | None

    if TYPE_CHECKING:

        @property
        def viewer(self) -> Viewer: ...

        @property
        def signed_in(self) -> Viewer | None: ...

        @property
        def known(self) -> dict[str, Any]: ...

        def _forget(self) -> None: ...

        async def _renew(self) -> None: ...

    @property
    def author(self) -> Author:
        """Whom the trail names for what this operation changes."""
        viewer = self.viewer
        return Author(viewer.actor_kind, viewer.actor_id, self.now, self.request_id or None, self.client.address)

    def tell_refusals(self) -> None:
        """Have it noted that the viewer was refused something, if so."""
        if self.refusals and (viewer := self.signed_in):
            place = viewer.institution_id, viewer.actor_kind, viewer.actor_id
            self.connections.note(Refused(*place, self.request_id or None, self.now, self.refusals))

    @contextlib.asynccontextmanager
    async def mutation(self) -> AsyncIterator[Transaction]:
        """One top-level mutation field, payload included: what it changes is kept as a whole or not at all.

        Raises the refusal of a commit that the database refuses.
        """
        transaction = self._transaction = Transaction(self.connections, self.timeout, patient=self.patient)
        try:
            async with transaction:
                yield transaction
        finally:
            self._transaction = None
            await self._renew()

    @contextlib.asynccontextmanager
    async def change(
        self,
        action: str,
        *,
        institution_id: int | None = None,
        author: Author | None = None,
        apart: bool = False,
        **details: Any,
    ) -> AsyncIterator[Change]:
        """Something that is done, in the transaction of the mutation; see `resolvers.unit_of_work`.

        `apart` is a transaction of its own that stays though the mutation refuses, as a change outside of any mutation
        is. Institution and author are the viewer's where nothing else is said.
        """
        place = (institution_id or self.viewer.institution_id, author or self.author, self._view)
        if self._transaction is not None and not apart:
            unit = await self._transaction.unit(*place)
            async with unit.change(action, details) as change:
                yield change
        else:
            if self._transaction is not None:
                self._transaction.repeatable = False
            async with Transaction(self.connections, self.timeout, patient=self.patient) as transaction:
                unit = await transaction.unit(*place)
                async with unit.change(action, details) as change:
                    yield change

    async def claim(self, call: Call) -> Callable[[], Any] | None:
        """What tells what the same call was answered before; None: it is to be carried out, as the mutation at work."""
        unit = await self._unit()
        async with unit.refusing():
            before = await claim(unit, call)
        if self._transaction is not None:
            self._transaction.keyed = True
        return before

    async def keep_answer(self, call: Call, result: Any) -> None:
        """What the mutation at work returned is told again to whoever sends the call again."""
        unit = await self._unit()
        async with unit.refusing():
            await keep_answer(unit, call, result)

    async def _unit(self) -> UnitOfWork:
        if self._transaction is None:
            raise RuntimeError("only a mutation is carried out once")
        return await self._transaction.unit(self.viewer.institution_id, self.author, self._view)

    @property
    def _view(self) -> View | None:
        if self.signed_in is None:
            return None
        return View(self.viewer.roles if self.acting is None else self.acting, self.known)

    def show(self) -> None:
        """The work of a mutation is done: what is read from now on is its payload."""
        self._forget()
        if self._transaction is not None:
            self._transaction.showing = True

    async def undo(self) -> None:
        """The mutation refuses: what is read from now on is as it stood before."""
        self.show()
        if self._transaction is not None:
            await self._transaction.undo()

    @property
    def may_repeat(self) -> bool:
        """Whether the mutation at work can be done again from its beginning: it has committed nothing yet."""
        return self.attempts_left > 0 and self._transaction is not None and self._transaction.repeatable

    def rehearse(self) -> None:
        """Roll everything back once the mutation's payload has been read: a dry run."""
        if self._transaction is None:
            raise RuntimeError("only a mutation can be rehearsed")
        self._transaction.dry = True
