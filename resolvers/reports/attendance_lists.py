"""Reading attendance of many, with the bounds of what is asked for."""

from dataclasses import dataclass
from decimal import Decimal

from resolvers.context import Context
from resolvers.errors import Checks, Invalid
from resolvers.reports.attendance import Asked
from resolvers.reports.attendance_groups import by_section, chronic, missing
from resolvers.reports.attendance_rules import AttendancePolicy, Days
from resolvers.rows import Row

MOST_STUDENTS = 10_000


async def sections_of(asked: Asked) -> list[Row]:
    """The figures of each grade level and section."""
    return await asked.context.fetch(by_section(asked.narrow, asked.policy), **asked.values)


async def missing_of(context: Context, days: Days) -> list[Row]:
    """The rosters of a day that were not taken."""
    asked = Asked(context, days, AttendancePolicy.TAKEN)
    return await context.fetch(missing(asked.narrow), **asked.values)


@dataclass(frozen=True)
class Much:
    """How much must be missed: `threshold` percent of at least `least` counted days."""

    threshold: Decimal
    least: int

    def check(self) -> None:
        """Raises Invalid where the numbers make no sense."""
        checks = Checks()
        with checks:
            if not 0 < self.threshold <= 100:
                raise Invalid(f"threshold: {self.threshold} is no percentage above 0, up to 100", field="threshold")
        with checks:
            if self.least < 0:
                raise Invalid(f"minimumDays: {self.least} is below 0", field="minimumDays")
        checks.done()


async def chronic_of(asked: Asked, much: Much) -> list[Row]:
    """Who missed that much, the most missed first. Raises Invalid where they are more than one answer holds."""
    values = {"threshold": much.threshold, "least": Decimal(much.least), "first": MOST_STUDENTS + 1}
    rows = await asked.context.fetch(chronic(asked.narrow, asked.policy), **asked.values, **values)
    if len(rows) > MOST_STUDENTS:
        message = f"threshold: {much.threshold} percent are missed by more than {MOST_STUDENTS} students"
        raise Invalid(message, field="threshold")
    return rows
