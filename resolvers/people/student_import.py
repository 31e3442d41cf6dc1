"""Students made of the rows of a CSV file, by a number of statements that does not depend on how many they are."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from models import ExternalId, Student
from resolvers.checking import check_values
from resolvers.constraints import BUSY
from resolvers.context import Context
from resolvers.errors import Busy, Checks, Conflict, Invalid
from resolvers.institution.day_form import SETTING as DATE_FORMAT
from resolvers.institution.day_form import day_reader
from resolvers.institution.school_settings import school_settings
from resolvers.people.external_id_changes import TAKEN as NAME_TAKEN
from resolvers.people.import_duplicates import ALONE, check_duplicates, check_external_ids
from resolvers.people.imported import Imported, ImportedRow
from resolvers.people.imported_guardians import Persons, persons_of, write_guardians
from resolvers.people.imported_places import Place, place_of, structure_of, write_places
from resolvers.people.names import SHORTEST
from resolvers.people.new_students import country_of
from resolvers.people.required_details import REQUIRED
from resolvers.people.student_numbers import next_numbers
from resolvers.people.student_rows import COLUMNS, EXTERNAL_ID, RowReader, School, StudentRow, columns_of
from resolvers.people.student_rules import OLDEST, YOUNGEST
from resolvers.people.student_secrets import SEALED, new_keys, sealed_columns
from resolvers.sealing import Sealer
from resolvers.unit_of_work import Change
from resolvers.unsealing import sealer_of
from resolvers.upload import Upload
from resolvers.writing.bulk import BulkMode, Options, RowOutcome, carry_out
from resolvers.writing.csv_file import CsvFile, read_csv

MOST = 10_000
# What the database alone refuses where another writer adds it after the rows were checked.
RACED = frozenset(rule.field for rule in (*ALONE.values(), NAME_TAKEN))
Pairs = Sequence[tuple[StudentRow, ImportedRow]]
Places = Mapping[int, Place | None]


async def import_students(
    context: Context,
    *,
    file: Upload,
    system: str | None = None,
    allow_duplicates: bool = False,
    mode: BulkMode = BulkMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Imported:
    """Add a student for each row of a file; gives the outcome of each row.

    Raises Invalid about the file as a whole, and RowsRefused where rows are refused and all must be done.
    """
    table = await asyncio.to_thread(read_csv, await file.read(), COLUMNS, MOST)
    named = _system(table, system)
    work = partial(_import, sealer=sealer_of(context), table=table, system=named, allowed=allow_duplicates)
    try:
        return await carry_out(context, "student.import", Options(mode, dry_run), work)
    except Conflict as error:
        # Somebody was faster than the check: done again, it finds what they did, and tells the line.
        if error.field in RACED and context.may_repeat:
            raise Busy(BUSY) from error
        raise


def _system(table: CsvFile, given: str | None) -> str:
    """The system whose names the file has; raises Invalid where it has some and nothing says whose."""
    found = (given or "").strip()
    if EXTERNAL_ID in table.columns and not found:
        raise Invalid("system: must be given: the file has a column externalId", field="system")
    if found:
        checks = Checks()
        check_values(ExternalId, {"system": found}, checks)
        checks.done()
    return found


async def _import(change: Change, *, sealer: Sealer, table: CsvFile, system: str, allowed: bool) -> Imported:
    settings = await school_settings(change, YOUNGEST, OLDEST, SHORTEST, REQUIRED, DATE_FORMAT)
    school = School(settings, await country_of(change), change.today, day_reader(settings[DATE_FORMAT]))
    read = await asyncio.to_thread(_rows, table, school)
    pairs = [(row, result) for row, result in read if not result.errors]
    # Whoever makes other students of these years waits here, and then sees these as possible duplicates.
    numbers = await next_numbers(change, [row.values["registration_date"].year for row, _ in pairs])
    await check_duplicates(change, sealer, pairs, allowed=allowed)
    await check_external_ids(change, pairs, system)
    places = await _places(change, pairs)
    persons = await _persons(change, pairs)
    made = [(row, result) for row, result in pairs if result.outcome is RowOutcome.CREATED]
    write = partial(_write, sealer=sealer, pairs=made, places=places, persons=persons, numbers=numbers, system=system)
    return Imported([result for _, result in read], write)


def _rows(table: CsvFile, school: School) -> Pairs:
    rows = map(RowReader(table.columns, school), table.rows)
    return [(row, ImportedRow.of(row)) for row in rows]


async def _places(change: Change, pairs: Pairs) -> Places:
    """Where the rows put their students, by line; refuses those that put them nowhere."""
    structure, found = await structure_of(change, [row.place for row, _ in pairs]), {}
    for row, result in pairs:
        if not row.place:
            continue
        checks = Checks()
        found[row.line] = place_of(row.place, row.values["registration_date"], structure, checks)
        result.refuse(*checks.errors)
    return found


async def _persons(change: Change, pairs: Pairs) -> Persons:
    """Who the guardians of the rows are; refuses those that name somebody twice."""
    good = [(row, result) for row, result in pairs if row.guardians and result.outcome is RowOutcome.CREATED]
    persons = await persons_of(change, [each for row, _ in good for each in row.guardians])
    for row, result in good:
        checks, warnings = Checks(), Checks()
        persons.settle(row.guardians, checks, warnings)
        result.refuse(*checks.errors)
        result.warn(*warnings.errors)
    return persons


async def _write(
    change: Change,
    answer: Imported,
    *,
    sealer: Sealer,
    pairs: Pairs,
    places: Places,
    persons: Persons,
    numbers: Mapping[int, Any],
    system: str,
) -> None:
    if not pairs:
        change.withdraw()
        return
    keys = await new_keys(change.session, len(pairs))
    for (_, result), key in zip(pairs, keys, strict=True):
        result.student = key
    rows = [row for row, _ in pairs]
    await change.insert_rows(Student, await asyncio.to_thread(_students, change, sealer, rows, keys, numbers))
    made = list(zip(rows, keys, strict=True))
    spans, enrollments = await write_places(change, [(key, places.get(row.line)) for row, key in made])
    guardians, links = await write_guardians(change, persons, [(key, row.guardians) for row, key in made])
    names = [
        {"entity": Student.__tablename__, "record_id": key, "system": system, "value": row.external_id}
        for row, key in made
        if row.external_id is not None
    ]
    change.operation = {
        "students": keys,
        "names": await change.insert_rows(ExternalId, names),
        "spans": spans,
        "enrollments": enrollments,
        "guardians": guardians,
        "links": links,
    }
    change.publish("institution", change.institution_id, {"action": "import_students", "students": keys})


def _students(
    change: Change, sealer: Sealer, rows: Sequence[StudentRow], keys: Sequence[int], numbers: Mapping[int, Any]
) -> list[dict[str, Any]]:
    """The columns of the new students, sealed where they have to be."""
    given = [name for name in SEALED if any(name in row.secrets for row in rows)]
    found = columns_of(rows)
    for row, key, columns in zip(rows, keys, found, strict=True):
        columns["id"] = key
        columns["student_number"] = next(numbers[columns["registration_date"].year])
        if given:
            secrets = {name: row.secrets.get(name) for name in given}
            columns |= sealed_columns(sealer, change.institution_id, key, secrets)
    return found
