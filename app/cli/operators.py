"""`python -m app operators`: who runs the deployment, and in which institutions each of them may act.

python -m app create-institution OFFICE "Office of the operators"
python -m app operators create --institution OFFICE --username olga      # the password comes from standard input
python -m app operators allow --institution OFFICE --username olga --in GREEN
"""

from typing import Annotated

import typer

from app.cli.accounts import as_owner, read_password
from resolvers.identity.operators import allow as put_on_list
from resolvers.identity.operators import create_operator
from resolvers.identity.operators import deny as take_off_list
from resolvers.identity.operators import operators as all_operators

commands = typer.Typer()
operators = typer.Typer(help="Operators (SUPERADMIN), and the institutions they may act in.")
commands.add_typer(operators, name="operators")
Institution = Annotated[str, typer.Option(help="Code of the institution that the account is of.")]
Username = Annotated[str, typer.Option(help="Name to sign in with, or e-mail.")]
Acting = Annotated[str, typer.Option("--in", help="Code of the institution to act in.")]


@operators.command()
def create(institution: Institution, username: Username) -> None:
    """Make a user with the role SUPERADMIN. The password is read from standard input."""
    password = read_password()
    as_owner(lambda session: create_operator(session, institution=institution, username=username, password=password))
    typer.echo(f"{username} may sign in to {institution} as SUPERADMIN.")


@operators.command()
def allow(institution: Institution, username: Username, acting: Acting) -> None:
    """Let an operator act in one more institution."""
    as_owner(lambda session: put_on_list(session, institution=institution, username=username, acting=acting))
    typer.echo(f"{username} of {institution} may act in {acting}.")


@operators.command()
def deny(institution: Institution, username: Username, acting: Acting) -> None:
    """Let an operator act in an institution no more; sessions that act there end at once."""
    ended = as_owner(lambda session: take_off_list(session, institution=institution, username=username, acting=acting))
    typer.echo(f"{username} of {institution} may act in {acting} no more; {ended} sessions have ended.")


@operators.command("list")
def show() -> None:
    """Show all operators, each with the own institution and those on the list."""
    for each in as_owner(all_operators):
        typer.echo(f"{each.home} {each.username}: {', '.join(each.institutions) or 'nowhere else'}")
