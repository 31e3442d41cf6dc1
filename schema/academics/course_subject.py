"""Which subjects a course teaches, so that a missing mark can be known and averages be weighted."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.course_subject as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.CourseSubject, external_ids=resolve.course_subject_external_ids)
class CourseSubjectWhere:
    id: IDFilter | None
    course: IDFilter | None
    subject: IDFilter | None
    updated_at: DateTimeFilter | None


CourseSubjectOrder = ordering(models.CourseSubject, "course_id", "subject_id", "updated_at")


@entity(models.CourseSubject, prefix="csu")
class CourseSubject(Node):
    coefficient: Decimal
    credits: Decimal | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    course: refs.Course | None = relation(resolve.course, "The course.")
    subject: refs.Subject | None = relation(resolve.subject, "The subject.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.course_subject_external_ids, "What other systems call the course subject."
    )


@strawberry.type
class CourseSubjectQuery:
    course_subject: CourseSubject | None = lookup(
        models.CourseSubject, "A subject of a course by id; null where there is none that you may see."
    )
    course_subjects: Connection[CourseSubject] = connection(
        models.CourseSubject, "Subjects of courses.", default=("course_id",)
    )
