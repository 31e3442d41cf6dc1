"""`python -m app schema`: the schema in GraphQL's own language, as it is committed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.settings import ROOT

COMMITTED = Path("schema", "schema.graphql")
commands = typer.Typer()


@commands.command()
def schema(
    write: Annotated[bool, typer.Option("--write", help=f"Write it to {COMMITTED}.")] = False,
    check: Annotated[bool, typer.Option("--check", help=f"Fail where {COMMITTED} differs from it.")] = False,
) -> None:
    """Print the schema, or keep the committed copy of it."""
    # Putting the schema together takes longer than any other command does as a whole.
    from schema.root import schema as root

    text, committed = root.as_str() + "\n", ROOT / COMMITTED
    if write:
        committed.write_text(text)
    elif not check:
        sys.stdout.write(text)
    elif not committed.exists() or committed.read_text() != text:
        sys.exit(f"{COMMITTED} is not what the code says: run `python -m app schema --write` and commit it")
