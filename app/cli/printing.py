"""`python -m app report card`, `class` and `attendance`: reports as files, to be printed and handed out."""

import asyncio
import datetime
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.database import Database
from app.importing.progress import Steps, steps_on
from app.owner import owner_session
from app.places import DatabaseError
from app.postgres import cluster
from app.printing.naming import course_id, semester_id, student_id
from app.printing.report import PURPOSES, Format, Kind, Printed, Wanted, compose, logo_for, write
from app.settings import Settings
from app.urls import Urls
from resolvers.context import Context
from resolvers.identity.viewers import program_at

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
    format_: FormatOption = Format.PDF,
    output: Output = None,
    language: Language = None,
) -> None:
    """Report cards of a whole class in one file, a sheet for each student, or the one of a student."""
    wanted = Wanted(Kind.CARD, course, semester, student, language=language)
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
    settings = Settings()
    with cluster(settings) as urls, steps_on(Console(stderr=True)) as steps:
        prepare(urls)
        printed = asyncio.run(_printed(urls, settings, institution, wanted, format_, steps))
    path = output or Path(printed.name)
    _keep(path, printed.content)
    typer.echo(str(path))


async def _printed(
    urls: Urls, settings: Settings, institution: str, wanted: Wanted, format_: Format, steps: Steps
) -> Printed:
    """As the office of the school sees it; the access log says that it was a program of the server."""
    async with owner_session(urls) as session:
        viewer = await program_at(session, institution)
    steps.begin("Figures", 0)
    database = await Database.open(urls, settings)
    try:
        opening = database.context(viewer, request_id="report", timeout=settings.report_seconds)
        async with opening as context:
            document = await compose(context, await _named(context, wanted))
        logo = await logo_for(document, format_, context)
    finally:
        await database.close()
    steps.begin("Pages", len(document.sheets))
    return write(document, format_, steps.advance, logo=logo)


async def _named(context: Context, wanted: Wanted) -> Wanted:
    """With ids for what people call by names."""
    purpose = PURPOSES[wanted.kind]
    semester, year = None, None
    if wanted.semester is not None:
        semester, year = await semester_id(context, purpose, wanted.semester)
    course = await course_id(context, purpose, wanted.course, year=year, day=wanted.since)
    student = None if wanted.student is None else await student_id(context, purpose, wanted.student)
    return Wanted(wanted.kind, course, semester, student, wanted.since, wanted.to, wanted.language)


def _keep(path: Path, content: bytes) -> None:
    """A new file that only its maker can read: what is in it concerns others."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise DatabaseError(f"{path} exists already: name another file with --output") from None
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error}") from error
