"""`python -m app doctor`: what is right and what is not with the settings and the database, without serving."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import typer

from app.cli.database import check
from app.key_check import key_findings
from app.key_file import load_keys
from app.places import DatabaseError
from app.postgres import cluster
from app.settings import Settings, environment_name
from app.tenancy import findings
from app.urls import Urls, asyncpg_url

commands = typer.Typer()
OLDEST, NEWEST = 15, 18
Question = Callable[[str], Awaitable[list[str]]]


async def _reachable(url: str) -> list[str]:
    try:
        await check(url)
    except DatabaseError as error:
        return [str(error)]
    return []


async def _version(url: str) -> list[str]:
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    return [] if OLDEST <= major <= NEWEST else [f"PostgreSQL {major} is not one of {OLDEST} to {NEWEST}"]


async def _tenancy(url: str) -> list[str]:
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        return await findings(connection)
    finally:
        await connection.close()


QUESTIONS: dict[str, Question] = {
    "The database can be reached": _reachable,
    "It is a PostgreSQL that is supported": _version,
    "No school can see another's rows": _tenancy,
}


def _served(urls: Urls, settings: Settings) -> Iterator[tuple[str, str]]:
    """The URLs that a server would use, by the names of their settings."""
    yield environment_name("database_url"), urls.api
    if settings.database_read_url:
        yield environment_name("database_read_url"), settings.database_read_url


async def examine(urls: Urls, settings: Settings) -> int:
    """Prints each answer; how many were bad. Questions about a database that does not answer are not asked."""
    wrong = 0
    for name, url in _served(urls, settings):
        typer.echo(name)
        for question, ask in QUESTIONS.items():
            found = await ask(url)
            typer.echo(f"  {'no ' if found else 'yes'}  {question}")
            for each in found:
                typer.echo(f"       {each}")
            wrong += bool(found)
            if found and ask is _reachable:
                break
    return wrong


async def examine_keys(urls: Urls, settings: Settings) -> int:
    """As the owner, since values of all schools are asked for."""
    if urls.owner is None:
        return 0
    found = await key_findings(urls.owner, load_keys(settings))
    typer.echo(environment_name("database_owner_url"))
    typer.echo(f"  {'no ' if found else 'yes'}  The keys are those of the database")
    for each in found:
        typer.echo(f"       {each}")
    return len(found)


@commands.command()
def doctor() -> None:
    """Examine the settings and the database as the server would; leaves with 1 where something is wrong."""
    settings = Settings()
    with cluster(settings) as urls:
        if asyncio.run(examine(urls, settings)) or asyncio.run(examine_keys(urls, settings)):
            raise typer.Exit(1)
