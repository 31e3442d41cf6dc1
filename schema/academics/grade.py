"""A mark of a student."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.grade as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Grade, external_ids=resolve.grade_external_ids)
class GradeWhere:
    id: IDFilter | None
    student: IDFilter | None
    course: IDFilter | None
    subject: IDFilter | None
    semester: IDFilter | None
    assessment: IDFilter | None
    graded_by: IDFilter | None
    date: DateFilter | None
    score_status: EnumFilter[models.ScoreStatus] | None
    updated_at: DateTimeFilter | None


GradeOrder = ordering(
    models.Grade,
    "date",
    "student_id",
    "subject_id",
    "updated_at",
    "student_first_name",
    "student_last_name",
    "subject_name",
)


@entity(models.Grade, prefix="grd")
class Grade(Node):
    date: datetime.date
    score: Decimal | None
    score_status: models.ScoreStatus
    comment: str | None
    last_edited_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    course: refs.Course | None = relation(resolve.course, "The course.")
    subject: refs.Subject | None = relation(resolve.subject, "The subject.")
    semester: refs.Semester | None = relation(resolve.semester, "Semester the mark counts for.")
    assessment: refs.Assessment | None = relation(resolve.assessment, "Assessment the mark is for.")
    teacher: refs.User | None = relation(resolve.teacher, "Who gave the mark; else the course's lead teacher.")
    graded_by: refs.User | None = relation(resolve.graded_by, "Who gave the mark.")
    external_ids: list[refs.ExternalId] = relation(resolve.grade_external_ids, "What other systems call the grade.")
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )


@strawberry.type
class GradeQuery:
    grade: Grade | None = lookup(models.Grade, "A mark by id; null where there is none that you may see.")
    grades: Connection[Grade] = connection(models.Grade, "Marks, the latest first.", default=("-date",))
