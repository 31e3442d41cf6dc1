"""`python -m app retention`: what schools keep for a time only is removed when that is over."""

import asyncio
import datetime
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.importing.progress import steps_on
from app.postgres import cluster
from app.retention import Removed, apply
from app.settings import Settings

commands = typer.Typer()


@commands.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is due, and remove nothing.")] = False,
) -> None:
    """Remove what each school no longer keeps, by its settings RETENTION_DAYS_…; run it daily."""
    now = datetime.datetime.now(datetime.UTC)
    with cluster(Settings()) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        removed = asyncio.run(apply(urls, now, steps, dry_run=dry_run))
    for each in removed:
        typer.echo(_line(each, "are due" if dry_run else "removed"))


def _line(each: Removed, done: str) -> str:
    return f"{each.code}: {each.table}: {each.rows} rows from before {each.before:%Y-%m-%d %H:%M} UTC {done}"
