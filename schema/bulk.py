"""What calls of many rows have in common: their options, and the outcome of each row in their payloads."""

from typing import Any

import strawberry

import models
from models import Base
from resolvers.undoing import operation_id
from resolvers.writing.bulk import BulkMode, RowOutcome
from schema import refs
from schema.errors import UserError, user_errors
from schema.inputs import IDEMPOTENCY_KEY, optional
from schema.payload import record

MODE = "What to do where a row is refused. Left out: ALL_OR_NOTHING."
DRY_RUN = "Whether only to say what would become of each row, and to change nothing. Left out: no."
VERSION = "The version that was read; another one now is a CONFLICT. Left out: whatever stands is changed."


def options(kind: Any) -> Any:
    """Give an input the options of a call of many rows; to be applied before `strawberry.input`."""
    kind.__annotations__ |= {
        "mode": BulkMode | None,
        "dry_run": bool | None,
        "idempotency_key": str | None,
    }
    for name, description in (("mode", MODE), ("dry_run", DRY_RUN), ("idempotency_key", IDEMPOTENCY_KEY)):
        setattr(kind, name, optional(description))
    return kind


def row_errors(name: str) -> Any:
    """The resolver of refusals that a row keeps under a name."""

    def resolver(root: Any) -> list[UserError]:
        return [each for error in getattr(root, name) for each in user_errors(error)]

    return resolver


def _operation(root: Any) -> strawberry.ID | None:
    found = operation_id(root.operation)
    return None if found is None else strawberry.ID(found)


def operation_field() -> Any:
    """The payload's field that says what `undo` takes."""
    return strawberry.field(
        resolver=_operation, description="What to give `undo`; null where nothing was written, and in a dry run."
    )


def result_of(model: type[Base], description: str, *, rows: str = "marks", shows: str = "mark") -> type:
    """The type of the outcome of one row of the input's `rows`; `shows` is the field of the record that stands."""
    standing = "The record that stands now, also where it is in the way; null where there is none."
    fields: dict[str, Any] = {
        "place": strawberry.field(description=f"Place of the row in `{rows}`, from 0."),
        "outcome": strawberry.field(description="What became of it."),
        "student": record(models.Student, "The student; null where there is none that you may see."),
        shows: record(model, standing, of="record"),
        "errors": strawberry.field(
            resolver=row_errors("errors"), description="Why it was refused; empty where it was not."
        ),
    }
    kinds = {
        "place": int,
        "outcome": RowOutcome,
        "student": refs.Student | None,
        shows: refs.reference(model) | None,
        "errors": list[UserError],
    }
    kind = type(f"{model.__name__}Result", (), {"__annotations__": kinds, **fields})
    return strawberry.type(kind, description=description)


def results(kind: type, *, undone: bool = True) -> Any:
    """Give a payload the outcomes of its rows, and their numbers; to be applied before `payload`.

    `undone` where the mutation `undo` takes it back.
    """

    def decorate(made: Any) -> Any:
        made.__annotations__ |= {
            "course": refs.Course | None,
            "results": list[kind] | None,  # type: ignore[valid-type]
            **({"operation": strawberry.ID | None} if undone else {}),
            **dict.fromkeys(("created", "updated", "unchanged", "refused"), int | None),
        }
        made.course = record(models.Course, "The course.")
        if undone:
            made.operation = operation_field()
        made.results = strawberry.field(
            description="What became of each row; where a refused row refused all, those that were refused."
        )
        for name, said in (("created", "made"), ("updated", "changed"), ("unchanged", "so already")):
            setattr(made, name, strawberry.field(description=f"How many records were {said}."))
        made.refused = strawberry.field(description="How many rows were refused.")
        return made

    return decorate
