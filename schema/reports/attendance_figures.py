"""The figures of attendance that all its reports share, and the arguments that they take."""

import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

import resolvers.academics.attendance as relations
from models import AttendanceSession
from resolvers.reports.attendance import MOST_SESSIONS, Asked
from resolvers.reports.attendance_rules import EXPECTATION, LONGEST, AttendanceOutcome, AttendancePolicy, Days, sentence
from schema import refs
from schema.entity import relation

FROM = strawberry.argument(name="from", description="First day, included.")
TO = strawberry.argument(
    description=f"Last day, included. At most {LONGEST} days; what lies after today is not expected yet."
)
POLICY = strawberry.argument(description="What the percentage is of.")
Since = Annotated[datetime.date, FROM]
Until = Annotated[datetime.date, TO]
Policy = Annotated[AttendancePolicy, POLICY]


def _days(description: str) -> Any:
    return strawberry.field(description=f"{description} In days: AM and PM are half a day each, FULL is one.")


@strawberry.type(description="Attendance counted against what was expected.")
class AttendanceFigures:
    expected: Decimal = _days(
        "Expected sessions: present, late, excused, absent, unmarked and notTaken together, and nothing else."
    )
    present: Decimal = _days("Expected sessions marked with a code of the status PRESENT.")
    late: Decimal = _days("Expected sessions marked with a code of the status LATE.")
    excused: Decimal = _days("Expected sessions marked with a code of the status EXCUSED.")
    absent: Decimal = _days("Expected sessions marked with a code of the status ABSENT.")
    unmarked: Decimal = _days("Expected sessions whose roster was taken and that have no mark.")
    not_taken: Decimal = _days("Expected sessions whose roster was not taken and that have no mark.")
    counted: Decimal = _days("Expected sessions that the percentage is of, by the rule.")
    present_value: Decimal = _days("Sum of the present values of the marks of the counted sessions.")
    percentage: Decimal | None = strawberry.field(
        description="`presentValue` over `counted` in percent, rounded half up to two decimals; null where nothing"
        " is counted."
    )


@strawberry.type(description="By which rule attendance was counted.")
class AttendanceRule:
    policy: AttendancePolicy = strawberry.field(description="What the percentage is of.")
    text: str = strawberry.field(description="The whole rule in words.")


def rule_of(policy: AttendancePolicy) -> AttendanceRule:
    return AttendanceRule(policy=policy, text=sentence(policy))


@strawberry.type(description=f"A session that was expected of a student in a course. {EXPECTATION}")
class AttendanceDay:
    date: datetime.date = strawberry.field(description="The day, in the school's time zone.")
    session: AttendanceSession = strawberry.field(
        description="Part of the day. A whole day stands in two parts where its halves were marked or taken apart."
    )
    days: Decimal = strawberry.field(description="How much it counts, in days: 0.5 or 1.")
    outcome: AttendanceOutcome = strawberry.field(description="What became of it.")
    counted: bool = strawberry.field(description="Whether the percentage is of it too, by the rule.")
    present_value: Decimal = strawberry.field(
        description="What it adds to the sum of present values, in days; 0 where it is not counted or not marked."
    )
    code: str | None = strawberry.field(description="The school's own code that was marked; null without a mark.")
    reason: str | None = strawberry.field(description="Why absent or late, as far as it was said.")
    minutes_late: int | None = strawberry.field(description="How late, in minutes, as far as it was said.")

    student: refs.Student | None = relation(relations.student, "The student.")
    course: refs.Course | None = relation(relations.course, "The course.")


@strawberry.type
class AttendanceDays:
    asked: strawberry.Private[Asked]

    @strawberry.field(
        graphql_type=list[AttendanceDay],
        description="The expected sessions one by one, newest day first, then by first name; refused where they are"
        f" more than {MOST_SESSIONS}.",
    )
    async def days(self) -> Any:
        return await self.asked.sessions()


@strawberry.type
class AttendanceRange:
    since: datetime.date = strawberry.field(name="from", description="First day asked for.")
    to: datetime.date = strawberry.field(description="Last day asked for.")
    through: datetime.date | None = strawberry.field(
        description="Last day that could be expected: `to`, or today if that is sooner; null where all is to come."
    )
    rule: AttendanceRule = strawberry.field(description="By which rule it was counted.")


def range_of(days: Days, policy: AttendancePolicy) -> dict[str, Any]:
    """The values of an AttendanceRange."""
    through = days.through if days.through >= days.since else None
    return {"since": days.since, "to": days.to, "through": through, "rule": rule_of(policy)}
