"""Students of a semester, the best first."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.courses import Scope
from resolvers.reports.figures import RankMethod
from resolvers.reports.ranking import ranking
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode, key_of
from schema.reports.grade_report import METHOD, RULES, Account, told

Argument = strawberry.argument
SEMESTER = Argument(description="The semester; its school year's courses are asked for.")
COURSE = Argument(description="Only the students of this course, on its own scale.")
LEVEL = Argument(description="Only the courses of this grade level.")
SECTION = Argument(description="Only the courses of this section, for example A.")
SUBJECT = Argument(description="Only the averages in this subject.")
FIRST = Argument(description="How many students at most: up to 100, and 10,000 for REPORTER.")
OFFSET = Argument(description="How many to pass over, from the best one.")
OVER_COURSES = (
    "A student's average is the mean of the unrounded averages in all subjects of the courses asked for in whose class"
    " the student is, weighted by coefficient, and rounded once at the end.",
    "Where not one course is asked for, averages of a course with a scale of its own are carried over to the school's:"
    " lowest to lowest, highest to highest.",
    "Equal rounded averages share a rank.",
)


def scope_of(
    semester: str, course: str | None, grade_level: str | None, section: str | None, subject: str | None = None
) -> Scope:
    """The arguments as keys; raises Invalid where one is not the id of what it should be."""
    return Scope(
        decode(semester, models.Semester, field="semester").id,
        key_of(course, models.Course, "course"),
        key_of(grade_level, models.GradeLevel, "gradeLevel"),
        section,
        key_of(subject, models.Subject, "subject"),
    )


@strawberry.type(
    description="How the average of a ranking came about: the scale, the sums before the division, and the rules."
)
class PerformanceAccount(Account):
    @strawberry.field(description="The rules that were followed, a sentence or two each.")
    def rules(self) -> list[str]:
        return [*RULES, *OVER_COURSES]


@strawberry.type(
    description="A student over all courses of a semester that are asked for. The average is the mean of the unrounded"
    " averages in all subjects, weighted by coefficient, on the school's scale, or on the course's where one is asked"
    " for."
)
class StudentPerformance:
    student: refs.Student | None = relation(one(models.Student, parent="student_id"), "The student.")
    course: refs.Course | None = relation(
        one(models.Course, parent="course_id"), "The student's home class; where there is none, the first course."
    )
    grade_level: refs.GradeLevel | None = relation(
        one(models.GradeLevel, parent="grade_level_id"), "Grade level of that course."
    )
    section: str = told("Section of that course.")
    subject_count: int = strawberry.field(
        name="subjectCount",
        description="Subjects with an average, over all courses.",
        resolver=lambda root: root.subjects,
    )
    mark_count: int = strawberry.field(
        name="markCount", description="Marks that count.", resolver=lambda root: root.marks
    )
    exact: Decimal | None = told("The average before it is rounded, up to 60 decimals; null without marks that count.")
    average: Decimal | None = told("The average, rounded as the scale says; null without marks that count.")
    letter: str | None = told("Letter of the average; null without one, or where the scale has no letters.")
    passed: bool | None = told("Whether the average is not below the pass mark; null without an average.")
    rank: int | None = told("Rank by the average among all students asked for, seen or not; null without an average.")

    @strawberry.field(description="How the average came about.")
    def explain(self) -> PerformanceAccount:
        found: Any = self
        return found  # type: ignore[no-any-return]


@strawberry.type(description="Students by their average, the best first; of those asked for, the ones that you see.")
class Ranking:
    ranked: int | None = told("How many students are ranked, seen or not; null where no row is shown.")
    mean: Decimal | None = told(
        "Mean of the unrounded averages of all who are ranked, up to 60 decimals; null for GUARDIAN and STUDENT, and"
        " where no row is shown."
    )
    mean_rounded: Decimal | None = told("The same, rounded as the scale says.")
    rows: list[StudentPerformance] = told("The students; of equal rank by last and first name.")


_SEEN = (
    " ADMIN, REGISTRAR and REPORTER get all courses, a TEACHER the courses taught; GUARDIAN and STUDENT get their own"
    " rows, ranked among all, and up to 4 such lists of more than one course in an operation."
)


@strawberry.type
class RankingQuery:
    @strawberry.field(description="The students with an average in a semester, ranked." + _SEEN)
    async def ranking(
        self,
        info: Info,
        semester: Annotated[strawberry.ID, SEMESTER],
        course: Annotated[strawberry.ID | None, COURSE] = None,
        grade_level: Annotated[strawberry.ID | None, LEVEL] = None,
        section: Annotated[str | None, SECTION] = None,
        subject: Annotated[strawberry.ID | None, SUBJECT] = None,
        method: Annotated[RankMethod, METHOD] = RankMethod.COMPETITION,
        first: Annotated[int, FIRST] = 25,
        offset: Annotated[int, OFFSET] = 0,
    ) -> Ranking | None:
        assert info.context.viewer
        asked = scope_of(semester, course, grade_level, section, subject)
        found: Any = await ranking(info.context, asked, method, first=first, offset=offset)
        return found  # type: ignore[no-any-return]

    @strawberry.field(
        description="How the students did in a semester: grade level, section, average and number of marks, the best"
        " first, those without marks last." + _SEEN
    )
    async def student_performance(
        self,
        info: Info,
        semester: Annotated[strawberry.ID, SEMESTER],
        grade_level: Annotated[strawberry.ID | None, LEVEL] = None,
        section: Annotated[str | None, SECTION] = None,
        first: Annotated[int, FIRST] = 25,
        offset: Annotated[int, OFFSET] = 0,
    ) -> list[StudentPerformance] | None:
        assert info.context.viewer
        asked, method = scope_of(semester, None, grade_level, section), RankMethod.COMPETITION
        found: Any = await ranking(info.context, asked, method, first=first, offset=offset, all_of_them=True)
        return list(found.rows)
