"""A small school whose figures were worked out by hand: class 7 A in the semester from 1 June to 31 October 2025.

Scale 0 to 100, pass mark 50, rounded half up to two decimals; A from 80, B from 60, C from 50, F from 0.
Mathematics has coefficient 2 and 4 credits, English 1 and 2 credits, Art 1 and none.
Exams weigh 60, homework 40. Marks in Art have no assessment.

                        Mathematics                          English        Art             overall
            exam 10/07  hw 20/07  hw 20/09  average     exam 10/09 /50
            of 100      of 20     of 20
    Anita       80         15        19      82          41 → 82        90, 85 → 87.5   (164+82+87.5)/4 = 83.375 → 83.38
    Binod       80         20        15      83          40 → 80        87.5            (166+80+87.5)/4 = 83.375 → 83.38
    Chitra      -          -         12      60          45 → 90        70              (120+90+70)/4 = 70
    Deepak     100         20        -      100          -              -               100, but left: no rank
    Esha        50         -         10      50          25 → 50        49.98           (100+50+49.98)/4 = 49.995 → 50
    Farid       70     not handed in 14      70          missing        exempt          70
    Gita        -          -         -       -           -              -               none

Chitra came on 1 September, Deepak left on 15 August, Esha left on 15 July and came back on 1 September, so what was
held meanwhile is not missing. Hari's enrolment is pending and Indu was retired: they are in no class. Gita has no mark.
Class 7 B has nobody; class 7 C has Gita alone, no subjects and no marks.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import EnrollmentStatus, ScoreStatus
from tests.conftest import School
from tests.factories import (
    create_assessment,
    create_assessment_category,
    create_band,
    create_course,
    create_grading_scale,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    enroll,
    grade,
    teach_subject,
)

JULY, AUGUST, SEPTEMBER = (datetime.date(2025, 7, 15), datetime.date(2025, 8, 15), datetime.date(2025, 9, 1))
NAMES = ("Anita", "Binod", "Chitra", "Deepak", "Esha", "Farid", "Gita", "Hari", "Indu")
SUBJECTS = {
    "Mathematics": {"coefficient": 2, "credits": 4},
    "English": {"coefficient": 1, "credits": 2},
    "Art": {"coefficient": 1},
}
# subject, category, day, highest mark
ASSESSMENTS = {
    "exam": ("Mathematics", "Exam", datetime.date(2025, 7, 10), None),
    "first": ("Mathematics", "Homework", datetime.date(2025, 7, 20), 20),
    "second": ("Mathematics", "Homework", datetime.date(2025, 9, 20), 20),
    "english": ("English", "Exam", datetime.date(2025, 9, 10), 50),
}
SCORES: dict[str, dict[str, Any]] = {
    "Anita": {"exam": 80, "first": 15, "second": 19, "english": 41, "art": [90, 85]},
    "Binod": {"exam": 80, "first": 20, "second": 15, "english": 40, "art": ["87.5"]},
    "Chitra": {"second": 12, "english": 45, "art": [70]},
    "Deepak": {"exam": 100, "first": 20},
    "Esha": {"exam": 50, "second": 10, "english": 25, "art": ["49.98"]},
    "Farid": {"exam": 70, "first": ScoreStatus.NOT_SUBMITTED, "second": 14, "art": [ScoreStatus.EXEMPT]},
    "Gita": {},
    "Hari": {},
    "Indu": {"exam": 100, "english": 50},
}
# By student: average in each subject, overall, letter, rank, dense rank, marks missing, complete.
HAND: dict[str, tuple[Any, ...]] = {
    "Anita": ({"Mathematics": "82", "English": "82", "Art": "87.5"}, "83.38", "A", 1, 1, 0, True),
    "Binod": ({"Mathematics": "83", "English": "80", "Art": "87.5"}, "83.38", "A", 1, 1, 0, True),
    "Chitra": ({"Mathematics": "60", "English": "90", "Art": "70"}, "70", "B", 3, 2, 0, True),
    "Esha": ({"Mathematics": "50", "English": "50", "Art": "49.98"}, "50", "C", 5, 3, 0, True),
    "Farid": ({"Mathematics": "70", "English": None, "Art": None}, "70", "B", 3, 2, 2, False),
    "Gita": ({"Mathematics": None, "English": None, "Art": None}, None, None, None, None, 4, False),
}
LEAVER: tuple[Any, ...] = ({"Mathematics": "100", "English": None, "Art": None}, "100", "A", None, None, 0, False)


@dataclass(frozen=True)
class WorkedSchool:
    year: models.SchoolYear
    semester: models.Semester
    scale: models.GradingScale
    course: models.Course
    empty: models.Course
    unmarked: models.Course
    subjects: dict[str, models.Subject]
    students: dict[str, models.Student]

    def name(self, student_id: int) -> str:
        return next(name for name, student in self.students.items() if student.id == student_id)

    def subject(self, subject_id: int) -> str:
        return next(name for name, subject in self.subjects.items() if subject.id == subject_id)


async def create_scale(session: AsyncSession, school: School, **values: Any) -> models.GradingScale:
    bounds = {"min_score": 0, "max_score": 100, "pass_mark": 50}
    scale = await create_grading_scale(session, school, **(bounds | values))
    for letter, bound, points in (("A", 80, 4), ("B", 60, 3), ("C", 50, 2), ("F", 0, 0)):
        await create_band(session, scale, letter=letter, lower_bound=bound, points=points)
    return scale


async def create_assessments(
    session: AsyncSession, school: School, course: models.Course, subjects: dict[str, Any], semester: models.Semester
) -> dict[str, models.Assessment]:
    kinds = {
        name: await create_assessment_category(session, school, name=name, weight=weight)
        for name, weight in (("Exam", 60), ("Homework", 40))
    }
    return {
        name: await create_assessment(
            session,
            course,
            subject_id=subjects[subject].id,
            category_id=kinds[kind].id,
            semester_id=semester.id,
            date=day,
            max_score=highest,
        )
        for name, (subject, kind, day, highest) in ASSESSMENTS.items()
    }


async def enroll_class(session: AsyncSession, students: dict[str, models.Student], course: models.Course) -> None:
    def dropped(day: datetime.date) -> dict[str, Any]:
        return {"end_date": day, "drop_date": day, "drop_reason": "MOVED", "status": EnrollmentStatus.DROPPED}

    spans: dict[str, list[dict[str, Any]]] = {
        "Chitra": [{"begin_date": SEPTEMBER}],
        "Deepak": [dropped(AUGUST)],
        "Esha": [dropped(JULY), {"begin_date": SEPTEMBER}],
        "Hari": [{"status": EnrollmentStatus.PENDING}],
    }
    for name, student in students.items():
        for span in spans.get(name, [{}]):
            await enroll(session, student, course, **span)


def marked(score: Any) -> dict[str, Any]:
    """What a mark holds: a score, or why there is none."""
    if isinstance(score, ScoreStatus):
        return {"score": None, "score_status": score}
    return {"score": Decimal(score)}


async def mark_class(
    session: AsyncSession, made: WorkedSchool, assessments: dict[str, models.Assessment], scores: dict[str, Any]
) -> None:
    for name, given in scores.items():
        student = made.students[name]
        for number, each in enumerate(given.get("art", ())):
            values: dict[str, Any] = {"semester_id": made.semester.id, "date": AUGUST + datetime.timedelta(days=number)}
            await grade(session, student, made.course, made.subjects["Art"], **values, **marked(each))
        for key in assessments.keys() & given.keys():
            subject, _, day, _ = ASSESSMENTS[key]
            # Marks of Mathematics leave the semester to their assessment.
            values = {"semester_id": None if subject == "Mathematics" else made.semester.id, "date": day}
            values |= {"assessment_id": assessments[key].id, **marked(given[key])}
            await grade(session, student, made.course, made.subjects[subject], **values)


async def worked_school(session: AsyncSession, school: School, **scale: Any) -> WorkedSchool:
    """The school above; `scale` changes its grading scale."""
    year = await create_school_year(session, school)
    semester, made_scale = await create_semester(session, year), await create_scale(session, school, **scale)
    course, empty, unmarked = [
        await create_course(session, year, name="7", section=section, grading_scale_id=made_scale.id)
        for section in "ABC"
    ]
    subjects = {name: await create_subject(session, school, name=name) for name in SUBJECTS}
    for name, values in SUBJECTS.items():
        await teach_subject(session, course, subjects[name], **values)
    assessments = await create_assessments(session, school, course, subjects, semester)
    retired = {"Indu": {"deleted_at": datetime.datetime(2025, 8, 1, tzinfo=datetime.UTC)}}
    students = {name: await create_student(session, school, first_name=name, **retired.get(name, {})) for name in NAMES}
    await enroll_class(session, students, course)
    await enroll(session, students["Gita"], unmarked)
    made = WorkedSchool(year, semester, made_scale, course, empty, unmarked, subjects, students)
    await mark_class(session, made, assessments, SCORES)
    return made
