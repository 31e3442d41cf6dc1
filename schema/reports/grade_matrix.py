"""Everybody of a class with everything: students and subjects, averages, letters, ranks."""

from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.figures import RankMethod
from resolvers.reports.matrix import course_matrix
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode
from schema.reads import READS, Made, read_beside
from schema.reports.grade_report import COURSE, METHOD, SEMESTER, GradeReport, explained, told


@strawberry.type(
    description="The class of a course in a semester: students by subjects. It has the students whose marks in the"
    " course you see; ranks and sizes are those of the whole class."
)
class CourseGradeMatrix:
    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")
    semester: refs.Semester | None = relation(one(models.Semester, parent="semester_id"), "The semester.")
    class_size: int | None = told("How many students the class has; null where you see none of its rows.")
    ranked: int | None = told("How many of them have an average; null where you see none of its rows.")
    rows: list[GradeReport] = told("The students of the class, by first and last name.")


@strawberry.type
class CourseGradeMatrixQuery:
    @strawberry.field(
        metadata={READS: Made(alone=True)},
        description="Students and subjects of a course in a semester with averages, letters, ranks and what is missing;"
        " null where you see no such course. It costs as many statements for one student as for a class.",
    )
    async def course_grade_matrix(
        self,
        info: Info,
        course: Annotated[strawberry.ID, COURSE],
        semester: Annotated[strawberry.ID, SEMESTER],
        method: Annotated[RankMethod, METHOD] = RankMethod.COMPETITION,
    ) -> CourseGradeMatrix | None:
        assert info.context.viewer
        keys = (
            decode(course, models.Course, field="course").id,
            decode(semester, models.Semester, field="semester").id,
        )
        found: Any = await course_matrix(
            info.context, *keys, method, explained=explained(info), beside=read_beside(info)
        )
        return found  # type: ignore[no-any-return]
