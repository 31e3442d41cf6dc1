"""`python -m app import oneroster` and `import attendance`: files of other systems into the database."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.importing.attendance import Options as AttendanceOptions
from app.importing.attendance import import_attendance
from app.importing.oneroster import Options as OneRosterOptions
from app.importing.oneroster import import_oneroster
from app.importing.progress import steps_on
from app.importing.report import SHOWN, Report, print_report
from app.postgres import cluster
from app.settings import Settings

WIDE = 250
commands = typer.Typer()
imports = typer.Typer(help="Import files of other systems; what is wrong with them is told line by line.")
commands.add_typer(imports, name="import")


class Rest(StrEnum):
    PRESENT = "present"


DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything, then undo it.")]
Json = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write the report with all findings as JSON; - is stdout.")
]
Shown = Annotated[int, typer.Option("--show", min=0, help="How many findings to print; the JSON has all.")]


def _finish(report: Report, json: str | None, shown: int) -> None:
    """Print the report, and leave with 1 where anything was wrong; on stdout the JSON stands alone."""
    if json == "-":
        sys.stdout.buffer.write(report.as_json())
        sys.stdout.buffer.flush()
    else:
        # Where no terminal gives its width, a finding stays on its line.
        print_report(report, Console(width=None if sys.stdout.isatty() else WIDE), shown=shown)
        if json is not None:
            Path(json).write_bytes(report.as_json())
    if report.failed:
        raise typer.Exit(1)


@imports.command()
def oneroster(
    path: Annotated[Path, typer.Argument(help="A OneRoster 1.1 or 1.2 CSV package, a zip or a folder.")],
    dry_run: DryRun = False,
    json: Json = None,
    institution: Annotated[
        str | None, typer.Option(help="Import one school only, into the institution of this code, made if missing.")
    ] = None,
    working_days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=7,
            help="Lesson days a week, from Monday on; kept as the schools' setting. Not given: 5 for a school that"
            " this import makes, else what the school has. Calendars that exist are left as they are.",
        ),
    ] = None,
    show: Shown = SHOWN,
) -> None:
    """Import schools with their years, courses, people, enrolments and marks.

    The second time nothing changes but what the package says otherwise. A record is taken away only where its row says
    so (tobedeleted), never because it is missing.
    """
    options = OneRosterOptions(dry_run, institution, working_days)
    with cluster(Settings()) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        report = asyncio.run(import_oneroster(urls, path, options, steps))
    _finish(report, json, show)


@imports.command()
def attendance(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns studentSourcedId, classSourcedId, date, status and, if wanted,"
            " code, session, reason, minutesLate."
        ),
    ],
    dry_run: DryRun = False,
    json: Json = None,
    institution: Annotated[
        str | None, typer.Option(help="The school of the classes, where several know their sourcedIds.")
    ] = None,
    rest: Annotated[
        Rest | None,
        typer.Option(help="Mark everybody else of these classes too, on all lesson days of their year up to today."),
    ] = None,
    show: Shown = SHOWN,
) -> None:
    """Import attendance marks of students and classes that came from OneRoster."""
    options = AttendanceOptions(dry_run, institution, rest is Rest.PRESENT)
    with cluster(Settings()) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        report = asyncio.run(import_attendance(urls, file, options, steps))
    _finish(report, json, show)
