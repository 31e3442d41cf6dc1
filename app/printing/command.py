"""A report as the command line has it made: by a program of the school, of things that people call by their names."""

from dataclasses import replace

from app.importing.progress import Steps
from app.printing.naming import course_id, semester_id, student_id
from app.printing.report import PURPOSES, Printed, compose, logo_for, write
from app.printing.wanted import Format, Wanted
from app.program import program_of
from app.settings import Settings
from app.urls import Urls
from resolvers.context import Context


async def printed(
    urls: Urls, settings: Settings, institution: str, wanted: Wanted, format_: Format, steps: Steps
) -> Printed:
    """As the office of the school sees it; the access log says that it was a program of the server."""
    async with program_of(urls, settings, institution) as (database, viewer):
        steps.begin("Figures", 0)
        opening = database.context(viewer, request_id="report", timeout=settings.report_seconds)
        async with opening as context:
            document = await compose(context, await _named(context, wanted))
        logo = await logo_for(document, format_, context)
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
    return replace(wanted, course=course, semester=semester, student=student)
