"""One export: a query's rows into a file, sent as it is made or made as a whole first."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from graphql.execution.values import VariableValues, get_variable_values

from app.engine import Engine
from app.tables.asking import Asked, Format
from app.tables.forms import Forms
from app.tables.naming import disposition, file_name
from app.tables.sending import PIECE, Sending
from app.tables.texts import Csv, JsonLines, TextFile
from app.tables.walk import Failed, Walker, too_many
from app.tables.workbook import Workbook
from app.threads import in_thread
from models import Role
from resolvers.context import Context
from resolvers.institution.conventions import conventions_of
from resolvers.trail.notes import PURPOSE_LENGTH, Exported
from schema.execution.operation import Operation
from schema.tables.shape import table
from schema.tables.walking import Paging, walk_of

# What is made as a whole lies on the disk beyond this.
IN_MEMORY = 1 << 20
REDACTED = "x-redacted-columns"
NAMES_TOLD = 100


@dataclass(frozen=True)
class ExportBounds:
    """Seconds of an export, rows of a part of it, and rows of the whole by role."""

    seconds: float
    part: int
    rows: Mapping[Role, int]

    def most(self, roles: frozenset[Role]) -> int:
        return max((self.rows[role] for role in roles), default=0)


class Job:
    """`stack` closes the files that it makes, `rows` are those of the file so far, `check` is the walk's."""

    def __init__(
        self,
        engine: Engine,
        asked: Asked,
        operation: Operation,
        bounds: ExportBounds,
        context: Context,
        stack: ExitStack,
        check: Callable[[], Awaitable[None]],
    ) -> None:
        self.asked = asked
        self.operation = operation
        self.context = context
        self.stack = stack
        self.most = bounds.most(context.viewer.roles)
        self.rows = 0
        context.walking = True
        self.walk = walk_of(operation, operation.executor(self._values(), context))
        self.table = table(self.walk.root, asked.lists, nested=asked.format is Format.NDJSON)
        variables = asked.call.variables
        self.walker = Walker(engine, self.walk, self.table, variables, check, part=bounds.part, most=self.most)

    def _values(self) -> VariableValues:
        found = get_variable_values(
            self.operation.schema, self.operation.node.variable_definitions or (), dict(self.asked.call.variables)
        )
        if isinstance(found, list):
            raise Failed(found)
        return found

    @property
    def field(self) -> str:
        """Name of the field that is exported."""
        return self.walk.field

    @property
    def headers(self) -> dict[str, str]:
        """Of the response, known with the first part."""
        viewer = self.context.viewer
        wanted = self.asked.filename or f"{self.operation.name or self.walk.response} {viewer.today(self.context.now)}"
        found = {
            "content-type": self.asked.format.media_type,
            "content-disposition": disposition(file_name(wanted, self.asked.format.value)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        if hidden := self._hidden():
            found[REDACTED] = ", ".join(hidden[:NAMES_TOLD])
        return found

    def _hidden(self) -> list[str]:
        """Columns whose cells are empty because the viewer may not see them; *: of all that was asked for."""
        above = 2 if self.walk.paging is Paging.CURSORS else 1
        paths = (each["path"].split(".")[above:] for each in self.walker.redactions)
        return [".".join(name for name in path if name != "*") or "*" for path in paths]

    def tell(self, address: str | None, *, complete: bool) -> dict[str, object]:
        """Have the school's trail know of the export, from its first row on; gives what it is told."""
        found: dict[str, object] = {"format": self.asked.format.value, "rows": self.rows, "complete": complete}
        if self.rows or complete:
            context, viewer = self.context, self.context.viewer
            who = viewer.institution_id, viewer.actor_kind, viewer.actor_id, context.now, context.request_id
            name = self.operation.name and self.operation.name[:PURPOSE_LENGTH]
            context.connections.note(Exported(*who, address, {"field": self.field, "operation": name, **found}))
        return found

    async def run(self, sending: Sending) -> IO[bytes] | None:
        """Send the file; or give it, where it has to be whole before its first byte is sent."""
        if self.asked.format is Format.XLSX:
            return await self._workbook(Workbook(self.table, self.asked.lists, await self._forms()))
        file = await self._text()
        if not sending.tells_end:
            return await self._whole(file)
        async for content in self._contents(file):
            if not sending.begun:
                await sending.begin(self.headers)
            await sending.body(content)
        return None

    async def _text(self) -> TextFile:
        if self.asked.format is Format.NDJSON:
            return JsonLines(self.table)
        asked = self.asked
        return Csv(self.table, asked.lists, await self._forms(), delimiter=asked.delimiter.sign, bom=asked.bom)

    async def _forms(self) -> Forms:
        return Forms(await conventions_of(self.context), self.context.viewer.time_zone)

    async def _contents(self, file: TextFile) -> AsyncIterator[bytes]:
        begin = file.begin()
        async with aclosing(self.walker.parts(self.context)) as parts:
            async for value in parts:
                content = begin + file.part(value)
                self._count(file.rows)
                yield content
                begin = b""

    async def _whole(self, file: TextFile) -> IO[bytes]:
        whole = self.stack.enter_context(_spool())
        async for content in self._contents(file):
            whole.write(content)
        return whole

    async def _workbook(self, book: Workbook) -> IO[bytes]:
        self.stack.enter_context(book)
        async with aclosing(self.walker.parts(self.context)) as parts:
            async for value in parts:
                await in_thread(book.add, value)
                self._count(book.rows)
        await in_thread(book.finish)
        return self.stack.enter_context(book.open())

    def _count(self, rows: int) -> None:
        if rows > self.most:
            raise too_many(self.most)
        self.rows = rows


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


async def send_whole(file: IO[bytes], headers: dict[str, str], sending: Sending) -> None:
    """A file that is made, with its length, so that every client can tell whether it has all of it."""
    size = file.seek(0, 2)
    file.seek(0)
    await sending.begin({**headers, "content-length": str(size)})
    while piece := file.read(PIECE):
        await sending.body(piece)
