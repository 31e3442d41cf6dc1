"""What a student has in one course and semester: subjects with their marks, the average over all, letter and rank."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.figures import RankMethod
from resolvers.reports.marks import marks_of
from resolvers.reports.standings import EXPLAINING, Completeness, student_figures
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode
from schema.reads import names_told

STUDENT = strawberry.argument(description="The student.")
COURSE = strawberry.argument(description="The course.")
SEMESTER = strawberry.argument(description="The semester.")
METHOD = strawberry.argument(description="How equal averages are ranked.")

RULES = (
    "The class is whoever is enrolled during the semester and does not leave before its last day; leavers have figures"
    " and no rank. Pending enrolments and retired students are in no class.",
    "A mark counts where it has a score and is fully or partially graded, in the semester that it or its assessment"
    " names. Exempt marks count nowhere, and a missing mark is never zero.",
    "A score within an assessment's own bounds is carried over to those of the scale, lowest to lowest and highest to"
    " highest.",
    "A subject's average is the mean of its categories' means, weighted by the categories' weights; categories without"
    " a mark are left out, and marks without a weight are together one category of weight 1.",
    "The overall average is the mean of the subjects' unrounded averages, weighted by their coefficients in the course;"
    " subjects without an average are left out.",
    "Averages are rounded once, at the end, by the scale's mode and decimals. Letters, passing and ranks go by the"
    " rounded average; a band's lower bound belongs to the band.",
)


def told(description: str) -> Any:
    return strawberry.field(description=description)


def explained(info: Info) -> bool:
    """Whether it may be asked how figures came about."""
    names = names_told(info)
    return names is None or not names.isdisjoint(EXPLAINING)


@strawberry.type(description="A mark with what it is worth in an average.")
class ValuedMark:
    grade: refs.Grade | None = relation(one(models.Grade, parent="grade_id"), "The mark itself.")
    category: refs.AssessmentCategory | None = relation(
        one(models.AssessmentCategory, parent="category_id"), "Category of its assessment; null: none."
    )
    weight: Decimal = told("Weight of its category; 1 where it has none.")
    value: Decimal | None = told("The score on the course's scale, not rounded; null where the mark does not count.")
    counts: bool = told("Whether it counts: it has a score, and is fully or partially graded.")
    exempt: bool = told("Whether the student does not have to be marked here.")


@strawberry.type(
    description="What a student has in one subject of a course in a semester. Averages are the weighted mean of the"
    " categories of the marks, on the course's scale, rounded as it says."
)
class SubjectResult:
    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "The subject.")
    coefficient: Decimal = told("Weight of the subject in the overall average; 1 where the course does not list it.")
    credits: Decimal | None = told("Credits earned by passing; null where the course gives none.")
    expected: bool = told("Whether there should be marks: the course lists the subject, and the student is not exempt.")
    completeness: Completeness = told("How far the marks are there.")
    mark_count: int = strawberry.field(
        name="markCount", description="Marks that count.", resolver=lambda root: root.marks
    )
    exempt: int = told("Marks from which the student is exempt.")
    missing: int = told("Marks that are due and not there: of assessments held while enrolled, or without a score yet.")
    exact: Decimal | None = told(
        "The average before it is rounded, up to 60 decimals; null without a mark that counts."
    )
    average: Decimal | None = told("The average, rounded as the scale says; null without a mark that counts.")
    letter: str | None = told("Letter of the average; null without one, or where the scale has no letters.")
    points: Decimal | None = told("Grade points of the letter.")
    passed: bool | None = told("Whether the average is not below the scale's pass mark; null without an average.")
    rank: int | None = told("Rank in the subject within the class; null for who has no average or has left.")

    @strawberry.field(
        description="The student's marks in the subject, the earliest first, also those that do not count."
    )
    async def marks(self, info: Info) -> list[ValuedMark]:
        found: Any = await marks_of(info.context, self)  # type: ignore[arg-type]
        return list(found)


@strawberry.type
class Account:
    scale: refs.GradingScale | None = relation(
        one(models.GradingScale, parent="scale_id"), "The scale; null where the school's settings stand for it."
    )
    min_score: Decimal = told("Lowest mark of the scale.")
    max_score: Decimal = told("Highest mark of the scale.")
    pass_mark: Decimal = told("Lowest average that passes.")
    rounding_mode: models.RoundingMode = told("How averages are rounded.")
    decimals: int = told("Decimals that averages are rounded to.")
    weighted: Decimal | None = told("Sum of the subjects' unrounded averages, each times its coefficient.")
    weights: Decimal | None = told("Sum of the coefficients of the subjects that have an average.")
    exact: Decimal | None = told("The one divided by the other, up to 60 decimals.")


@strawberry.type(description="How a figure came about: the scale, the sums before the division, and the rules.")
class GradeAccount(Account):
    @strawberry.field(description="The rules that were followed, a sentence or two each.")
    def rules(self) -> list[str]:
        return list(RULES)


@strawberry.type(
    description="What a student has in one course and semester. Shown to whoever sees the student's marks in the"
    " course; rank and class size are those of the whole class also for who sees no other row of it."
)
class GradeReport:
    student: refs.Student | None = relation(one(models.Student, parent="student_id"), "The student.")
    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")
    semester: refs.Semester | None = relation(one(models.Semester, parent="semester_id"), "The semester.")
    subjects: list[SubjectResult] = told("Subjects that the course lists or in which there are marks, by name.")
    member: bool = told("Whether the student is of the class; not who left before the semester's last day.")
    mark_count: int = strawberry.field(
        name="markCount", description="Marks that count.", resolver=lambda root: root.marks
    )
    missing: int = told("Marks that are due and not there, over all subjects.")
    expected: int = told("Subjects in which there should be marks.")
    marked: int = told("Those of them that have an average.")
    complete: bool = told("Whether every expected subject has an average, and no mark is missing.")
    average: Decimal | None = told(
        "Mean of the subjects' averages, weighted by coefficient, rounded as the scale says."
    )
    letter: str | None = told("Letter of the average; null without one, or where the scale has no letters.")
    passed: bool | None = told("Whether the average is not below the scale's pass mark; null without an average.")
    rank: int | None = told("Rank by the average within the class; null for who has no average or has left.")
    class_size: int = told("How many students the class has.")
    ranked: int = told("How many of them have an average, and so a rank.")

    @strawberry.field(description="How the average came about.")
    def explain(self) -> GradeAccount:
        found: Any = self
        return found  # type: ignore[no-any-return]


@strawberry.type
class GradeReportQuery:
    @strawberry.field(
        description="What a student has in a course and semester, with letter, rank and class size; null where the"
        " student was not in the course then, or where you do not see the student's marks in it."
    )
    async def grade_report(
        self,
        info: Info,
        student: Annotated[strawberry.ID, STUDENT],
        course: Annotated[strawberry.ID, COURSE],
        semester: Annotated[strawberry.ID, SEMESTER],
        method: Annotated[RankMethod, METHOD] = RankMethod.COMPETITION,
    ) -> GradeReport | None:
        assert info.context.viewer
        keys = (
            decode(student, models.Student, field="student").id,
            decode(course, models.Course, field="course").id,
            decode(semester, models.Semester, field="semester").id,
        )
        found: Any = await student_figures(info.context, *keys, method)
        return found  # type: ignore[no-any-return]
