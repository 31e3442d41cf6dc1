"""A row of an imported file → a student's values, by the rules of `createStudent`, and what is wrong with them.

What the school only wants to know of new students, and the age at which it admits them, is told of a row and does not
refuse it.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum

from models import EntryType, ExternalId, GuardianRelation, Student
from resolvers.checking import check_values
from resolvers.errors import Checks, DomainError, Invalid, shown, spelled
from resolvers.people import imported_guardians, imported_places
from resolvers.people.imported_guardians import ANSWERS, NUMBERS, ImportedGuardian, Reader, read_guardians
from resolvers.people.names import check_lengths
from resolvers.people.required_details import check_required
from resolvers.people.student_rules import check_age, check_birth, check_forms
from resolvers.people.student_secrets import SEALED, check_given
from resolvers.writing.content import content, secrets, table_of
from resolvers.writing.csv_file import Columns, CsvRow

TABLE = table_of(Student)
# Given by the server, or by other calls.
NOT_IMPORTED = {"student_number", "national_id_last4", "photo_id", "user_id", "deleted_at", *secrets(TABLE)}
PLAIN = tuple(name for name in content(TABLE) if name not in NOT_IMPORTED)
_PLAIN = frozenset(PLAIN)
EXTERNAL_ID = "external_id"
REQUIRED = ("first_name", "last_name", "gender", "date_of_birth")
OF_STUDENT = (*PLAIN, *SEALED, EXTERNAL_ID)
COLUMNS = Columns((*OF_STUDENT, *imported_places.COLUMNS, *imported_guardians.COLUMNS), REQUIRED)
YES, NO = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True)
class School:
    """What the rules ask of the school: its settings by key, its country and its day, and how it writes days."""

    settings: Mapping[str, str]
    country: str | None
    today: datetime.date
    day_of: Callable[[str], datetime.date]


@dataclass(slots=True)
class StudentRow:
    """`values` by column, `secrets` are those that are kept sealed, `external_id` is another system's name.

    `place` is what is said of belonging to the school, by the names of `imported_places.COLUMNS`.
    Of a row with errors the values mean nothing; `broken` says why it has none at all.
    """

    line: int
    values: dict[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)
    external_id: str | None = None
    place: Mapping[str, Any] = field(default_factory=dict)
    guardians: Sequence[ImportedGuardian] = ()
    errors: list[DomainError] = field(default_factory=list)
    warnings: list[DomainError] = field(default_factory=list)
    broken: str | None = None


def _answer(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("is neither true, yes, 1 nor false, no, 0")
    return text.lower() in YES


def _choice(kind: Any) -> Reader:
    choices = {choice.value: choice for choice in kind}

    def chosen(text: str) -> Any:
        if text.upper() not in choices:
            raise ValueError(f"is none of {', '.join(choices)}")
        return choices[text.upper()]

    return chosen


def _reader(name: str) -> Reader | None:
    column: Column[Any] = TABLE.columns[name]
    if isinstance(column.type, Enum):
        return _choice(column.type.enum_class)
    return _answer if isinstance(column.type, Boolean) else None


_DAYS = {"entry_date", *(name for name in PLAIN if isinstance(TABLE.columns[name].type, Date))}
# How the other columns that are no texts are read.
_READERS = {name: reader for name in PLAIN if (reader := _reader(name)) is not None}
_READERS["entry_type"] = _choice(EntryType)
_LINK_READERS = {"relation": _choice(GuardianRelation)} | dict.fromkeys(ANSWERS, _answer)


Plan = Sequence[tuple[str, Reader | None]]


def _plan(columns: Collection[str], names: Collection[str], school: School) -> Plan:
    """The columns of a file that are among the names, each with what reads it; texts are as they are."""
    return [(name, school.day_of if name in _DAYS else _READERS.get(name)) for name in columns if name in names]


def _read(cells: Mapping[str, str | None], plan: Plan, checks: Checks) -> dict[str, Any]:
    """The values that a row gives in these columns."""
    found: dict[str, Any] = {}
    for name, reader in plan:
        text = cells[name]
        if text is None:
            continue
        try:
            found[name] = text if reader is None else reader(text)
        except ValueError as wrong:
            label = spelled(name)
            checks.errors.append(Invalid(f"{label}: {shown(text)} {wrong}", field=label))
    return found


def _check_external_id(text: str | None, checks: Checks) -> None:
    if text is not None:
        found = Checks()
        check_values(ExternalId, {"value": text}, found)
        for error in found.errors:
            label = spelled(EXTERNAL_ID)
            checks.errors.append(Invalid(error.message.replace("value:", f"{label}:", 1), field=label))


class RowReader:
    """Reads the rows of a file with these columns, for a school: what is the same for all of them is found out once."""

    def __init__(self, columns: Sequence[str], school: School) -> None:
        self.school = school
        self.width = len(columns)
        self.plain = _plan(columns, _PLAIN, school)
        self.place = _plan(columns, imported_places.COLUMNS, school)
        self.sealed = [name for name in SEALED if name in columns]
        self.guardians = sorted({NUMBERS[name] for name in columns if name in NUMBERS})

    def __call__(self, row: CsvRow) -> StudentRow:
        """The student that a row makes."""
        if row.width is not None:
            return StudentRow(row.line, {}, broken=f"has {row.width} cells, but the header has {self.width}")
        cells, checks, warnings = row.cells, Checks(), Checks()
        values, place = _read(cells, self.plain, checks), _read(cells, self.place, checks)
        _check_values(values, checks)
        given = {name: text for name in self.sealed if (text := cells[name]) is not None}
        with checks:
            check_given(given)
        external = cells.get(EXTERNAL_ID)
        _check_external_id(external, checks)
        guardians = self._guardians(row, checks)
        values.setdefault("registration_date", self.school.today)
        values.setdefault("country", self.school.country)
        if not checks.errors:
            _check_rules(values, {**given, "guardians": guardians}, self.school, checks, warnings)
        return StudentRow(row.line, values, given, external, place, guardians, checks.errors, warnings.errors)

    def _guardians(self, row: CsvRow, checks: Checks) -> Sequence[ImportedGuardian]:
        return (
            read_guardians(row, self.guardians, _LINK_READERS, self.school.settings, checks) if self.guardians else ()
        )


def _check_values(values: Mapping[str, Any], checks: Checks) -> None:
    unread = {error.field for error in checks.errors}
    missing = {name: None for name in REQUIRED if name not in values and spelled(name) not in unread}
    check_values(Student, {**values, **missing}, checks)


class _Row(SimpleNamespace):
    """A student's columns, those that are not given None."""

    def __getattr__(self, name: str) -> None:
        if name not in _PLAIN:
            raise AttributeError(name)


def _check_rules(
    values: Mapping[str, Any], given: Mapping[str, Any], school: School, checks: Checks, warnings: Checks
) -> None:
    row = _Row(**values)
    check_forms(row, checks)
    check_lengths({name: values[name] for name in ("first_name", "last_name")}, school.settings, checks)
    check_birth(row, school.today, checks)
    if not checks.errors:
        check_age(row, school.settings, warnings)
        check_required({**values, **given}, school.settings, warnings)


def columns_of(rows: Sequence[StudentRow]) -> list[dict[str, Any]]:
    """The columns of new students: of all of them those that any of them gives."""
    given = {name for row in rows for name in row.values}
    columns = [(name, _DEFAULTS[name]) for name in PLAIN if name in given]
    return [{name: row.values.get(name, default) for name, default in columns} for row in rows]


def _default(name: str) -> Any:
    column = TABLE.columns[name]
    default: Any = column.server_default
    if default is None:
        return None
    text = str(default.arg.text).strip("'")
    return False if isinstance(column.type, Boolean) else _READERS[name](text)


_DEFAULTS = {name: _default(name) for name in PLAIN}
