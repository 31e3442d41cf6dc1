"""Whether a student was there. Partitioned by range of date, so the date is in the key and in the id."""

import datetime

import strawberry

import models
import resolvers.academics.attendance as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateFilter, DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.where import where


@where(models.Attendance)
class AttendanceWhere:
    id: IDFilter | None
    student: IDFilter | None
    course: IDFilter | None
    date: DateFilter | None
    session: EnumFilter[models.AttendanceSession] | None
    status: EnumFilter[models.AttendanceStatus] | None
    code: StringFilter | None
    semester: IDFilter | None
    school_year: IDFilter | None
    recorded_by: IDFilter | None
    updated_at: DateTimeFilter | None


AttendanceOrder = ordering(models.Attendance, "date", "status", "updated_at", "student_first_name", "student_last_name")


@entity(models.Attendance, prefix="att", dated=True)
class Attendance(Node):
    date: datetime.date
    session: models.AttendanceSession
    status: models.AttendanceStatus
    code: str
    reason: str | None
    minutes_late: int | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    course: refs.Course | None = relation(resolve.course, "The course.")
    semester: refs.Semester | None = relation(resolve.semester, "Semester of the date, if any.")
    school_year: refs.SchoolYear | None = relation(resolve.school_year, "School year of the date, if any.")
    recorded_by: refs.User | None = relation(resolve.recorded_by, "Who marked it.")
    attendance_code: refs.AttendanceCode | None = relation(
        resolve.attendance_code, "The school's code that was marked."
    )
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )


@strawberry.type
class AttendanceQuery:
    attendance: Attendance | None = lookup(
        models.Attendance, "An attendance mark by id; null where there is none that you may see."
    )
    attendances: Connection[Attendance] = connection(
        models.Attendance, "Attendance marks, the latest day first.", default=("-date",)
    )
