"""What came of an import: an outcome for each institution, and all diagnostics; as JSON and as tables."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.importing.diagnostics import Diagnostic, Findings, Severity
from app.importing.run import Counts

SHOWN = 50


class Outcome(StrEnum):
    IMPORTED = "IMPORTED"
    NO_CHANGE = "NO_CHANGE"
    DRY_RUN = "DRY_RUN"
    FAILED = "FAILED"


@dataclass
class InstitutionReport:
    """`counts` are rows written by table; of a dry run, those that would be; of a failure, none."""

    code: str
    name: str
    outcome: Outcome
    counts: dict[str, Counts] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        tables = {table: asdict(counts) for table, counts in sorted(self.counts.items()) if any(vars(counts).values())}
        return {"code": self.code, "name": self.name, "outcome": self.outcome.value, "tables": tables}


@dataclass
class Report:
    run_id: str
    dry_run: bool
    findings: Findings
    institutions: list[InstitutionReport] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return bool(self.findings.errors)

    def as_json(self) -> bytes:
        content = {
            "run": self.run_id,
            "dryRun": self.dry_run,
            "institutions": [each.as_dict() for each in self.institutions],
            "diagnostics": [each.as_dict() for each in self.findings],
        }
        return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _sentence(each: InstitutionReport) -> str:
    title = f"{each.code} ({each.name})"
    if each.outcome is Outcome.FAILED:
        return f"{title}: nothing was written, because of the errors."
    if not each.as_dict()["tables"]:
        return f"{title}: no change."
    tense = "would be" if each.outcome is Outcome.DRY_RUN else "were"
    return f"{title}: these rows {tense} written."


def _counts_table(each: InstitutionReport) -> Table:
    table = Table("table", "inserted", "updated", "deleted", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in each.as_dict()["tables"].items():
        table.add_row(name, *(f"{counts[key]:,}" if counts[key] else "" for key in ("inserted", "updated", "deleted")))
    return table


def _findings_table(shown: list[Diagnostic]) -> Table:
    table = Table("", "code", "where", "column", "value", "reason", box=None, pad_edge=False)
    for each in shown:
        where = ":".join(str(part) for part in (each.file, each.line) if part is not None)
        cells = (each.severity, each.code, where, each.column or "", each.value or "", each.reason)
        table.add_row(*(escape(cell) for cell in cells), style="red" if each.severity is Severity.ERROR else None)
    return table


def print_report(report: Report, console: Console, *, shown: int = SHOWN) -> None:
    """Errors first, `shown` findings at most; then what there is more of each code, and what was written."""
    ordered = sorted(report.findings, key=lambda each: each.severity is not Severity.ERROR)
    if ordered:
        console.print(_findings_table(ordered[:shown]))
    for (severity, code), count in Counter((each.severity, each.code) for each in ordered[shown:]).items():
        console.print(f"… and {count:,} more of {severity} {code}", highlight=False)
    for each in report.institutions:
        console.print(_sentence(each), highlight=False)
        if each.as_dict()["tables"]:
            console.print(_counts_table(each))
    if not report.institutions:
        console.print("Nothing was written.")
