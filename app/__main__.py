"""The command line, `python -m app`: each module of `app.cli` brings its commands."""

import sys

import asyncpg
import typer

from app.cli import database, schema, serve
from app.places import DatabaseError
from app.settings import SettingsError

app = typer.Typer(help="One GraphQL API over everything a school knows.", no_args_is_help=True, add_completion=False)
for module in (serve, database, schema):
    app.add_typer(module.commands)


def main() -> None:
    """Run the command. What its user can put right is told in a line or two, without a traceback."""
    try:
        app(prog_name="python -m app")
    except (SettingsError, DatabaseError) as error:
        sys.exit(str(error))
    except asyncpg.DiskFullError as error:
        sys.exit(f"The disk of the database is full: {error}")
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        sys.exit(f"The database refuses the connection: {error}")
    except ConnectionError as error:
        sys.exit(f"The database cannot be reached: {error}")


if __name__ == "__main__":
    main()
