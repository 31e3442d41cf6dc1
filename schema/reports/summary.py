"""How a class did, and which marks are missing."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.summary import course_summary, missing_grades, students_of
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode
from schema.reports import grade_report, ranking
from schema.reports.grade_report import GradeReport, told
from schema.reports.ranking import LEVEL, OFFSET, SECTION, scope_of

FIRST = strawberry.argument(description="How many at most: up to 100, and 10,000 for REPORTER.")
ONLY = strawberry.argument(description="Only this course.")


@strawberry.type(description="How a class did in one subject. Leavers are not counted.")
class SubjectSummary:
    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "The subject.")
    students: int = told("How many students the class has.")
    expected: int = told("How many of them should have marks in the subject.")
    marked: int = told("How many have an average.")
    passed: int = told("How many have one that is not below the pass mark.")
    mark_count: int = strawberry.field(
        name="markCount", description="Marks that count, of all students.", resolver=lambda root: root.marks
    )
    exempt: int = told("Exemptions, of all students.")
    missing: int = told("Marks that are due and not there, of all students.")
    exact: Decimal | None = told("Mean of the unrounded averages, up to 60 decimals; null where nobody has one.")
    mean: Decimal | None = told("The same, rounded as the scale says.")
    lowest: Decimal | None = told("Lowest average, rounded.")
    highest: Decimal | None = told("Highest average, rounded.")


@strawberry.type(
    description="How the class of a course did in a semester. Shown to ADMIN, REGISTRAR, REPORTER and to the course's"
    " TEACHERs."
)
class CourseGradeSummary:
    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")
    semester: refs.Semester | None = relation(one(models.Semester, parent="semester_id"), "The semester.")
    subjects: list[SubjectSummary] = told("The subjects that it lists or in which there are marks, by name.")

    @strawberry.field(description="The class, student by student, by first and last name.")
    async def rows(self, info: Info) -> list[GradeReport]:
        found: Any = await students_of(info.context, self)  # type: ignore[arg-type]
        return found  # type: ignore[no-any-return]


@strawberry.type(description="A student without all marks in a subject of a course.")
class MissingGrade:
    student: refs.Student | None = relation(one(models.Student, parent="student_id"), "The student.")
    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")
    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "The subject.")
    mark_count: int = strawberry.field(
        name="markCount", description="Marks that are there and count.", resolver=lambda root: root.marks
    )
    missing: int = told(
        "Marks that are due and not there; 0 where the course lists the subject and there is nothing at all."
    )


@strawberry.type
class SummaryQuery:
    @strawberry.field(
        description="Average and number of marks of each student and subject of a course in a semester, and the class"
        " as a whole; null where you see no such course, and for GUARDIAN and STUDENT."
    )
    async def course_grade_summary(
        self,
        info: Info,
        course: Annotated[strawberry.ID, grade_report.COURSE],
        semester: Annotated[strawberry.ID, grade_report.SEMESTER],
    ) -> CourseGradeSummary | None:
        assert info.context.viewer
        keys = (
            decode(course, models.Course, field="course").id,
            decode(semester, models.Semester, field="semester").id,
        )
        found: Any = await course_summary(info.context, *keys)
        return found  # type: ignore[no-any-return]

    @strawberry.field(
        description="Who lacks marks in a semester, by course, student and subject: in subjects that the course lists"
        " and the student is not exempt from, and of assessments held until today while the student was enrolled. Of"
        " the courses and students that you see."
    )
    async def missing_grades(
        self,
        info: Info,
        semester: Annotated[strawberry.ID, ranking.SEMESTER],
        course: Annotated[strawberry.ID | None, ONLY] = None,
        grade_level: Annotated[strawberry.ID | None, LEVEL] = None,
        section: Annotated[str | None, SECTION] = None,
        first: Annotated[int, FIRST] = 25,
        offset: Annotated[int, OFFSET] = 0,
    ) -> list[MissingGrade] | None:
        assert info.context.viewer
        asked = scope_of(semester, course, grade_level, section)
        found: Any = await missing_grades(info.context, asked, first=first, offset=offset)
        return list(found)
