"""A task or exam that marks are given for."""

import datetime
from decimal import Decimal

import strawberry

import models
import resolvers.academics.assessment as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Assessment, grades=resolve.grades, external_ids=resolve.assessment_external_ids)
class AssessmentWhere:
    id: IDFilter | None
    course: IDFilter | None
    subject: IDFilter | None
    semester: IDFilter | None
    category: IDFilter | None
    date: DateFilter | None
    updated_at: DateTimeFilter | None


AssessmentOrder = ordering(models.Assessment, "date", "updated_at")


@entity(models.Assessment, prefix="asm")
class Assessment(Node):
    title: str
    description: str | None
    date: datetime.date | None
    min_score: Decimal | None
    max_score: Decimal | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    course: refs.Course | None = relation(resolve.course, "The course.")
    subject: refs.Subject | None = relation(resolve.subject, "Subject that is assessed.")
    semester: refs.Semester | None = relation(resolve.semester, "Semester it counts for.")
    category: refs.AssessmentCategory | None = relation(resolve.category, "Kind of the assessment.")
    grades: list[refs.Grade] = relation(resolve.grades, "Marks given for it.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.assessment_external_ids, "What other systems call the assessment."
    )


@strawberry.type
class AssessmentQuery:
    assessment: Assessment | None = lookup(
        models.Assessment, "An assessment by id; null where there is none that you may see."
    )
    assessments: Connection[Assessment] = connection(
        models.Assessment, "Assessments, the latest first.", default=("-date",)
    )
