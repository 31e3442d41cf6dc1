"""`python -m app bootstrap` and `migrate`: the roles, the database and its newest version."""

import asyncio
from typing import Annotated
from urllib.parse import unquote, urlsplit

import asyncpg
import typer

from app.bootstrap import ROLES
from app.bootstrap import bootstrap as make_roles
from app.migrations import migrate as upgrade
from app.migrations import write_revision
from app.places import DatabaseError
from app.postgres import cluster
from app.settings import Settings
from app.tls import secured
from app.urls import Urls, asyncpg_url

commands = typer.Typer()
CONNECT_SECONDS = 15


def prepare(urls: Urls) -> None:
    """Bring the database to its newest version, the embedded one with its roles first.

    Raises DatabaseError where the owner's URL is not known or does not lead in.
    """
    if urls.admin is not None:
        asyncio.run(make_roles(urls.admin))
    if urls.owner is None:
        raise DatabaseError("DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables")
    asyncio.run(check(urls.owner))
    asyncio.run(upgrade(urls.owner))


async def check(url: str) -> None:
    """Raises DatabaseError where the database does not let us in; found out later it would be told at length."""
    try:
        connection = await asyncpg.connect(asyncpg_url(url), timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise DatabaseError(f"The database cannot be reached: no answer within {CONNECT_SECONDS} s") from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseError(f"The database cannot be reached: {error}") from error
    await connection.close()


def _secured(admin_url: str, settings: Settings) -> str:
    try:
        return secured(admin_url, settings.tls)
    except ValueError as error:
        raise DatabaseError(f"DATABASE_ADMIN_URL: {error}") from None


@commands.command()
def migrate() -> None:
    """Bring the database to the newest version of the schema."""
    with cluster(Settings()) as urls:
        prepare(urls)
    typer.echo("The database is at the newest version.")


@commands.command()
def revision(message: Annotated[str, typer.Argument(help="What changes, such as: guardian nickname")]) -> None:
    """Write the migration from the newest version to what the models say; read it before it is committed."""
    with cluster(Settings()) as urls:
        prepare(urls)
        if urls.owner is not None:
            asyncio.run(write_revision(urls.owner, message))


@commands.command()
def bootstrap(
    admin_url: Annotated[
        str | None,
        typer.Option(envvar="DATABASE_ADMIN_URL", help="A database of the cluster, as a role that may create roles."),
    ] = None,
) -> None:
    """Make the roles and the database; what exists is left as it is."""
    settings = Settings()
    if settings.database_url is None:
        with cluster(settings) as urls:
            if urls.admin is not None:
                asyncio.run(make_roles(urls.admin))
    elif admin_url is None:
        raise DatabaseError("DATABASE_ADMIN_URL is not set: roles are made by a role that may create roles")
    else:
        name = unquote(urlsplit(settings.database_url).path[1:])
        asyncio.run(make_roles(asyncpg_url(_secured(admin_url, settings)), database=name))
    typer.echo(f"The roles exist: {', '.join(ROLES)}.")
