"""Belonging to the school."""

import datetime

import strawberry

import models
import resolvers.people.school_enrollment as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.SchoolEnrollment, external_ids=resolve.school_enrollment_external_ids)
class SchoolEnrollmentWhere:
    id: IDFilter | None
    student: IDFilter | None
    school_year: IDFilter | None
    grade_level: IDFilter | None
    entry_date: DateFilter | None
    updated_at: DateTimeFilter | None


SchoolEnrollmentOrder = ordering(models.SchoolEnrollment, "entry_date", "updated_at")


@entity(models.SchoolEnrollment, prefix="sen")
class SchoolEnrollment(Node):
    entry_date: datetime.date
    entry_type: models.EntryType
    exit_date: datetime.date | None
    exit_reason: models.ExitReason | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    school_year: refs.SchoolYear | None = relation(resolve.school_year, "School year of the span.")
    grade_level: refs.GradeLevel | None = relation(resolve.grade_level, "Grade level during the span.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.school_enrollment_external_ids, "What other systems call the school enrollment."
    )


@strawberry.type
class SchoolEnrollmentQuery:
    school_enrollment: SchoolEnrollment | None = lookup(
        models.SchoolEnrollment, "A span of belonging to the school by id; null where there is none that you may see."
    )
    school_enrollments: Connection[SchoolEnrollment] = connection(
        models.SchoolEnrollment, "Spans of belonging to the school, the latest first.", default=("-entry_date",)
    )
