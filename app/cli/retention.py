"""`python -m app retention`: what schools keep for a time only is removed when that is over."""

import asyncio
import datetime
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.file_store import file_store
from app.importing.progress import Steps, steps_on
from app.postgres import cluster
from app.retention import Removed, apply
from app.settings import Settings
from app.urls import Urls

commands = typer.Typer()


@commands.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is due, and remove nothing.")] = False,
) -> None:
    """Remove what each school no longer keeps, by its settings RETENTION_DAYS_…, and stray files; run it daily."""
    settings, now = Settings(), datetime.datetime.now(datetime.UTC)
    with cluster(settings) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        removed = asyncio.run(_apply(urls, settings, now, steps, dry_run))
    for each in removed:
        typer.echo(_line(each, "are due" if dry_run else "removed"))


async def _apply(urls: Urls, settings: Settings, now: datetime.datetime, steps: Steps, dry: bool) -> list[Removed]:
    store = file_store(settings)
    try:
        return await apply(urls, now, steps, store, dry_run=dry)
    finally:
        await store.close()


def _line(each: Removed, done: str) -> str:
    return f"{each.code}: {each.table}: {each.rows} from before {each.before:%Y-%m-%d %H:%M} UTC {done}"
