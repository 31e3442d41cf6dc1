"""Assessments and marks: what is held in each course and subject, the newest first until there are marks enough."""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.demo.calendar import DAY, Day, Semester, Year
from app.demo.columns import Columns, Piece, paged
from app.demo.courses import Course, CourseSubject
from app.demo.people import Student
from app.demo.plan import Plan, at
from app.demo.subjects import Category
from models import ScoreStatus

TENTHS = tuple(Decimal(tenths) / 10 for tenths in range(101))
GRADED, PARTIAL = ScoreStatus.FULLY_GRADED.value, ScoreStatus.PARTIALLY_GRADED.value
MISSING, EXEMPT, SUBMITTED = ScoreStatus.NOT_SUBMITTED.value, ScoreStatus.EXEMPT.value, ScoreStatus.SUBMITTED.value
# Marking takes some days.
MARKING = datetime.timedelta(days=6)
PRAISE = ("Very good work.", "Well prepared, clear reasoning.", "Good progress.")
ADVICE = ("Needs to practise regularly.", "Please revise this chapter.", "Come and see me about this test.")
NAMES = (
    "student_id course_id subject_id semester_id assessment_id date score score_status comment graded_by_id"
    " last_edited_at"
)


@dataclass(eq=False, slots=True)
class Assessment:
    taught: CourseSubject
    semester: Semester
    category: Category
    title: str
    date: datetime.date
    students: list[Student] = field(default_factory=list)
    id: int = 0

    @property
    def min_score(self) -> Decimal | None:
        return TENTHS[0] if self.category.exam else None

    @property
    def max_score(self) -> Decimal | None:
        return TENTHS[-1] if self.category.exam else None


def _moments(
    semester: Semester, lessons: list[Day], categories: Sequence[Category]
) -> Iterator[tuple[Category, str, int]]:
    """Kind, title and the place among the semester's lessons of each assessment of a subject."""
    for category in categories:
        for number, moment in enumerate(category.moments, 1):
            title = category.title if len(category.moments) == 1 else f"{category.title} {number}"
            yield category, f"{title}, {semester.code}", int(moment * (len(lessons) - 1))


def _assessments(year: Year, courses: list[Course], categories: Sequence[Category]) -> list[Assessment]:
    """All of a year, newest first. Subjects follow each other on successive lesson days."""
    found = []
    for semester in year.semesters:
        lessons = [day for day in year.lessons if day.semester is semester]
        moments = list(_moments(semester, lessons, categories))
        for course in courses:
            for step, taught in enumerate(course.subjects):
                for category, title, place in moments:
                    day = lessons[min(place + step, len(lessons) - 1)]
                    found.append(Assessment(taught, semester, category, f"{taught.subject.name}: {title}", day.date))
    return sorted(found, key=lambda each: each.date, reverse=True)


def plan_assessments(
    plan: Plan, years: list[Year], courses: list[Course], categories: Sequence[Category]
) -> list[Assessment]:
    """Assessments with `plan.grades` marks for each student on average, at most one class more, if the years hold so
    many, and without marks those ahead in the running semester; in the order of their dates."""
    kept = []
    wanted = plan.grades * plan.students
    for year in reversed(years):
        if wanted <= 0:
            break
        for each in _assessments(year, [course for course in courses if course.year is year], categories):
            if each.date >= plan.today:
                if each.semester.start_date <= plan.today:
                    kept.append(each)
            elif wanted > 0:
                enrolled = each.taught.course.enrollments
                each.students = [span.student for span in enrolled if span.covers(each.date)]
                wanted -= len(each.students)
                kept.append(each)
    return kept[::-1]


def marks_planned(assessments: list[Assessment]) -> int:
    return sum(len(each.students) for each in assessments)


def _mark(chance: random.Random, student: Student, each: Assessment, fresh: bool) -> tuple[str, Decimal | None]:
    """Status and mark; `fresh` ones may not be marked yet."""
    draw = chance.random()
    if draw < 0.012:
        return MISSING, None
    if draw < 0.016:
        return EXEMPT, None
    if fresh and draw < 0.2:
        return SUBMITTED, None
    step = each.category.step
    wanted = chance.gauss(student.ability + each.taught.subject.ease, 0.9) * 10
    tenths = max(0, min(100, round(wanted / step) * step))
    return (PARTIAL if draw > 0.997 else GRADED), TENTHS[tenths]


def _comment(chance: random.Random, score: Decimal | None) -> str | None:
    if score is None or chance.random() > 0.03:
        return None
    return chance.choice(PRAISE if score >= 7 else ADVICE)


def _piece(chance: random.Random, each: Assessment, today: datetime.date) -> Piece:
    """All marks of one assessment."""
    marks = [_mark(chance, student, each, each.date > today - MARKING) for student in each.students]
    edited = at(min(each.date + MARKING, today - DAY), 18)
    lists: dict[str, Sequence[object]] = {
        "student_id": [student.id for student in each.students],
        "score": [score for _, score in marks],
        "score_status": [status for status, _ in marks],
        "comment": [_comment(chance, score) for _, score in marks],
        "last_edited_at": [edited if status == PARTIAL else None for status, _ in marks],
    }
    same = {
        "course_id": each.taught.course.id,
        "subject_id": each.taught.subject.id,
        "semester_id": each.semester.id,
        "assessment_id": each.id,
        "date": each.date,
        "graded_by_id": each.taught.teacher.id,
    }
    return len(marks), lists, same


def mark_pages(plan: Plan, assessments: list[Assessment]) -> Iterator[Columns]:
    """All marks; objects must have their ids."""
    chance = plan.random("marks")
    return paged(NAMES, (_piece(chance, each, plan.today) for each in assessments))
