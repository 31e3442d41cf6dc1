"""The organisations of a package: which of them are schools, and to which school each of the others belongs.

A school becomes an institution; a department below it belongs to it; a district above it is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.importing.diagnostics import Findings, error

FILE = "orgs.csv"
CODE_LENGTH = 20


@dataclass(frozen=True)
class Org:
    line: int
    source: str
    name: str
    type: str
    identifier: str | None
    parent: str | None


@dataclass(frozen=True)
class School:
    """`source` is its sourcedId, `code` what the package suggests as the institution's code."""

    source: str
    code: str
    name: str
    line: int


def _cleaned(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]", "", plain.upper())


def code_of(identifier: str | None, name: str, source: str) -> str:
    """2 to 20 capital letters and digits: from the identifier, else from the name, else from the sourcedId."""
    candidates = [_cleaned(identifier or "")]
    candidates = [text for text in candidates if len(text) <= CODE_LENGTH]
    candidates += [_cleaned(name)[:CODE_LENGTH], _cleaned(source)[:CODE_LENGTH]]
    return next((text for text in candidates if len(text) >= 2), "SCHOOL")


def _find_cycles(orgs: Mapping[str, Org], findings: Findings) -> set[str]:
    """Report each org that is its own ancestor."""
    caught = set()
    for org in orgs.values():
        seen, parent = {org.source}, org.parent
        while parent is not None and parent in orgs and parent not in seen:
            seen.add(parent)
            parent = orgs[parent].parent
        if parent == org.source:
            caught.add(org.source)
            reason = "the parents of this organisation lead back to itself"
            findings.add(error("cycle", reason, FILE, org.line, column="parentSourcedId", value=org.parent))
    return caught


def _school_of(source: str, orgs: Mapping[str, Org]) -> str | None:
    """The nearest school from an organisation upwards."""
    at: str | None = source
    while at is not None and at in orgs:
        if orgs[at].type == "school":
            return at
        at = orgs[at].parent
    return None


def read_schools(orgs: Iterable[Org], findings: Findings) -> tuple[list[School], dict[str, str]]:
    """The schools, in the order of the file, and the school of each organisation that has one."""
    by_source = {org.source: org for org in orgs}
    if _find_cycles(by_source, findings):
        return [], {}
    schools: list[School] = []
    taken: set[str] = set()
    for org in by_source.values():
        if org.type == "school":
            code = _free(code_of(org.identifier, org.name, org.source), taken)
            schools.append(School(org.source, code, org.name, org.line))
    belongs = {source: _school_of(source, by_source) for source in by_source}
    return schools, {source: school for source, school in belongs.items() if school is not None}


def _free(code: str, taken: set[str]) -> str:
    """The code, with a number where another school of the package has it."""
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code[: CODE_LENGTH - len(str(number))]}{number}"
    taken.add(free)
    return free
