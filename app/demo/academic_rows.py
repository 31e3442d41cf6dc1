"""Rows of the years, courses, enrolments, marks and attendance of a demo school, as columns for COPY."""

from collections.abc import AsyncIterator

from app.demo.attendance import attendance_pages, taken
from app.demo.calendar import DAY, Year
from app.demo.columns import Columns, columns_of
from app.demo.load import Loader
from app.demo.marks import mark_pages
from app.demo.plan import at
from app.demo.school import School
from models import ClassType

# How long after a semester its marks may still be entered, in days.
ENTRY_DAYS = 21
PASS_MARK, TOP_MARK = 5, 10


def _years(years: list[Year]) -> tuple[Columns, Columns, Columns]:
    semesters = [semester for year in years for semester in year.semesters]
    days = [day for year in years for day in year.days]
    dated = columns_of(semesters, "id name code sequence start_date end_date", school_year_id="year.id")
    windows: dict[str, list[object]] = {
        "grade_entry_opens_at": [at(semester.start_date, 0) for semester in semesters],
        "grade_entry_closes_at": [at(semester.end_date + ENTRY_DAYS * DAY, 0) for semester in semesters],
    }
    return (
        columns_of(years, "id code start_date end_date current"),
        {**dated, **windows},
        columns_of(days, "date kind note", school_year_id="year.id"),
    )


async def load_calendar(loader: Loader, school: School) -> None:
    await loader.number("school_year", school.years)
    await loader.number("semester", [semester for year in school.years for semester in year.semesters])
    years, semesters, days = _years(school.years)
    await loader.copy("school_year", years)
    await loader.copy("semester", semesters)
    await loader.copy("calendar_day", days)


async def load_subjects(loader: Loader, school: School) -> None:
    subjects = list(school.subjects.values())
    for table, things in (("subject", subjects), ("assessment_category", school.categories)):
        await loader.number(table, things)
    await loader.copy("subject", columns_of(subjects, "id name code"))
    await loader.copy("assessment_category", columns_of(school.categories, "id name weight"))
    scale = await loader.ids("grading_scale", 1)
    columns = ("id", "name", "min_score", "max_score", "pass_mark", "school_default")
    default = zip((*scale, "Ten-point scale", 0, TOP_MARK, PASS_MARK, True), strict=True)
    await loader.copy("grading_scale", dict(zip(columns, default, strict=True)))
    bands = columns_of(school.bands, "letter lower_bound points")
    await loader.copy("grading_scale_band", {"grading_scale_id": scale * len(school.bands), **bands})


async def load_courses(loader: Loader, school: School, levels: dict[int, int]) -> None:
    """`levels` are the keys of the grade levels by their sequence."""
    courses = school.courses
    await loader.number("course", courses)
    named = columns_of(courses, "id section name meeting_sessions", school_year_id="year.id")
    placed: dict[str, list[object]] = {
        "grade_level_id": [levels[course.level] for course in courses],
        "class_type": [ClassType.HOMEROOM] * len(courses),
    }
    await loader.copy("course", {**named, **placed})
    taught = [each for course in courses for each in course.subjects]
    paths = {"course_id": "course.id", "subject_id": "subject.id", "coefficient": "subject.coefficient"}
    await loader.copy("course_subject", columns_of(taught, "", **paths))
    teachers = [each for course in courses for each in course.teachers]
    await loader.copy("course_teacher", columns_of(teachers, "role position", course_id="course.id", user_id="user.id"))


async def load_enrollments(loader: Loader, school: School, levels: dict[int, int]) -> None:
    stays = [stay for career in school.careers for stay in career.stays]
    names = "entry_date entry_type exit_date exit_reason"
    spans = columns_of(stays, names, student_id="student.id", school_year_id="year.id")
    await loader.copy("school_enrollment", {**spans, "grade_level_id": [levels[stay.level] for stay in stays]})
    enrollments = [each for course in school.courses for each in course.enrollments]
    names = "begin_date end_date status drop_date drop_reason drop_semester_id"
    await loader.copy("enrollment", columns_of(enrollments, names, course_id="course.id", student_id="student.id"))


async def load_assessments(loader: Loader, school: School) -> None:
    await loader.number("assessment", school.assessments)
    paths = {
        "course_id": "taught.course.id",
        "subject_id": "taught.subject.id",
        "semester_id": "semester.id",
        "category_id": "category.id",
    }
    await loader.copy("assessment", columns_of(school.assessments, "id title date min_score max_score", **paths))


async def load_taken(loader: Loader, school: School) -> None:
    rosters = taken(school.rolls)
    # The lead of a course, its first teacher, takes the roster.
    leads = [roster.course.teachers[0].user.id for roster in rosters]
    columns = columns_of(rosters, "date session taken_at", course_id="course.id")
    await loader.copy("attendance_taken", {**columns, "taken_by_id": leads})


async def load_bulk(loader: Loader, school: School) -> AsyncIterator[int]:
    """Marks and attendance; yields how many rows came in, piece by piece."""
    for page in mark_pages(school.plan, school.assessments):
        yield await loader.copy("grade", page)
    for page in attendance_pages(school.plan, school.rolls):
        yield await loader.copy("attendance", page)
