"""Belonging to a course."""

import datetime

import strawberry

import models
import resolvers.academics.enrollment as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Enrollment, external_ids=resolve.enrollment_external_ids)
class EnrollmentWhere:
    id: IDFilter | None
    student: IDFilter | None
    course: IDFilter | None
    status: EnumFilter[models.EnrollmentStatus] | None
    begin_date: DateFilter | None
    end_date: DateFilter | None
    drop_date: DateFilter | None
    drop_semester: IDFilter | None
    updated_at: DateTimeFilter | None


EnrollmentOrder = ordering(
    models.Enrollment, "begin_date", "status", "drop_date", "updated_at", "student_first_name", "student_last_name"
)


@entity(models.Enrollment, prefix="enr")
class Enrollment(Node):
    begin_date: datetime.date
    end_date: datetime.date | None
    status: models.EnrollmentStatus
    drop_date: datetime.date | None
    drop_reason: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    course: refs.Course | None = relation(resolve.course, "The course.")
    drop_semester: refs.Semester | None = relation(resolve.drop_semester, "Semester of the drop.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.enrollment_external_ids, "What other systems call the enrollment."
    )
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )


@strawberry.type
class EnrollmentQuery:
    enrollment: Enrollment | None = lookup(
        models.Enrollment, "A span of a student in a course by id; null where there is none that you may see."
    )
    enrollments: Connection[Enrollment] = connection(
        models.Enrollment, "Spans of students in courses, the latest first.", default=("-begin_date",)
    )
