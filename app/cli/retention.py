"""`python -m app retention`: what schools keep for a time only is removed when that is over."""

import asyncio
import datetime
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.file_store import file_store
from app.importing.progress import steps_on
from app.postgres import cluster
from app.retention import UNTOLD, Removed, Unswept, apply, sweep_files
from app.settings import Settings
from app.urls import Urls

commands = typer.Typer()


@commands.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is due, and remove nothing.")] = False,
    stray_files: Annotated[
        bool,
        typer.Option("--stray-files", help="Remove files without a record even where most of a school's are such."),
    ] = False,
) -> None:
    """Remove what each school no longer keeps, by its settings RETENTION_DAYS_…, and stray files; run it daily."""
    settings, now = Settings(), datetime.datetime.now(datetime.UTC)
    done = "are due" if dry_run else "removed"
    with cluster(settings) as urls:
        prepare(urls)
        with steps_on(Console(stderr=True)) as steps:
            removed = asyncio.run(apply(urls, now, steps, dry_run=dry_run))
        for each in removed:
            typer.echo(_line(each, done))
        swept = asyncio.run(_sweep(urls, settings, now, dry_run, stray_files))
    for file in swept:
        if isinstance(file, Removed):
            typer.echo(_line(file, done))
        else:
            typer.echo(f"{file.code}: {UNTOLD}: {file.reason}", err=True)
    if any(isinstance(file, Unswept) for file in swept):
        raise typer.Exit(1)


async def _sweep(
    urls: Urls, settings: Settings, now: datetime.datetime, dry: bool, stray: bool
) -> list[Removed | Unswept]:
    store = file_store(settings)
    try:
        return await sweep_files(urls, now, store, dry_run=dry, stray_files=stray)
    finally:
        await store.close()


def _line(each: Removed, done: str) -> str:
    return f"{each.code}: {each.table}: {each.rows} from before {each.before:%Y-%m-%d %H:%M} UTC {done}"
