"""Mutations of attendance codes."""

from decimal import Decimal

import strawberry

import models
from resolvers.academics.attendance_code_changes import ATTENDANCE_CODES
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.AttendanceCode, "A new attendance code.")
class CreateAttendanceCodeInput:
    code: str
    label: str
    status: models.AttendanceStatus
    present_value: Decimal


@known_record(models.AttendanceCode, "What to change about an attendance code: what is left out stays as it is.")
class UpdateAttendanceCodeInput:
    code: str
    label: str
    status: models.AttendanceStatus
    present_value: Decimal


@known_record(models.AttendanceCode, "Which attendance code to delete.")
class DeleteAttendanceCodeInput:
    pass


@strawberry.type
class AttendanceCodeMutation:
    create_attendance_code = mutation(
        ATTENDANCE_CODES.create, CreateAttendanceCodeInput, models.AttendanceCode, "Add an attendance code. For ADMIN."
    )
    update_attendance_code = mutation(
        ATTENDANCE_CODES.update,
        UpdateAttendanceCodeInput,
        models.AttendanceCode,
        "Change an attendance code; code and status only before attendance is marked with it. For ADMIN.",
    )
    delete_attendance_code = mutation(
        ATTENDANCE_CODES.delete,
        DeleteAttendanceCodeInput,
        models.AttendanceCode,
        "Delete an attendance code with which nothing has been marked. For ADMIN.",
    )
