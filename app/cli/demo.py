"""`python -m app demo`: schools with students, families, marks and attendance, to look at and to measure with."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from app.cli.database import prepare
from app.demo.logins import FILE_NAME, read_logins
from app.demo.plan import Plan, school_today
from app.demo.progress import report_to
from app.demo.run import Made, ensure_demo, make_demo
from app.key_file import load_keys
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls
from resolvers.sealing import Sealer

commands = typer.Typer()


@commands.command()
def demo(
    schools: Annotated[int, typer.Option(min=1, max=100, help="Schools to make.")] = 1,
    students: Annotated[int, typer.Option(min=1, help="Students of each school, with those who left.")] = Plan.students,
    grades: Annotated[
        int, typer.Option(min=0, help="Marks for each student on average, the newest first.")
    ] = Plan.grades,
    attendance: Annotated[
        int, typer.Option(min=0, help="Attendance for each student on average, the newest first.")
    ] = Plan.attendance,
    seed: Annotated[int, typer.Option(help="The same seed makes the same school on the same day.")] = Plan.seed,
) -> None:
    """Make demo schools beside those there are, each under the next free code DEMO1, DEMO2, …"""
    settings, today = Settings(), school_today()
    plans = [Plan(today, students, grades, attendance, seed, place) for place in range(schools)]
    sealer = Sealer(load_keys(settings))
    with cluster(settings) as urls:
        prepare(urls)
        with report_to(Console()) as report:
            made = asyncio.run(make_demo(urls, plans, settings.data, report, sealer))
    for school in made:
        _tell(school)
    typer.echo(f"The logins are kept in {settings.data / FILE_NAME}.")


def first_demo(urls: Urls, settings: Settings) -> None:
    """Two schools in an embedded database that has none yet, so that there is something to look at."""
    with report_to(Console()) as report:
        asyncio.run(ensure_demo(urls, settings, report))


def tell_logins(settings: Settings) -> None:
    """The logins of the demo schools, where there are any."""
    logins = read_logins(settings.data)
    if logins:
        typer.echo(f"Demo logins, kept in {settings.data / FILE_NAME}:")
    for login in logins:
        typer.echo(f"  institution {login.institution}  username {login.username:8}  password {login.password}")


def _tell(made: Made) -> None:
    counts = ", ".join(f"{made.counts.get(table, 0):,} {name}" for table, name in SHOWN.items())
    typer.echo(f"{made.code}, {made.name}: {counts}")
    for login in made.logins:
        typer.echo(f"  {login.role} {login.username} {login.password}")


SHOWN = {
    "student": "students",
    "guardian": "guardians",
    "course": "courses",
    "enrollment": "enrolments",
    "grade": "marks",
    "attendance": "attendance rows",
}
