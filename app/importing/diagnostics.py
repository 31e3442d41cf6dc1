"""What an import has to say about its files: one diagnostic a finding, with a stable code."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SHOWN = 80


class Severity(StrEnum):
    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True)
class Diagnostic:
    """A finding: an ERROR keeps its institution from being written, a WARNING tells what was left out or looks odd.

    `line` counts from 1 with the header; `value` is what stands in the file, cut to 80 characters. `institution` is
    the code of the school that the row is of; None where the finding is about the whole package.
    """

    severity: Severity
    code: str
    reason: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
    institution: str | None = None

    def __post_init__(self) -> None:
        if self.value is not None and len(self.value) > SHOWN:
            object.__setattr__(self, "value", self.value[: SHOWN - 1] + "…")

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items()}


def error(code: str, reason: str, file: str | None = None, line: int | None = None, **where: Any) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, reason, file, line, **where)


def warning(code: str, reason: str, file: str | None = None, line: int | None = None, **where: Any) -> Diagnostic:
    return Diagnostic(Severity.WARNING, code, reason, file, line, **where)


class Broken(Exception):
    """A file or package that cannot be read at all: nothing of it is written."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.reason)
        self.diagnostic = diagnostic


class Findings:
    """The diagnostics of one import, in the order in which they were found."""

    def __init__(self) -> None:
        self._all: list[Diagnostic] = []

    def add(self, *diagnostics: Diagnostic) -> None:
        self._all.extend(diagnostics)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._all.extend(diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def errors(self) -> list[Diagnostic]:
        return [each for each in self._all if each.severity is Severity.ERROR]

    def of(self, institution: str | None) -> list[Diagnostic]:
        """The errors of one institution, or of the package as a whole."""
        return [each for each in self.errors if each.institution == institution]
