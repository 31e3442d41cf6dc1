"""What became of an imported file, row by row, and how that is kept for whoever sends it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resolvers.errors import DomainError, Invalid
from resolvers.people.student_duplicates import DuplicateReason, PossibleDuplicate
from resolvers.people.student_rows import StudentRow
from resolvers.writing.bulk import RowOutcome, Settled, kept_error, told_error
from resolvers.writing.csv_file import FIELD
from resolvers.writing.once import keepable


def _kept_duplicate(found: PossibleDuplicate) -> dict[str, Any]:
    student = None if found.student is None else f"stu_{found.student}"
    return {"student": student, "reasons": found.reasons, "retired": found.retired, "line": found.line}


def _told_duplicate(kept: Mapping[str, Any]) -> PossibleDuplicate:
    reasons = [DuplicateReason[reason] for reason in kept["reasons"]]
    return PossibleDuplicate(_told_student(kept["student"]), reasons, kept["retired"], kept["line"])


def _told_student(kept: str | None) -> int | None:
    return None if kept is None else int(kept.removeprefix("stu_"))


@dataclass(slots=True)
class ImportedRow:
    """What became of a row: its line in the file, and the key of the student that it made."""

    line: int
    outcome: RowOutcome = RowOutcome.CREATED
    student: int | None = None
    errors: list[DomainError] = field(default_factory=list)
    warnings: list[DomainError] = field(default_factory=list)
    possible_duplicates: list[PossibleDuplicate] = field(default_factory=list)

    @classmethod
    def of(cls, row: StudentRow) -> "ImportedRow":
        """What becomes of a row as far as it tells by itself."""
        found = cls(row.line)
        found.warn(*row.warnings)
        found.refuse(*row.errors)
        if row.broken is not None:
            found.refuse_whole(Invalid, row.broken)
        return found

    @property
    def path(self) -> str:
        """Where errors say that they are, before the name of the column."""
        return f"{FIELD}.{self.line}"

    def refuse(self, *errors: DomainError) -> None:
        """No student is made, for these reasons; their fields are columns."""
        for error in errors:
            error.move(self.path)
            self.errors.append(error)
            self.outcome = RowOutcome.REFUSED

    def warn(self, *warnings: DomainError) -> None:
        """Whoever imports the row should know this; their fields are columns."""
        for warning in warnings:
            warning.move(self.path)
            self.warnings.append(warning)

    def refuse_whole(self, kind: type[DomainError], words: str) -> None:
        """No student is made, for a reason that is no column's."""
        self.errors.append(kind(f"{self.path}: {words}", field=self.path))
        self.outcome = RowOutcome.REFUSED

    def kept(self) -> dict[str, Any]:
        """As JSON, the student by the id under which an erasure looks for it."""
        return {
            "line": self.line,
            "outcome": self.outcome,
            "student": None if self.student is None else f"stu_{self.student}",
            "errors": [kept_error(error) for error in self.errors],
            "warnings": [kept_error(error) for error in self.warnings],
            "duplicates": [_kept_duplicate(each) for each in self.possible_duplicates],
        }

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> "ImportedRow":
        return cls(
            kept["line"],
            RowOutcome[kept["outcome"]],
            _told_student(kept["student"]),
            [told_error(error) for error in kept["errors"]],
            [told_error(error) for error in kept["warnings"]],
            [_told_duplicate(each) for each in kept["duplicates"]],
        )


@keepable
@dataclass(frozen=True)
class Imported(Settled):
    """What an import did: the outcome of each row of the file."""

    def kept(self) -> dict[str, Any]:
        return {"results": [row.kept() for row in self.results], "operation": self.operation}

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> "Imported":
        results: Sequence[ImportedRow] = [ImportedRow.told(row) for row in kept["results"]]
        return cls(results, operation=kept["operation"])
