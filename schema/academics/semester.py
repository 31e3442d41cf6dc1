"""Parts of a school year."""

import datetime

import strawberry

import models
import resolvers.academics.semester as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.Semester,
    assessments=resolve.assessments,
    grades=resolve.grades,
    attendance=resolve.attendance,
    drops=resolve.drops,
    external_ids=resolve.semester_external_ids,
)
class SemesterWhere:
    id: IDFilter | None
    school_year: IDFilter | None
    code: StringFilter | None
    start_date: DateFilter | None
    updated_at: DateTimeFilter | None


SemesterOrder = ordering(models.Semester, "start_date", "code", "updated_at")


@entity(models.Semester, prefix="sem")
class Semester(Node):
    name: str
    code: str
    type: models.SemesterType
    sequence: int
    start_date: datetime.date
    end_date: datetime.date
    grade_entry_opens_at: datetime.datetime | None
    grade_entry_closes_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    school_year: refs.SchoolYear | None = relation(resolve.school_year, "School year it is part of.")
    assessments: Connection[refs.Assessment] = related_connection(resolve.assessments, "Assessments that count for it.")
    grades: Connection[refs.Grade] = related_connection(resolve.grades, "Marks that count for it, the latest first.")
    attendance: Connection[refs.Attendance] = related_connection(
        resolve.attendance, "Attendance marks of its days, the latest day first."
    )
    drops: Connection[refs.Enrollment] = related_connection(
        resolve.drops, "Spans in courses that were dropped in it, the latest drop first."
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.semester_external_ids, "What other systems call the semester."
    )


@strawberry.type
class SemesterQuery:
    semester: Semester | None = lookup(
        models.Semester, "A part of a school year by id; null where there is none that you may see."
    )
    semesters: Connection[Semester] = connection(
        models.Semester, "Parts of school years, the latest first.", default=("-start_date",)
    )
