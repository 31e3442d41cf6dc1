"""What an operator sees of the own account while acting in another institution.

An operation reads one institution: the one that the viewer acts in. The account is of another, so what is selected of
it is read there, in a context of its own: as somebody without any role, who sees the own account, roles and sessions
and nothing else of that institution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from resolvers.composing import Part
from resolvers.context import Context
from resolvers.statements import Statement


class AtHome(Context):
    """The part of an operation that is about the account itself. It ends with the whole, whose statements it counts."""

    def __init__(self, whole: Context) -> None:
        viewer = whole.viewer
        super().__init__(
            whole.connections,
            replace(viewer, institution_id=viewer.home, home_institution_id=None, roles=frozenset()),
            now=whole.now,
            timeout=whole.timeout,
            request_id=whole.request_id,
            client=whole.client,
            services=whole.services,
            planning=False,
        )
        self.whole = whole
        # What a mutation has changed at home is read where it was changed, by one at a time.
        self._transaction = whole._transaction
        self._lock = whole._lock

    async def rows_of(self, statement: Statement, values: Mapping[str, Any], *, bare: bool = False) -> Any:
        self.whole.statements += 1
        return await super().rows_of(statement, values, bare=bare)

    async def fetch_parts(self, parts: Sequence[tuple[Part, Mapping[str, Any]]]) -> list[list[Any]]:
        self.whole.statements += len(parts)
        return await super().fetch_parts(parts)


def at_home(context: Context) -> Context:
    """The context for what is selected of the account of a viewer who is away."""
    if context.home is None:
        context.home = AtHome(context)
    return context.home
