"""The mutation that takes bulk changes back."""

import strawberry

from resolvers.undoing import undo
from schema.mutation import mutation
from schema.payload import payload


@strawberry.input(description="What to take back.")
class UndoInput:
    operation: strawberry.ID = strawberry.field(description="The operation, as the mutation that did it gives it.")


@payload("How much was taken back, or why nothing was.")
class UndoPayload:
    removed: int | None = strawberry.field(description="How many records were removed that the operation had made.")
    restored: int | None = strawberry.field(description="How many records say again what they said before it.")


@strawberry.type
class UndoMutation:
    undo = mutation(
        undo,
        UndoInput,
        UndoPayload,
        "Take back what `recordAttendance`, `recordGrades`, `enrollStudents`, `importStudents` or `applyRollover` did,"
        " as a whole, while every record is as it left it and nothing depends on what it made. For ADMIN, REGISTRAR"
        " other than `applyRollover`, and TEACHER the marking that they did themselves.",
    )
