"""Guardians in the rows of an imported file: up to three a student, and one guardian for brothers and sisters.

A guardian of the same name and the same mobile or e-mail as one in use at the school, or further up in the file, is
that one: the student is linked to them, and what the row says of them besides is not written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, or_, select

from models import Guardian, GuardianRelation, StudentGuardian
from resolvers.checking import check_values
from resolvers.errors import Checks, Conflict, DomainError, Invalid, shown, spelled
from resolvers.people.guardian_changes import UNNAMED
from resolvers.people.guardian_link_changes import LAST_PLACE, PLACE
from resolvers.people.names import check_lengths
from resolvers.unit_of_work import Change
from resolvers.writing.csv_file import CsvRow

MOST = 3
NAMES = ("first_name", "last_name", "single_name")
OF_GUARDIAN = (*NAMES, "mobile", "phone", "email", "occupation")
ANSWERS = ("legal_guardian", "lives_with", "emergency_contact", "may_access_records")
OF_LINK = ("relation", *ANSWERS, "contact_priority")
# Each column with the number of the guardian whom it is about.
NUMBERS = {f"guardian{n}_{name}": n for n in range(1, MOST + 1) for name in (*OF_LINK, *OF_GUARDIAN)}
COLUMNS = tuple(NUMBERS)
Reader = Callable[[str], Any]


@dataclass(frozen=True)
class ImportedGuardian:
    """`values` are the guardian's by column, `link` what holds between the two."""

    number: int
    values: Mapping[str, Any]
    link: Mapping[str, Any]

    @property
    def likeness(self) -> list[tuple[str, str]]:
        """By what two are the same one: the name with the mobile, and with the e-mail."""
        return _likeness(_full_name(self.values), self.values.get("mobile"), self.values.get("email"))


def _full_name(values: Mapping[str, Any]) -> str:
    return values.get("single_name") or f"{values.get('first_name')} {values.get('last_name')}"


def _likeness(name: str, *reached: str | None) -> list[tuple[str, str]]:
    return [(name.lower(), each.lower()) for each in reached if each]


def _labelled(error: DomainError, number: int) -> DomainError:
    """The same about the column of the file."""
    label = f"guardian{number}{(error.field or '')[:1].upper()}{(error.field or '')[1:]}"
    return type(error)(error.message.replace(f"{error.field}:", f"{label}:", 1), field=label)


def read_guardians(
    row: CsvRow, readers: Mapping[str, Reader], settings: Mapping[str, str], checks: Checks
) -> list[ImportedGuardian]:
    """The guardians that a row names; `readers` are how answers and relations are read, by the link's column."""
    found: list[ImportedGuardian] = []
    for number in sorted({NUMBERS[name] for name, text in row.cells.items() if name in NUMBERS and text is not None}):
        cells, wrong = {name: row.cells.get(f"guardian{number}_{name}") for name in (*OF_LINK, *OF_GUARDIAN)}, Checks()
        found.append(_guardian(number, cells, readers, settings, wrong))
        checks.errors += [_labelled(error, number) for error in wrong.errors]
    _check_apart(found, checks)
    return found


def _guardian(
    number: int,
    cells: Mapping[str, str | None],
    readers: Mapping[str, Reader],
    settings: Mapping[str, str],
    checks: Checks,
) -> ImportedGuardian:
    link: dict[str, Any] = {"relation": GuardianRelation.UNKNOWN} | dict.fromkeys(ANSWERS, False)
    link |= {"contact_priority": 1}
    for name in OF_LINK:
        text = cells[name]
        try:
            link |= {} if text is None else {name: readers.get(name, _place)(text)}
        except ValueError as wrong:
            label = spelled(name)
            checks.errors.append(Invalid(f"{label}: {shown(text)} {wrong}", field=label))
    values = {name: cells[name] for name in OF_GUARDIAN if cells[name] is not None}
    check_values(Guardian, values, checks)
    if "single_name" not in values and not {"first_name", "last_name"} <= values.keys():
        checks.errors.append(UNNAMED.error())
    check_lengths({name: values[name] or "" for name in NAMES if name in values}, settings, checks)
    return ImportedGuardian(number, values, link)


def _place(text: str) -> int:
    """A place in the order of contacts; raises ValueError."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PLACE):
        raise ValueError(PLACE.words)
    return int(text)


def _check_apart(found: Sequence[ImportedGuardian], checks: Checks) -> None:
    """That nobody is the same student's guardian twice."""
    seen: dict[tuple[str, str], int] = {}
    for each in found:
        for same in each.likeness:
            before = seen.setdefault(same, each.number)
            if before != each.number:
                label = f"guardian{each.number}"
                checks.errors.append(Conflict(f"{label}: is the same as guardian{before}", field=label))
                break


async def write_guardians(
    change: Change, families: Sequence[tuple[int, Sequence[ImportedGuardian]]]
) -> tuple[list[int], list[int]]:
    """Link students, by key, to their guardians, and add those who are not there; gives the new ones and the links."""
    named = [each for _, guardians in families for each in guardians]
    if not named:
        return [], []
    known: dict[tuple[str, str], int | ImportedGuardian] = dict(await _there(change, named))
    stands = [_same(each, known) for each in named]
    new = [each for each, same in zip(named, stands, strict=True) if same is each]
    rows = [{name: each.values.get(name) for name in OF_GUARDIAN} for each in new]
    made = await change.insert_rows(Guardian, rows)
    keys = {id(each): key for each, key in zip(new, made, strict=True)}
    whose = iter([same if isinstance(same, int) else keys[id(same)] for same in stands])
    # Whom two lines of names turn out to be is linked once.
    links = {(student, next(whose)): each.link for student, guardians in families for each in guardians}
    pairs = [{"student_id": student, "guardian_id": key, **link} for (student, key), link in links.items()]
    return made, await change.insert_rows(StudentGuardian, pairs)


def _same(each: ImportedGuardian, known: dict[tuple[str, str], int | ImportedGuardian]) -> int | ImportedGuardian:
    """Who it is: one of those known by name and mobile or e-mail, by whose others it is known from now on."""
    found = next((known[same] for same in each.likeness if same in known), each)
    for same in each.likeness:
        known.setdefault(same, found)
    return found


async def _there(change: Change, named: Sequence[ImportedGuardian]) -> Iterator[tuple[tuple[str, str], int]]:
    """Guardians in use who are reached the same way, by name and by that; they stay as they are."""
    mobiles = [each.values["mobile"] for each in named if "mobile" in each.values]
    emails = [each.values["email"].lower() for each in named if "email" in each.values]
    found = select(Guardian.id, Guardian.full_name, Guardian.mobile, Guardian.email).where(
        Guardian.deleted_at.is_(None),
        or_(Guardian.mobile == _among("mobiles", mobiles), Guardian.email_folded == _among("emails", emails)),
    )
    held = found.order_by(Guardian.id).with_for_update(read=True, of=Guardian)
    rows = await change.among_seen(Guardian, held)
    # Of several the first one made is it, which comes last here.
    return ((same, row.id) for row in reversed(rows) for same in _likeness(row.full_name, row.mobile, row.email))


def _among(name: str, texts: Sequence[str]) -> Any:
    return any_(bindparam(name, texts, type_=ARRAY(Text)))
