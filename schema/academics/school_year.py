"""School years of the institution."""

import datetime

import strawberry

import models
import resolvers.academics.school_year as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation, singleton
from schema.node import Node
from schema.operators import BooleanFilter, DateFilter, DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.SchoolYear,
    semesters=resolve.semesters,
    calendar_days=resolve.calendar_days,
    courses=resolve.courses,
    school_enrollments=resolve.school_enrollments,
    attendance=resolve.attendance,
    external_ids=resolve.school_year_external_ids,
)
class SchoolYearWhere:
    id: IDFilter | None
    code: StringFilter | None
    current: BooleanFilter | None
    start_date: DateFilter | None
    updated_at: DateTimeFilter | None


SchoolYearOrder = ordering(models.SchoolYear, "start_date", "code", "updated_at")


@entity(models.SchoolYear, prefix="syr")
class SchoolYear(Node):
    code: str
    start_date: datetime.date
    end_date: datetime.date
    current: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    semesters: list[refs.Semester] = relation(resolve.semesters, "Its parts in order.")
    calendar_days: list[refs.CalendarDay] = relation(resolve.calendar_days, "Its calendar, day by day.")
    courses: Connection[refs.Course] = related_connection(resolve.courses, "Courses taught in the year.")
    school_enrollments: Connection[refs.SchoolEnrollment] = related_connection(
        resolve.school_enrollments, "Spans of belonging to the school in the year."
    )
    attendance: Connection[refs.Attendance] = related_connection(
        resolve.attendance, "Attendance marks of the year, the latest day first."
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.school_year_external_ids, "What other systems call the school year."
    )


@strawberry.type
class SchoolYearQuery:
    school_year: SchoolYear | None = lookup(
        models.SchoolYear, "A school year by id; null where there is none that you may see."
    )
    school_years: Connection[SchoolYear] = connection(
        models.SchoolYear, "School years, the latest first.", default=("-start_date",)
    )
    current_school_year: SchoolYear | None = singleton(
        resolve.current, lambda viewer: True, "The school year that is marked as current; null where none is."
    )
