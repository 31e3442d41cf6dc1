"""`attendanceReport`: a course between two days, session by session, and the totals of each student."""

from typing import Annotated, Any

import strawberry

import models
import resolvers.academics.attendance as relations
from resolvers.reports.attendance import MOST_SESSIONS, Asked
from resolvers.reports.attendance_rules import AttendancePolicy, days_of
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import decode
from schema.reports.attendance_figures import (
    AttendanceDay,
    AttendanceDays,
    AttendanceFigures,
    AttendanceRange,
    Policy,
    Since,
    Until,
    range_of,
)

COURSE = strawberry.argument(description="The course.")


@strawberry.type(description="Attendance of one student, counted against what was expected.")
class StudentAttendance(AttendanceFigures):
    asked: strawberry.Private[Asked]
    student_id: strawberry.Private[int]

    student: refs.Student | None = relation(relations.student, "The student.")

    @strawberry.field(
        graphql_type=list[AttendanceDay],
        description="The sessions behind the figures, newest day first; refused where the whole report has more than"
        f" {MOST_SESSIONS}.",
    )
    async def days(self) -> Any:
        return await self.asked.sessions_of(self.student_id)


@strawberry.type(description="Attendance of a course between two days, counted against what was expected.")
class AttendanceReport(AttendanceRange, AttendanceDays):
    course_id: strawberry.Private[int]

    course: refs.Course | None = relation(relations.course, "The course.")

    @strawberry.field(description="The figures of all its students together.")
    async def total(self) -> AttendanceFigures:
        figures: dict[str, Any] = dict(await self.asked.summary())
        del figures["unexpected"]
        return AttendanceFigures(**figures)

    @strawberry.field(
        description="The totals of each student of whom something was expected in these days, by first name, then last"
        " name."
    )
    async def students(self) -> list[StudentAttendance]:
        return [StudentAttendance(**dict(row), asked=self.asked) for row in await self.asked.by_student()]


@strawberry.type
class AttendanceReportQuery:
    @strawberry.field(
        description="Attendance of a course between two days; null where there is no such course that you may see. It"
        " is of the students whose attendance you see: a GUARDIAN gets the own children in it."
    )
    async def attendance_report(
        self,
        info: Info,
        course: Annotated[strawberry.ID, COURSE],
        since: Since,
        to: Until,
        policy: Policy = AttendancePolicy.TAKEN,
    ) -> AttendanceReport | None:
        assert info.context.viewer
        days = days_of(info.context, since, to)
        asked = Asked(info.context, days, policy, course=decode(course, models.Course, field="course").id)
        if asked.course is None or not await asked.seen():
            return None
        return AttendanceReport(**range_of(days, policy), asked=asked, course_id=asked.course)
