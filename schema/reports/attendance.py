"""`attendanceSummary`: the attendance of a student, of a course, or of a student in a course, explained day by day."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
import resolvers.academics.attendance as relations
from resolvers.errors import Invalid
from resolvers.reports.attendance import Asked
from resolvers.reports.attendance_rules import AttendancePolicy, days_of
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import key_of
from schema.reports.attendance_figures import (
    AttendanceDays,
    AttendanceFigures,
    AttendanceRange,
    Policy,
    Since,
    Until,
    range_of,
)

STUDENT = strawberry.argument(
    description="The student. Without a course all that the student attends are counted together."
)
COURSE = strawberry.argument(description="The course. Without a student all who attend it are counted together.")


@strawberry.type(description="What figures are made of.")
class AttendanceExplanation(AttendanceDays):
    pass


@strawberry.type(description="Attendance of whom one asked for, counted against what was expected.")
class AttendanceSummary(AttendanceRange, AttendanceFigures):
    asked: strawberry.Private[Asked]
    student_id: strawberry.Private[int | None]
    course_id: strawberry.Private[int | None]
    unexpected: Decimal = strawberry.field(
        description="Marks of these days outside of what was expected, such as on a holiday or before an enrolment;"
        " they are part of no other figure. In days: AM and PM are half a day each, FULL is one."
    )

    student: refs.Student | None = relation(relations.student, "The student; null where none was asked for.")
    course: refs.Course | None = relation(relations.course, "The course; null where none was asked for.")

    @strawberry.field(description="The days behind the figures.")
    def explain(self) -> AttendanceExplanation:
        return AttendanceExplanation(asked=self.asked)


@strawberry.type
class AttendanceSummaryQuery:
    @strawberry.field(
        description="Attendance between two days, with the rule that it was counted by and the days behind it; null"
        " where there is no such student or course that you may see. It is of the students whose attendance you see:"
        " a GUARDIAN who asks for a course gets the figures of the own children in it."
    )
    async def attendance_summary(
        self,
        info: Info,
        since: Since,
        to: Until,
        student: Annotated[strawberry.ID | None, STUDENT] = None,
        course: Annotated[strawberry.ID | None, COURSE] = None,
        policy: Policy = AttendancePolicy.TAKEN,
    ) -> AttendanceSummary | None:
        assert info.context.viewer
        days = days_of(info.context, since, to)
        if student is None and course is None:
            raise Invalid("student: name a student, a course, or both", field="student")
        keys = key_of(student, models.Student, "student"), key_of(course, models.Course, "course")
        asked = Asked(info.context, days, policy, *keys)
        if not await asked.seen():
            return None
        figures: dict[str, Any] = dict(await asked.summary())
        return AttendanceSummary(
            **figures, **range_of(days, policy), asked=asked, student_id=asked.student, course_id=asked.course
        )
