"""Who teaches a course."""

import datetime

import strawberry

import models
import resolvers.academics.course_teacher as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.CourseTeacher, external_ids=resolve.course_teacher_external_ids)
class CourseTeacherWhere:
    id: IDFilter | None
    course: IDFilter | None
    user: IDFilter | None
    role: EnumFilter[models.TeacherRole] | None
    updated_at: DateTimeFilter | None


CourseTeacherOrder = ordering(models.CourseTeacher, "course_id", "position", "updated_at")


@entity(models.CourseTeacher, prefix="cte")
class CourseTeacher(Node):
    role: models.TeacherRole
    position: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    course: refs.Course | None = relation(resolve.course, "The course.")
    user: refs.User | None = relation(resolve.user, "The teacher.")
    external_ids: list[refs.ExternalId] = relation(
        resolve.course_teacher_external_ids, "What other systems call the course teacher."
    )


@strawberry.type
class CourseTeacherQuery:
    course_teacher: CourseTeacher | None = lookup(
        models.CourseTeacher, "A teacher of a course by id; null where there is none that you may see."
    )
    course_teachers: Connection[CourseTeacher] = connection(
        models.CourseTeacher, "Teachers of courses.", default=("course_id", "position")
    )
