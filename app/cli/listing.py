"""`python -m app report list`: the rows of any list or report as a file, as /export gives them."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.cli.printing import Institution, reports
from app.importing.progress import steps_on
from app.postgres import cluster
from app.settings import Settings

commands = typer.Typer()


@reports.command("list")
def list_(
    institution: Institution,
    query: Annotated[str, typer.Argument(help="The query in GraphQL, or - to read it from the standard input.")],
    variables: Annotated[str, typer.Option(help="Its variables, as JSON.")] = "",
    format_: Annotated[str, typer.Option("--format", help="csv, ndjson or xlsx.")] = "csv",
    lists: Annotated[
        str, typer.Option(help="What becomes of a list below the rows: `rows`, one for each item, or `cells`.")
    ] = "",
    delimiter: Annotated[str, typer.Option(help="Of CSV: comma, semicolon or tab. Not given: comma.")] = "",
    output: Annotated[
        Path | None, typer.Option(help="The file to make; nothing is overwritten. Not given: named after the query.")
    ] = None,
) -> None:
    """The rows of a list or report as CSV, JSON lines or XLSX: with the filters, order and columns of a query.

    They are those that a REPORTER of the school sees. The access log and the activity log tell of it.
    """
    # The schema takes seconds to make, and no other command is to wait for it.
    from app.tables.command import written

    text = typer.get_text_stream("stdin").read() if query == "-" else query
    said = {"query": text, "variables": variables, "format": format_, "lists": lists, "delimiter": delimiter}
    settings = Settings()
    with cluster(settings) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        path, rows = asyncio.run(written(urls, settings, institution, said, output, steps))
    typer.echo(f"{rows:,} rows in {path}")
