"""Many rows in one call: what became of each, all of them or only those that can be, and a dry run.

    async def work(change): ...         lock what it is about, settle each row; gives the outcomes, and what writes them
    return await carry_out(context, "attendance.record", Options(mode, dry_run), work)

With ALL_OR_NOTHING a row that is refused refuses the call; its outcome is told with the refusal.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from models.base import Choice
from resolvers.context import Context
from resolvers.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Several
from resolvers.unit_of_work import Change
from resolvers.writing.once import keepable

MOST = 1000
KINDS: Mapping[str, type[DomainError]] = {kind.code: kind for kind in (Invalid, NotFound, Forbidden)}


class BulkMode(Choice):
    ALL_OR_NOTHING = "ALL_OR_NOTHING", "A row that is refused refuses all: nothing is done."
    VALID_ROWS = "VALID_ROWS", "Rows that are refused are left out, and told; the others are done."


class RowOutcome(Choice):
    CREATED = "CREATED", "A new record was made."
    UPDATED = "UPDATED", "The record that was there has been changed."
    UNCHANGED = "UNCHANGED", "The record that was there said so already."
    REFUSED = "REFUSED", "Nothing was done: see its errors."


@dataclass
class Outcome:
    """What became of one row: its place among the rows, the student, and the key of the record that stands now.

    `rows` is the field of the input that the rows are in.
    """

    place: int
    student: int
    outcome: RowOutcome = RowOutcome.UNCHANGED
    record: int | None = None
    errors: list[DomainError] = field(default_factory=list)
    rows: str = field(default="marks", kw_only=True)

    def kept(self) -> dict[str, Any]:
        """As JSON, the student by the id under which an erasure looks for it."""
        errors = [kept_error(error) for error in self.errors]
        return {"student": f"stu_{self.student}", "outcome": self.outcome, "mark": self.record, "errors": errors}

    @classmethod
    def told(cls, place: int, kept: Mapping[str, Any]) -> "Outcome":
        student = int(kept["student"].removeprefix("stu_"))
        errors = [told_error(error) for error in kept["errors"]]
        return cls(place, student, RowOutcome[kept["outcome"]], kept["mark"], errors)


def kept_error(error: DomainError) -> dict[str, Any]:
    version = error.version if isinstance(error, Conflict) else None
    return {"code": error.code, "field": error.field, "message": error.message, "version": version}


def told_error(kept: Mapping[str, Any]) -> DomainError:
    if kept["code"] == Conflict.code:
        return Conflict(kept["message"], field=kept["field"], version=kept["version"])
    return KINDS[kept["code"]](kept["message"], field=kept["field"])


@dataclass(frozen=True)
class Options:
    """How a call is to be carried out."""

    mode: BulkMode = BulkMode.ALL_OR_NOTHING
    dry_run: bool = False


@dataclass(frozen=True)
class Settled:
    """What becomes of each row; `write` does it, once.

    `operation` is the key under which it can be undone; None where nothing was written.
    """

    results: Sequence[Any]
    write: "Callable[[Change, Any], Awaitable[None]] | None" = None
    operation: int | None = None

    def count(self, outcome: RowOutcome) -> int:
        return sum(each.outcome is outcome for each in self.results)

    @property
    def counts(self) -> dict[str, int]:
        return {each.value.lower(): self.count(each) for each in RowOutcome}

    @property
    def created(self) -> int:
        return self.count(RowOutcome.CREATED)

    @property
    def updated(self) -> int:
        return self.count(RowOutcome.UPDATED)

    @property
    def unchanged(self) -> int:
        return self.count(RowOutcome.UNCHANGED)

    @property
    def refused(self) -> int:
        return self.count(RowOutcome.REFUSED)


@keepable
@dataclass(frozen=True)
class Answer(Settled):
    """What a call about a course did: the outcome of each row."""

    course: int = field(kw_only=True)

    def kept(self) -> dict[str, Any]:
        results = [row.kept() for row in self.results]
        return {"course": self.course, "results": results, "operation": self.operation}

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> "Answer":
        results = [Outcome.told(place, row) for place, row in enumerate(kept["results"])]
        return cls(results, operation=kept["operation"], course=kept["course"])


class RowsRefused(Several):
    """Rows that were refused; `shown` are the fields of the payload that tell of them."""

    def __init__(self, answer: Settled) -> None:
        results = [each for each in answer.results if each.errors]
        super().__init__([error for each in results for error in each.errors])
        self.shown = {"results": results, "refused": len(results)}


def check_number(count: int, field: str) -> None:
    """Raise Invalid where more rows are given in `field` than are written at once."""
    if count > MOST:
        raise Invalid(f"{field}: {count} are too many, at most {MOST} are written at once", field=field)


def repeated(rows: Sequence[Outcome]) -> Iterator[tuple[Outcome, int]]:
    """Rows whose student has one before, each with the place of the first."""
    first: dict[int, int] = {}
    for row in rows:
        before = first.setdefault(row.student, row.place)
        if before != row.place:
            yield row, before


def rows_of(given: Sequence[Mapping[str, Any]], field: str = "marks") -> list[Outcome]:
    """An outcome for each row of the input's `field`, refused where its student has one before it.

    Raises Invalid where they are too many.
    """
    check_number(len(given), field)
    rows = [Outcome(place, each["student"], rows=field) for place, each in enumerate(given)]
    for row, before in repeated(rows):
        refuse(row, Invalid(f"student: is the same as in {field}.{before}", field="student"))
    return rows


def refuse(row: Outcome, *errors: DomainError) -> None:
    """The row is not done, for these reasons; their fields are the row's own."""
    for error in errors:
        error.move(f"{row.rows}.{row.place}")
    row.errors += errors
    row.outcome = RowOutcome.REFUSED


S = TypeVar("S", bound=Settled)


async def carry_out(context: Context, action: str, options: Options, work: Callable[[Change], Awaitable[S]]) -> S:
    """Settle all rows, then write those that are not refused; `work` locks what the call is about first."""
    if options.dry_run:
        context.rehearse()
    async with context.change(action) as change:
        answer = await work(change)
        if answer.refused and options.mode is BulkMode.ALL_OR_NOTHING:
            raise RowsRefused(answer)
        change.details |= answer.counts
        if answer.write is not None:
            await answer.write(change, answer)
    return replace(answer, operation=None if options.dry_run else change.operation_id)
