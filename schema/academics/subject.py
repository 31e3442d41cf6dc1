"""What is taught."""

import datetime

import strawberry

import models
import resolvers.academics.subject as resolve
from schema import refs
from schema.connection import Connection, related_connection, searched_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.Subject,
    courses=resolve.courses,
    single_subject_courses=resolve.single_subject_courses,
    assessments=resolve.assessments,
    grades=resolve.grades,
    external_ids=resolve.subject_external_ids,
)
class SubjectWhere:
    id: IDFilter | None
    name: StringFilter | None
    code: StringFilter | None
    updated_at: DateTimeFilter | None


SubjectOrder = ordering(models.Subject, "name", "code", "updated_at")


@entity(models.Subject, prefix="sub")
class Subject(Node):
    name: str
    code: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    courses: list[refs.CourseSubject] = relation(resolve.courses, "Courses that teach it, each with its weight.")
    single_subject_courses: Connection[refs.Course] = related_connection(
        resolve.single_subject_courses, "Courses whose one subject it is."
    )
    assessments: Connection[refs.Assessment] = related_connection(resolve.assessments, "Assessments in the subject.")
    grades: Connection[refs.Grade] = related_connection(resolve.grades, "Marks in the subject, the latest first.")
    external_ids: list[refs.ExternalId] = relation(resolve.subject_external_ids, "What other systems call the subject.")


@strawberry.type
class SubjectQuery:
    subject: Subject | None = lookup(models.Subject, "A subject by id; null where there is none that you may see.")
    subjects: Connection[Subject] = searched_connection(models.Subject, "Subjects by name.", default=("name",))
