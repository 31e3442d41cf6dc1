"""`python -m app sessions`: ending sessions from the server's own machine, when nobody who may can sign in."""

from typing import Annotated

import typer

from app.cli.accounts import as_owner
from resolvers.identity.session_commands import end_those_in, end_those_of

commands = typer.Typer()
sessions = typer.Typer(help="Sessions of those who are signed in.")
commands.add_typer(sessions, name="sessions")


@sessions.command()
def revoke(
    institution: Annotated[str | None, typer.Option(help="Code of the school whose sessions end.")] = None,
    user: Annotated[str | None, typer.Option(help="Only those of this user of it: user name or e-mail.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="End the sessions of all schools.")] = False,
) -> None:
    """End sessions at once, on all servers. API keys stay as they are: `revokeApiKey` takes those back."""
    if everybody == (institution is not None):
        raise typer.BadParameter("say whose: either --institution, with or without --user, or --all")
    if everybody and user is not None:
        raise typer.BadParameter("--user is a user of an --institution")
    if institution is not None and user is not None:
        name, code = user, institution
        ended = as_owner(lambda session: end_those_of(session, institution=code, username=name))
    else:
        ended = as_owner(lambda session: end_those_in(session, institution=institution))
    typer.echo(f"{ended} sessions have ended.")
