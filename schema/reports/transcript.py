"""All that a student has been given, term by term."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.transcript import transcript
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode
from schema.reports.grade_report import STUDENT, told

GPA = (
    "Mean of the grade points, weighted by credits, rounded half up to two decimals; results without points or without"
    " credits are left out. Null where there are none with both."
)


@strawberry.type(description="The result of a student in a subject of a course in a semester.")
class TranscriptResult:
    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")
    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "The subject.")
    exact: Decimal = told("The average before it is rounded, up to 60 decimals.")
    average: Decimal = told("The average, rounded as the course's scale says.")
    letter: str | None = told("Letter of the average; null where the scale has no letters.")
    points: Decimal | None = told("Grade points of the letter.")
    passed: bool = told("Whether the average is not below the pass mark.")
    credits: Decimal | None = told("Credits that the course gives for the subject; null where it gives none.")
    earned: Decimal = told(
        "Credits earned here: a course's subject earns them once, in the last semester with a result, if it is passed."
    )


GPA_RULES = (
    "A result is a subject of a course in a semester in which there is an average, rounded as the course's scale says;"
    " its points are those of the band that the average falls into.",
    "The grade point average is the mean of the points, weighted by the credits that the course gives for the subject;"
    " results without points or without credits are left out. It is rounded half up to two decimals.",
    "A course's subject earns its credits once: in the last semester in which there is a result, if that is passed.",
)


@strawberry.type(
    description="How a grade point average came about: the sums before the division, and the rules. The results have"
    " the points and credits that were added up."
)
class GradePointAccount:
    weighted: Decimal = told("Sum of the results' points, each times its credits.")
    weights: Decimal = told("Sum of the credits of these results.")

    @strawberry.field(description="The rules that were followed, a sentence or two each.")
    def rules(self) -> list[str]:
        return list(GPA_RULES)


@strawberry.type(description="A semester of a transcript.")
class TranscriptTerm:
    semester: refs.Semester | None = relation(one(models.Semester, parent="semester_id"), "The semester.")
    results: list[TranscriptResult] = told("Subjects with an average, by course and subject.")
    credits: Decimal = told("Credits earned in the semester.")
    gpa: Decimal | None = told(f"Grade point average of the semester. {GPA}")
    cumulative_credits: Decimal = told("Credits earned in the semester and before it.")
    cumulative_gpa: Decimal | None = told(f"Grade point average of the semester and all before it. {GPA}")
    explain: GradePointAccount = strawberry.field(
        description="How the semester's grade point average came about.", resolver=lambda root: root.points
    )


@strawberry.type(
    description="A student's results in all semesters. It has the courses in which you see the student's marks: a"
    " TEACHER gets those taught, and credits and averages of them."
)
class Transcript:
    student: refs.Student | None = relation(one(models.Student, parent="student_id"), "The student.")
    terms: list[TranscriptTerm] = told("The semesters with results, the earliest first.")
    credits: Decimal = told("Credits earned in all of them.")
    gpa: Decimal | None = told(f"Grade point average over all of them. {GPA}")
    explain: GradePointAccount = strawberry.field(
        description="How the grade point average over all came about.", resolver=lambda root: root.points
    )


@strawberry.type
class TranscriptQuery:
    @strawberry.field(
        description="A student's results with credits and grade point averages, by semester and over all; null where"
        " you see no such student."
    )
    async def transcript(self, info: Info, student: Annotated[strawberry.ID, STUDENT]) -> Transcript | None:
        assert info.context.viewer
        found: Any = await transcript(info.context, decode(student, models.Student, field="student").id)
        return found  # type: ignore[no-any-return]
