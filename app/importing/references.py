"""What holds between the rows of a package: sourcedIds occur once, and what a row names is there.

A name is known where the package has such a row, or an earlier import brought such a record to any school. Rows to be
deleted may name what is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.importing.diagnostics import Findings, error, warning
from app.importing.driver import Driver
from app.importing.manifest import Manifest, Mode
from app.importing.oneroster_tables import LARGE, SMALL
from app.importing.run import SYSTEM
from app.importing.tables import Table

TABLES: Mapping[str, Table] = {table.name: table for table in (*SMALL, *LARGE)}
USER = ("student", "guardian", "app_user")
SESSION = ("school_year", "semester")


@dataclass(frozen=True)
class Reference:
    """A cell, or each item of a list, names a row of `target`, or a record of `entities` from an earlier import.

    A `soft` one only warns where the package does not bring all of the target, as in a delta.
    """

    column: str
    target: str
    entities: tuple[str, ...]
    soft: bool = False


REFERENCES: Mapping[str, tuple[Reference, ...]] = {
    "orgs": (Reference("parentSourcedId", "orgs", ("institution",), soft=True),),
    "academicSessions": (Reference("parentSourcedId", "academicSessions", SESSION),),
    "courses": (
        Reference("schoolYearSourcedId", "academicSessions", SESSION),
        Reference("orgSourcedId", "orgs", ("institution",), soft=True),
    ),
    "classes": (
        Reference("courseSourcedId", "courses", ("subject",)),
        Reference("schoolSourcedId", "orgs", ("institution",)),
        Reference("termSourcedIds", "academicSessions", SESSION),
    ),
    "users": (
        Reference("agentSourcedIds", "users", USER),
        Reference("orgSourcedIds", "orgs", ("institution",), soft=True),
        Reference("primaryOrgSourcedId", "orgs", ("institution",), soft=True),
    ),
    "roles": (
        Reference("userSourcedId", "users", USER),
        Reference("orgSourcedId", "orgs", ("institution",), soft=True),
    ),
    "enrollments": (
        Reference("classSourcedId", "classes", ("course",)),
        Reference("userSourcedId", "users", USER),
        Reference("schoolSourcedId", "orgs", ("institution",), soft=True),
    ),
    "demographics": (Reference("sourcedId", "users", USER),),
    "lineItems": (
        Reference("classSourcedId", "classes", ("course",)),
        Reference("categorySourcedId", "categories", ("assessment_category",)),
        Reference("academicSessionSourcedId", "academicSessions", SESSION),
    ),
    "results": (
        Reference("lineItemSourcedId", "lineItems", ("assessment",)),
        Reference("studentSourcedId", "users", ("student",)),
    ),
    "scoreScales": (
        Reference("classSourcedId", "classes", ("course",)),
        Reference("courseSourcedId", "courses", ("subject",)),
    ),
}


async def find_duplicates(driver: Driver, findings: Findings) -> None:
    """Each row whose sourcedId an earlier row of the same file has."""
    for table in TABLES.values():
        rows = await driver.fetch(
            "SELECT line, sourcedid, first FROM"
            " (SELECT line, sourcedid, min(line) OVER (PARTITION BY sourcedid) AS first"
            f" FROM {table.staged} WHERE sourcedid IS NOT NULL) s WHERE line > first ORDER BY line"
        )
        for line, value, first in rows:
            where: dict[str, Any] = {"column": "sourcedId", "value": value}
            findings.add(error("duplicate_id", f"line {first} has this sourcedId already", table.file, line, **where))
        await _spoil(driver, table, [row["line"] for row in rows])


async def _spoil(driver: Driver, table: Table, lines: list[int]) -> None:
    """Rows that are wrong are not used any further, so that one mistake is told once."""
    if lines:
        await driver.execute(f"UPDATE {table.staged} SET bad = true WHERE line = ANY ($1::integer[])", lines)


def _dangling(table: Table, reference: Reference) -> str:
    column = next(each for each in table.all_columns if each.name == reference.column)
    listed = column.kind.sql.endswith("[]")
    value = "v.value" if listed else f"s.{reference.column.lower()}"
    source = f"{table.staged} s" + (f", unnest(s.{reference.column.lower()}) v(value)" if listed else "")
    entities = ", ".join(f"'{entity}'" for entity in reference.entities)
    return (
        f"SELECT s.line, {value} AS value FROM {source}"
        f" LEFT JOIN (SELECT DISTINCT sourcedid FROM {TABLES[reference.target].staged}) p ON p.sourcedid = {value}"
        f" WHERE {value} IS NOT NULL AND p.sourcedid IS NULL AND NOT s.gone AND NOT EXISTS (SELECT FROM external_id e"
        f" WHERE e.entity IN ({entities}) AND e.value = {value} AND starts_with(e.system, '{SYSTEM}'))"
        " ORDER BY s.line, value"
    )


async def find_dangling(driver: Driver, manifest: Manifest, findings: Findings) -> None:
    """Each reference that leads nowhere."""
    for name, references in REFERENCES.items():
        table = TABLES[name]
        for reference in references:
            whole = manifest.modes.get(reference.target.lower()) is Mode.BULK
            severity = warning if reference.soft and not whole else error
            reason = f"neither {reference.target}.csv nor an earlier import has this sourcedId"
            rows = await driver.fetch(_dangling(table, reference))
            for line, value in rows:
                where: dict[str, Any] = {"column": reference.column, "value": value}
                findings.add(severity("unknown_reference", reason, table.file, line, **where))
            if severity is error:
                await _spoil(driver, table, [row["line"] for row in rows])
