"""Aggregates: figures of groups of students, none of them so small that it tells of one."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.aggregate import Group, aggregate_of, percentage, trimmed
from resolvers.reports.aggregate_groups import AggregateBy, AggregateOf
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import key_of
from schema.reports.aggregate_where import AggregateWhere, chosen

OF = strawberry.argument(description="What is counted.")
BY = strawberry.argument(
    description="At most two dimensions. Where they are two, one must be the school's setting AGGREGATE_CROSSED_BY"
    " (ACADEMIC; GRADE_LEVEL where it is not set): three tables with two dimensions each would tell of single students"
    " by subtraction. One that your roles do not see of every student is FORBIDDEN. Without any there are the totals"
    " alone."
)
WHERE = strawberry.argument(description="Which of the groups are shown.")
YEAR = strawberry.argument(description="The school year; the current one where it is left out.")


def told(description: str) -> Any:
    return strawberry.field(description=description, default=None)


@strawberry.type(
    description="A group of students, and what their rows add up to. What it is not grouped by, and what is not known"
    " of its students, is null; so are figures of something else than was asked for."
)
class AggregateGroup:
    subject_id: strawberry.Private[int | None] = None
    semester_id: strawberry.Private[int | None] = None
    grade_level_id: strawberry.Private[int | None] = None
    students: int = strawberry.field(description="Different students with rows in it, at least `smallest`.", default=0)
    count: int = strawberry.field(
        description="Their rows: marks, half days expected, enrolments, or scholarships.", default=0
    )
    percentage: Decimal | None = told(
        "GRADES: mean of the marks, each in percent of its scale or its assessment's bounds, lowest 0 and highest 100."
        " ATTENDANCE: `presentValue` over `counted` in percent. Rounded half up to two decimals."
    )
    expected: Decimal | None = told("ATTENDANCE: expected sessions, in days.")
    counted: Decimal | None = told("ATTENDANCE: those whose roster was taken, in days.")
    present_value: Decimal | None = told("ATTENDANCE: sum of the present values of the marks of these, in days.")
    dropped: int | None = told("ENROLLMENTS: those that were dropped.")
    amount: Decimal | None = told("SCHOLARSHIPS: sum of the amounts, in `currency`.")
    currency: str | None = told("SCHOLARSHIPS: currency of the amounts, ISO 4217; null where there is no amount.")
    gender: models.Gender | None = told("Gender of the students.")
    section: str | None = told("Section of the course of the year that they were enrolled in last.")
    village: str | None = told("Village of their addresses.")
    religion: str | None = told("Religion of the students. Asked for by ADMIN, REGISTRAR and REPORTER.")
    caste: str | None = told("Caste of the students. Asked for by ADMIN, REGISTRAR and REPORTER.")
    vaccinated: bool | None = told("Whether they are vaccinated. Asked for by ADMIN, REGISTRAR and REPORTER.")
    needs_clothes: bool | None = told("Whether they need clothes. Asked for by ADMIN, REGISTRAR and REPORTER.")
    needs_materials: bool | None = told("Whether they need materials. Asked for by ADMIN, REGISTRAR and REPORTER.")
    needs_transport: bool | None = told("Whether they need transport. Asked for by ADMIN, REGISTRAR and REPORTER.")
    poverty_card: bool | None = told(
        "Whether the family has a poverty card; null where nothing is known of it. Asked for by ADMIN, REGISTRAR and"
        " REPORTER."
    )
    own_house: bool | None = told("Whether the family owns its house. Asked for by ADMIN, REGISTRAR and REPORTER.")
    scholarship: bool | None = told(
        "Whether they have a scholarship that begins in the year. Asked for by ADMIN, REGISTRAR and REPORTER."
    )

    subject: refs.Subject | None = relation(one(models.Subject, parent="subject_id"), "GRADES: the subject.")
    semester: refs.Semester | None = relation(
        one(models.Semester, parent="semester_id"), "GRADES: the semester; null of marks that name none."
    )
    grade_level: refs.GradeLevel | None = relation(
        one(models.GradeLevel, parent="grade_level_id"), "Grade level of the course that they were enrolled in last."
    )


@strawberry.type(
    description="Figures of groups of students in a school year. Groups of fewer than `smallest` students are left out,"
    " and so are others that these would follow from by subtraction, whatever else is asked for."
)
class Aggregate:
    school_year_id: strawberry.Private[int]
    of: AggregateOf = strawberry.field(description="What is counted.")
    smallest: int = strawberry.field(
        description="Students of the smallest group that is shown: the school's setting AGGREGATE_SMALLEST_GROUP"
        " (ACADEMIC), at least 3; 5 where it is not set."
    )
    complete: bool = strawberry.field(description="Whether no group had to be left out.")
    totals: list[AggregateGroup] = strawberry.field(
        description="All students together, those of groups left out too: of GRADES for each subject and semester, of"
        " SCHOLARSHIPS for each currency. Empty where even these are too few."
    )
    groups: list[AggregateGroup] = strawberry.field(description="The groups, in the order of what they are by.")

    school_year: refs.SchoolYear | None = relation(
        one(models.SchoolYear, parent="school_year_id"), "The school year, by the courses; of SCHOLARSHIPS their begin."
    )


def _figures(of: AggregateOf, group: Group) -> dict[str, Any]:
    sums: dict[str, Any] = dict(group.sums)
    if of is AggregateOf.GRADES:
        return {"percentage": percentage(sums["percent"], group.count)}
    if of is AggregateOf.ATTENDANCE:
        halves = {"expected": Decimal(group.count), "counted": sums["counted"], "present_value": sums["present"]}
        days = {name: number / 2 for name, number in halves.items()}
        return days | {"percentage": percentage(100 * sums["present"], sums["counted"])}
    return sums


def _shown(of: AggregateOf, group: Group) -> AggregateGroup:
    found = _figures(of, group)
    figures: dict[str, Any] = {
        name: trimmed(each) if isinstance(each, Decimal) else each for name, each in found.items()
    }
    return AggregateGroup(students=group.students, count=group.count, **group.values, **figures)


@strawberry.type
class AggregateQuery:
    @strawberry.field(
        description="How many students and rows each group of a school year has, and their figures, of what you see."
        " Shown to ADMIN, REGISTRAR, REPORTER, and to TEACHERs of the courses taught; FORBIDDEN to families. Null where"
        " there is no such school year."
    )
    async def aggregate(
        self,
        info: Info,
        of: Annotated[AggregateOf, OF],
        group_by: Annotated[list[AggregateBy], BY],
        where: Annotated[AggregateWhere | None, WHERE] = None,
        school_year: Annotated[strawberry.ID | None, YEAR] = None,
    ) -> Aggregate | None:
        year = key_of(school_year, models.SchoolYear, "schoolYear")
        found = await aggregate_of(info.context, of, group_by, chosen(where), year)
        if found is None:
            return None
        totals, groups = ([_shown(of, each) for each in some] for some in (found.totals, found.groups))
        return Aggregate(
            school_year_id=found.school_year_id,
            of=of,
            smallest=found.smallest,
            complete=found.complete,
            totals=totals,
            groups=groups,
        )
