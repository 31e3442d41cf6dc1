"""The link of a student and a guardian."""

import datetime

import strawberry

import models
import resolvers.people.student_guardian as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup
from schema.entity import relation as related
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.StudentGuardian)
class StudentGuardianWhere:
    id: IDFilter | None
    student: IDFilter | None
    guardian: IDFilter | None
    updated_at: DateTimeFilter | None


StudentGuardianOrder = ordering(models.StudentGuardian, "student_id", "guardian_id", "updated_at")


@entity(models.StudentGuardian, prefix="sgu")
class StudentGuardian(Node):
    relation: models.GuardianRelation
    legal_guardian: bool | None
    lives_with: bool | None
    emergency_contact: bool
    contact_priority: int
    may_access_records: bool | None
    contact_restriction: str | None
    consents_to_messages: bool | None
    consents_to_photos: bool | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = related(resolve.student, "The student.")
    guardian: refs.Guardian | None = related(resolve.guardian, "The guardian.")


@strawberry.type
class StudentGuardianQuery:
    student_guardian: StudentGuardian | None = lookup(
        models.StudentGuardian, "A link of student and guardian by id; null where there is none that you may see."
    )
    student_guardians: Connection[StudentGuardian] = connection(
        models.StudentGuardian, "Links of students and guardians.", default=("student_id",)
    )
