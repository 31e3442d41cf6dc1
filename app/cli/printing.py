"""`python -m app report card`, `class` and `attendance`: reports as files, to be printed and handed out."""

import asyncio
import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.importing.progress import steps_on
from app.new_file import new_file
from app.places import DatabaseError
from app.postgres import cluster
from app.printing.wanted import Format, Kind, Wanted
from app.settings import Settings

commands = typer.Typer()
reports = typer.Typer(help="Print reports of a school: as PDF, HTML or CSV, in the school's language.")
commands.add_typer(reports, name="report")

Institution = Annotated[str, typer.Option(help="Code of the school.")]
Course = Annotated[str, typer.Option(help="Its id, or its name with its section, such as 'Class 7 A'.")]
Semester = Annotated[str, typer.Option(help="Its id or its code.")]
FormatOption = Annotated[Format, typer.Option("--format", help="What to write.")]
Output = Annotated[
    Path | None, typer.Option(help="The file to make; nothing is overwritten. Not given: named after the report, here.")
]
Language = Annotated[str | None, typer.Option(help="Not given: the school's own.")]


@reports.command()
def card(
    institution: Institution,
    course: Course,
    semester: Semester,
    student: Annotated[str | None, typer.Option(help="Only this student's: the id or the student number.")] = None,
    edition: Annotated[
        int | None, typer.Option(min=1, help="The student's card as it was handed out then, whether it holds or not.")
    ] = None,
    format_: FormatOption = Format.PDF,
    output: Output = None,
    language: Language = None,
) -> None:
    """Report cards of a whole class in one file, a sheet for each student, or the one of a student."""
    wanted = Wanted(Kind.CARD, course, semester, student, language=language, edition=edition)
    _print(institution, wanted, format_, output)


@reports.command("class")
def class_(
    institution: Institution,
    course: Course,
    semester: Semester,
    format_: FormatOption = Format.PDF,
    output: Output = None,
    language: Language = None,
) -> None:
    """A class at a glance: students by subjects, ranks, how the averages are distributed."""
    _print(institution, Wanted(Kind.CLASS, course, semester, language=language), format_, output)


@reports.command()
def attendance(
    institution: Institution,
    course: Course,
    since: Annotated[datetime.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    to: Annotated[datetime.datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    format_: FormatOption = Format.PDF,
    output: Output = None,
    language: Language = None,
) -> None:
    """The attendance of a course between two days: by student, by month, and day by day where they are few."""
    wanted = Wanted(Kind.ATTENDANCE, course, since=since.date(), to=to.date(), language=language)
    _print(institution, wanted, format_, output)


def _print(institution: str, wanted: Wanted, format_: Format, output: Path | None) -> None:
    # The schema takes seconds to make, and no other command is to wait for it.
    from app.printing.command import printed

    settings = Settings()
    with cluster(settings) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        made = asyncio.run(printed(urls, settings, institution, wanted, format_, steps))
    path = output or Path(made.name)
    _keep(path, made.content)
    typer.echo(str(path))


def _keep(path: Path, content: bytes) -> None:
    try:
        with new_file(path) as file:
            file.write(content)
    except FileExistsError:
        raise DatabaseError(f"{path} exists already: name another file with --output") from None
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error}") from error
