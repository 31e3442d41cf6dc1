"""How a long list is read part by part: the part of the context that walks.

The parts are operations of their own, of which each has the context's one snapshot, so that together they are the list
as it stood at one point in time.
"""

from typing import TYPE_CHECKING

from resolvers.access import page_limit
from resolvers.trail.notes import Access
from resolvers.viewer import Viewer

if TYPE_CHECKING:
    from resolvers.context import Connections

# Rows of one part, whoever reads it: what a page of theirs may have says nothing of the whole.
PART_LIMIT = 10_000


class Walking:
    """What `resolvers.context.Context` does for walks; `walking` says that the operation is part of one."""

    walking: bool = False
    connections: "Connections"
    students: set[int | None]

    if TYPE_CHECKING:

        @property
        def viewer(self) -> Viewer: ...

        @property
        def access(self) -> Access | None: ...

        def _forget(self) -> None: ...

    @property
    def page_limit(self) -> int:
        """How many rows may be asked for at once."""
        return PART_LIMIT if self.walking else page_limit(self.viewer.roles)

    async def next_part(self) -> None:
        """Between two parts: it is noted whose records were read, and nothing of what was read is kept."""
        if access := self.access:
            self.connections.note(access)
        self.students.clear()
        self._forget()
        await self.connections.room()
