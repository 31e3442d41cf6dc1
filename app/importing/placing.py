"""Whose a finding is: the institutions of its line, so that one school's mistakes do not keep another from its data."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.importing.diagnostics import Diagnostic, Findings, Severity
from app.importing.driver import Driver


async def _schools_of(driver: Driver, query: str, lines: list[int]) -> dict[int, set[str]]:
    query = f"SELECT DISTINCT line, school FROM ({query}) x WHERE line = ANY ($1::integer[])"
    schools: dict[int, set[str]] = {}
    for row in await driver.fetch(query, lines):
        schools.setdefault(row["line"], set()).add(row["school"])
    return schools


async def attribute(
    driver: Driver, findings: Findings, lines_of: Mapping[str, str], codes: Mapping[str, str]
) -> Findings:
    """The findings with the institution of their line; one for each where a row is of several schools.

    `lines_of` has for each file a statement that gives (line, school), `codes` the institutions' codes by school.
    What can be told of no school stays the whole package's.
    """
    by_file: dict[str, list[int]] = {}
    for each in findings:
        if each.file is not None and each.file in lines_of and each.line is not None:
            by_file.setdefault(each.file, []).append(each.line)
    schools = {file: await _schools_of(driver, lines_of[file], lines) for file, lines in by_file.items()}
    placed = Findings()
    for each in findings:
        placed.extend(_placed(each, schools, codes))
    return placed


def _placed(each: Diagnostic, schools: Mapping[str, Any], codes: Mapping[str, str]) -> list[Diagnostic]:
    found = schools.get(each.file or "", {}).get(each.line, set())
    institutions = sorted(codes[school] for school in found if school in codes)
    if each.severity is Severity.ERROR and len(institutions) < len(found):
        return [each]
    return [replace(each, institution=code) for code in institutions] or [each]
