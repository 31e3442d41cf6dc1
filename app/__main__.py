"""The command line, `python -m app`: each module of `app.cli` brings its commands."""

import sys

import asyncpg
import typer

from app.cli import (
    accounts,
    database,
    demo,
    doctor,
    exporting,
    importing,
    keys,
    listing,
    operators,
    printing,
    retention,
    schema,
    serve,
    sessions,
    token,
)
from app.demo.logins import LoginsError
from app.places import DatabaseError
from app.settings import SettingsError
from resolvers.errors import DomainError

app = typer.Typer(help="One GraphQL API over everything a school knows.", no_args_is_help=True, add_completion=False)
for module in (
    serve,
    database,
    doctor,
    keys,
    accounts,
    operators,
    sessions,
    demo,
    importing,
    exporting,
    printing,
    listing,
    retention,
    token,
    schema,
):
    app.add_typer(module.commands)


def main() -> None:
    """Run the command. What its user can put right is told in a line or two, without a traceback."""
    try:
        app(prog_name="python -m app")
    except (SettingsError, DatabaseError, DomainError, LoginsError) as error:
        sys.exit(str(error))
    except asyncpg.DiskFullError as error:
        sys.exit(f"The disk of the database is full: {error}")
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        sys.exit(f"The database refuses the connection: {error}")
    except ConnectionError as error:
        sys.exit(f"The database cannot be reached: {error}")


if __name__ == "__main__":
    main()
