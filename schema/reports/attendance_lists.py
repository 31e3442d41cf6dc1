"""Attendance of the whole school: statistics by level and section, who misses much, and rosters that nobody took."""

import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

import resolvers.academics.attendance as relations
import resolvers.academics.course as course_relations
from models import AttendanceSession
from resolvers.reports.attendance import Asked
from resolvers.reports.attendance_lists import MOST_STUDENTS, Much, chronic_of, missing_of, sections_of
from resolvers.reports.attendance_rules import AttendancePolicy, days_of
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.reports.attendance_figures import AttendanceFigures, AttendanceRange, Policy, Since, Until, range_of

DATE = strawberry.argument(description="The day, in the school's time zone; nothing is missing yet of one to come.")
THRESHOLD = strawberry.argument(
    description="How much must be missed, in percent of the counted days, from which on a student is listed."
)
MINIMUM = strawberry.argument(description="Of how many counted days at least, so that a few do not decide.")


@strawberry.type(description="Attendance of one section of a grade level, in all its courses together.")
class AttendanceGroup(AttendanceFigures):
    grade_level_id: strawberry.Private[int | None]
    section: str = strawberry.field(description="Section of the courses, empty where they have none.")
    students: int = strawberry.field(description="Students of whom something was expected, each counted once.")

    grade_level: refs.GradeLevel | None = relation(
        course_relations.grade_level, "Grade level of the courses; null where they have none."
    )


@strawberry.type(description="Attendance by grade level and section.")
class AttendanceStatistics(AttendanceRange):
    groups: list[AttendanceGroup] = strawberry.field(
        description="In the order of the grade levels, then by section; courses without a level come last."
    )


@strawberry.type(description="A student who missed much.")
class ChronicallyAbsent(AttendanceFigures):
    student_id: strawberry.Private[int]
    missed: Decimal = strawberry.field(description="`counted` less `presentValue`, in days.")
    missed_percentage: Decimal = strawberry.field(
        description="`missed` over `counted` in percent, rounded half up to two decimals."
    )

    student: refs.Student | None = relation(relations.student, "The student.")


@strawberry.type(description="Who missed much, all courses and enrolments of a student counted together.")
class ChronicAbsence(AttendanceRange):
    threshold: Decimal = strawberry.field(description="Percent of the counted days from which on a student is listed.")
    minimum_days: int = strawberry.field(description="Of how many counted days at least.")
    students: list[ChronicallyAbsent] = strawberry.field(
        description=f"Who missed the most comes first, then by first name. Refused where they are more than"
        f" {MOST_STUDENTS}."
    )


@strawberry.type(description="A roster that nobody took, of a course with students who were expected.")
class MissingRoster:
    course_id: strawberry.Private[int]
    session: AttendanceSession = strawberry.field(description="Part of the day.")
    students: int = strawberry.field(description="Students who were expected.")
    marked: int = strawberry.field(description="Those of them who have a mark all the same.")

    course: refs.Course | None = relation(relations.course, "The course.")


@strawberry.type
class AttendanceListsQuery:
    @strawberry.field(
        description="Attendance between two days by grade level and section, of the students whose attendance you see."
    )
    async def attendance_statistics(
        self, info: Info, since: Since, to: Until, policy: Policy = AttendancePolicy.TAKEN
    ) -> AttendanceStatistics | None:
        assert info.context.viewer
        days = days_of(info.context, since, to)
        rows = await sections_of(Asked(info.context, days, policy))
        return AttendanceStatistics(**range_of(days, policy), groups=[AttendanceGroup(**dict(row)) for row in rows])

    @strawberry.field(
        description="Students who missed much between two days, of those whose attendance you see. What is missed is"
        " what is counted and not present: a late mark that counts half is half missed."
    )
    async def chronic_absence(
        self,
        info: Info,
        since: Since,
        to: Until,
        threshold: Annotated[Decimal, THRESHOLD] = Decimal(10),
        minimum_days: Annotated[int, MINIMUM] = 10,
        policy: Policy = AttendancePolicy.TAKEN,
    ) -> ChronicAbsence | None:
        assert info.context.viewer
        days, much = days_of(info.context, since, to), Much(threshold, minimum_days)
        much.check()
        rows = await chronic_of(Asked(info.context, days, policy), much)
        return ChronicAbsence(
            **range_of(days, policy),
            threshold=threshold,
            minimum_days=minimum_days,
            students=[ChronicallyAbsent(**dict(row)) for row in rows],
        )

    @strawberry.field(
        description="Rosters of a day that were not taken, by grade level, section and name of the course. A TEACHER"
        " sees those of the courses taught, families none."
    )
    async def missing_attendance(self, info: Info, date: Annotated[datetime.date, DATE]) -> list[MissingRoster] | None:
        assert info.context.viewer
        rows = await missing_of(info.context, days_of(info.context, date, date))
        names = ("course_id", "session", "students", "marked")
        return [MissingRoster(**{name: row[name] for name in names}) for row in rows]
