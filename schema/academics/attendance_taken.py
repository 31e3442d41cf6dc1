"""That a roster was taken, so that *not taken* and *all present* differ."""

import datetime

import strawberry

import models
import resolvers.academics.attendance_taken as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.AttendanceTaken)
class AttendanceTakenWhere:
    id: IDFilter | None
    course: IDFilter | None
    date: DateFilter | None
    taken_by: IDFilter | None
    updated_at: DateTimeFilter | None


AttendanceTakenOrder = ordering(models.AttendanceTaken, "date", "updated_at")


@entity(models.AttendanceTaken, prefix="tak")
class AttendanceTaken(Node):
    date: datetime.date
    session: models.AttendanceSession
    taken_at: datetime.datetime
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    course: refs.Course | None = relation(resolve.course, "The course.")
    taken_by: refs.User | None = relation(resolve.taken_by, "Who took it.")


@strawberry.type
class AttendanceTakenQuery:
    attendance_taken: AttendanceTaken | None = lookup(
        models.AttendanceTaken, "That a roster was taken by id; null where there is none that you may see."
    )
    attendance_taken_records: Connection[AttendanceTaken] = connection(
        models.AttendanceTaken, "Which rosters were taken, the latest first.", default=("-date",)
    )
