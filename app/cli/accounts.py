"""`python -m app create-institution` and `create-admin`: an empty school, and somebody who may sign in to it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.database import prepare
from app.owner import owner_session
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls
from models import ActivityEntry, ActorKind, Institution
from resolvers.identity.accounts import create_admin as make_admin
from resolvers.institution.institution import create_institution as make_institution

commands = typer.Typer()
T = TypeVar("T")
# More than the longest password that is accepted.
LONGEST_LINE = 8192


def as_owner(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Do the work in one transaction as the owner of a database that is at its newest version."""

    async def run(urls: Urls) -> T:
        async with owner_session(urls) as session:
            return await work(session)

    with cluster(Settings()) as urls:
        prepare(urls)
        return asyncio.run(run(urls))


async def _institution(session: AsyncSession, code: str, name: str) -> Institution:
    made = await make_institution(session, code, name)
    session.add(
        ActivityEntry(
            institution_id=made.id,
            action="institution.create",
            actor_kind=ActorKind.SYSTEM,
            details={"code": code, "name": name},
        )
    )
    return made


def read_password() -> str:
    """From a terminal, twice and without showing it; else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    line = sys.stdin.buffer.readline(LONGEST_LINE)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise typer.BadParameter("the password on standard input is not UTF-8") from None


@commands.command()
def create_institution(
    code: Annotated[str, typer.Argument(help="What people sign in with: 2 to 20 capital letters and digits.")],
    name: Annotated[str, typer.Argument(help="Name of the school.")],
) -> None:
    """Make an empty school with its profile, settings, attendance codes and grade levels 1 to 12."""
    as_owner(lambda session: _institution(session, code, name))
    typer.echo(f"{code}, {name}, is set up; python -m app create-admin --institution {code} makes its first account.")


@commands.command()
def create_admin(
    institution: Annotated[str, typer.Option(help="Code of the school.")],
    username: Annotated[str, typer.Option(help="Name to sign in with.")],
) -> None:
    """Make a user with the role ADMIN. The password is read from standard input."""
    password = read_password()
    as_owner(lambda session: make_admin(session, institution=institution, username=username, password=password))
    typer.echo(f"{username} may sign in to {institution}.")
