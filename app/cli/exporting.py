"""`python -m app export`: everything that is kept of one institution, suspended ones included, as a zip of files."""

import asyncio
import datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.console import Console

from app.cli.database import prepare
from app.export import Export, new_archive
from app.file_store import file_store
from app.importing.progress import steps_on
from app.key_file import load_keys
from app.places import DatabaseError
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from resolvers.files.store import FileStore
from resolvers.sealing import Sealer

commands = typer.Typer()


@commands.command()
def export(
    institution: Annotated[str, typer.Argument(help="Its code.")],
    output: Annotated[
        Path | None,
        typer.Option(help="The file to make; nothing is overwritten. Not given: CODE-YYYY-MM-DD.zip, here."),
    ] = None,
    sealed: Annotated[
        bool,
        typer.Option("--with-sealed", help="National ids, health notes and identifying marks too, in clear."),
    ] = False,
) -> None:
    """Write all data of an institution to a zip: a file of JSON lines for each table, its photos, and a manifest.

    It is one snapshot, made while the server serves. Neither passwords nor tokens nor their hashes are in it. The
    activity log tells of it. Only you can read the file; what is in it is in clear.
    """
    settings, now = Settings(), datetime.datetime.now(datetime.UTC)
    sealer = Sealer(load_keys(settings)) if sealed else None
    path = output or Path(f"{institution}-{now:%Y-%m-%d}.zip")
    with cluster(settings) as urls:
        prepare(urls)
        counts = asyncio.run(_export(urls, institution, path, file_store(settings), sealer, now))
    typer.echo(f"{sum(counts.values()):,} rows of {len(counts)} tables in {path}")


async def _export(
    urls: Urls, code: str, path: Path, store: FileStore, sealer: Sealer | None, now: datetime.datetime
) -> dict[str, int]:
    assert urls.owner
    connection = await asyncpg.connect(asyncpg_url(urls.owner))
    try:
        with steps_on(Console(stderr=True)) as steps, new_archive(path) as archive:
            return await Export(connection, archive, steps, store=store, sealer=sealer).run(code, now)
    except FileExistsError:
        raise DatabaseError(f"{path} exists already: name another file with --output") from None
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error}") from error
    finally:
        await store.close()
        await connection.close()
