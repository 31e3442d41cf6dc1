"""Rows of a query as the command line has them written: by a program of the school, to a new file."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from graphql import GraphQLError
from starlette.types import Message

from app.database import Database
from app.documents import Documents
from app.engine import Engine
from app.failures import Refusal
from app.importing.progress import Steps
from app.main import export_bounds_of, limits_of
from app.new_file import new_file
from app.operation_log import OperationLine
from app.places import DatabaseError
from app.program import program_of
from app.settings import Settings
from app.tables.asking import Asked, asked_of
from app.tables.endpoint import check_is_query, refusal_of
from app.tables.job import Job, send_whole
from app.tables.naming import file_name
from app.tables.sending import Sending
from app.tables.walk import Failed
from app.urls import Urls
from resolvers.viewer import Viewer
from schema.root import schema


async def written(
    urls: Urls, settings: Settings, institution: str, said: Mapping[str, str], output: Path | None, steps: Steps
) -> tuple[Path, int]:
    """The file, and how many rows it has; there is none where it could not be finished. Raises DatabaseError."""
    with _told():
        listing = Listing(settings, asked_of(said), steps)
        path = output or Path(file_name(listing.operation.name or "list", listing.asked.format.value))
        async with program_of(urls, settings, institution) as (database, viewer):
            try:
                with new_file(path) as file:
                    return path, await listing.write(database, viewer, file)
            except FileExistsError:
                raise DatabaseError(f"{path} exists already: name another file with --output") from None


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a query is told in a line for each error; other errors pass as they are."""
    try:
        yield
    except (Refusal, Failed, GraphQLError) as error:
        raise DatabaseError("\n".join(each["message"] for each in refusal_of(error).errors)) from error


class Listing:
    """One query whose rows are written part by part. Raises Refusal of what is no query."""

    def __init__(self, settings: Settings, asked: Asked, steps: Steps) -> None:
        self.settings = settings
        self.asked = asked
        self.steps = steps
        self.engine = Engine(schema)
        self.operation = Documents(self.engine, limits_of(settings)).load(asked.call.query).operation(None)
        check_is_query(self.operation)

    async def write(self, database: Database, viewer: Viewer, file: IO[bytes]) -> int:
        """Gives how many rows there are."""

        async def send(message: Message) -> None:
            file.write(message.get("body", b""))

        sending = Sending({}, send, OperationLine(self.settings.export_seconds))
        bounds = export_bounds_of(self.settings)
        self.steps.begin("Rows", 0)
        opening = database.context(viewer, request_id="report", timeout=self.settings.read_seconds)
        with ExitStack() as stack:
            async with opening as context:
                job = Job(self.engine, self.asked, self.operation, bounds, context, stack, _go_on)
                made = await job.run(sending)
                job.tell(None, complete=True)
            if made is not None:
                await send_whole(made, job.headers, sending)
        return job.rows


async def _go_on() -> None:
    """Nobody takes the rights of a program away while it works."""
