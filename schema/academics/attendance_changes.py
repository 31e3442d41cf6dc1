"""Mutations of attendance: a whole course on a day, or one mark."""

import datetime

import strawberry

import models
from resolvers.academics.attendance_changes import delete_attendance, update_attendance
from resolvers.academics.attendance_recording import record_attendance
from resolvers.academics.attendance_taken_changes import delete_attendance_taken
from schema.bulk import VERSION, options, result_of, results
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload
from schema.record_inputs import known_record

AttendanceResult = result_of(models.Attendance, "What became of one attendance mark.")


@strawberry.input(description="What to mark of one student; a status, a code or both must be given.")
class AttendanceMarkInput:
    student: strawberry.ID = key(
        models.Student, "The student, who must be enrolled in the course that day, other than PENDING."
    )
    status: models.AttendanceStatus | None = optional("The fixed status. Left out: that of the code.")
    code: str | None = optional("The school's own code. Left out: the one named like the status, else its first.")
    reason: strawberry.Maybe[str | None] = strawberry.field(
        description="Why absent or late, at most 500 characters; null: none. Left out: as it is while the status stays."
    )
    minutes_late: strawberry.Maybe[int | None] = strawberry.field(
        description="How late, 0 to 1440 minutes, with LATE only; null: none. Left out: as it is while the status"
        " stays."
    )
    version: int | None = optional(VERSION)


@strawberry.input(description="Attendance of a course on a day: at most 1000 marks, each student once.")
@options
class RecordAttendanceInput:
    course: strawberry.ID = key(models.Course, "The course.")
    date: datetime.date = strawberry.field(
        description="The day, in the school's time zone: a lesson day of its calendar."
    )
    session: models.AttendanceSession | None = optional("Part of the day; FULL excludes AM and PM. Left out: FULL.")
    marks: list[AttendanceMarkInput] = strawberry.field(description="The marks; students left out stay unmarked.")
    taken: bool | None = optional("Whether the roster has been taken with this. Left out: yes.")


@payload("What became of each mark, or why nothing was marked.")
@results(AttendanceResult)
class RecordAttendancePayload:
    pass


@known_record(models.Attendance, "What to change about an attendance mark: what is left out stays as it is.")
class UpdateAttendanceInput:
    status: models.AttendanceStatus
    code: str
    reason: str | None
    minutes_late: int | None


@known_record(models.Attendance, "Which attendance mark to delete.")
class DeleteAttendanceInput:
    pass


@known_record(models.AttendanceTaken, "Which roster was not taken after all.")
class DeleteAttendanceTakenInput:
    pass


@strawberry.type
class AttendanceMutation:
    record_attendance = mutation(
        record_attendance,
        RecordAttendanceInput,
        RecordAttendancePayload,
        "Mark the students of a course on a day. A second mark of a student replaces the first. For ADMIN, REGISTRAR,"
        " and TEACHER in courses taught.",
    )
    update_attendance = mutation(
        update_attendance,
        UpdateAttendanceInput,
        models.Attendance,
        "Change an attendance mark. For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    delete_attendance = mutation(
        delete_attendance,
        DeleteAttendanceInput,
        models.Attendance,
        "Delete an attendance mark: the student is unmarked again. For ADMIN, REGISTRAR, and TEACHER in courses"
        " taught.",
    )
    delete_attendance_taken = mutation(
        delete_attendance_taken,
        DeleteAttendanceTakenInput,
        models.AttendanceTaken,
        "Have a roster count as not taken, in which nobody is marked. For ADMIN, REGISTRAR, and TEACHER in courses"
        " taught.",
    )
