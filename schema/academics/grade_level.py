"""Grade levels ("classes") in order, with where promotion leads."""

import datetime

import strawberry

import models
import resolvers.academics.grade_level as resolve
from schema import refs
from schema.connection import Connection, connection, related_connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter, IntFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(
    models.GradeLevel,
    courses=resolve.courses,
    school_enrollments=resolve.school_enrollments,
    external_ids=resolve.grade_level_external_ids,
)
class GradeLevelWhere:
    id: IDFilter | None
    code: StringFilter | None
    sequence: IntFilter | None
    updated_at: DateTimeFilter | None


GradeLevelOrder = ordering(models.GradeLevel, "sequence", "code", "updated_at")


@entity(models.GradeLevel, prefix="lvl")
class GradeLevel(Node):
    code: str
    name: str
    sequence: int
    leaves_after: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    next_level: refs.GradeLevel | None = relation(resolve.next_level, "Level that promotion leads to.")
    previous_levels: list[refs.GradeLevel] = relation(
        resolve.previous_levels, "Levels from which promotion leads here; in order."
    )
    courses: Connection[refs.Course] = related_connection(resolve.courses, "Courses of the level.")
    school_enrollments: Connection[refs.SchoolEnrollment] = related_connection(
        resolve.school_enrollments, "Spans of students in the level, the latest first."
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.grade_level_external_ids, "What other systems call the grade level."
    )


@strawberry.type
class GradeLevelQuery:
    grade_level: GradeLevel | None = lookup(
        models.GradeLevel, "A grade level by id; null where there is none that you may see."
    )
    grade_levels: Connection[GradeLevel] = connection(
        models.GradeLevel, "Grade levels in order.", default=("sequence",)
    )
