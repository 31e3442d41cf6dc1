"""Guardians in the rows of an imported file: up to three a student, and one guardian for brothers and sisters.

A guardian of the same name and the same mobile or e-mail as one in use at the school, or further up in the file, is
that one: the student is linked to them, and what the row says of them besides is not written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    row: CsvRow, numbers: Sequence[int], readers: Mapping[str, Reader], settings: Mapping[str, str], checks: Checks
) -> list[ImportedGuardian]:
    """Those of the guardians with these numbers whom a row names, in their order.

    `readers` are how answers and relations are read, by the link's column.
    """
    found: list[ImportedGuardian] = []
    for number in numbers:
        cells, wrong = {name: row.cells.get(f"guardian{number}_{name}") for name in (*OF_LINK, *OF_GUARDIAN)}, Checks()
        if not any(cells.values()):
            continue
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


@dataclass(frozen=True)
class Known:
    """Somebody at the school: the guardian's key, and whether they have an account."""

    id: int
    account: bool


class Persons:
    """Who the guardians of a file are: somebody at the school, the first one further up, or each somebody new."""

    def __init__(self, there: Iterable[tuple[tuple[str, str], Known]]) -> None:
        self._known: dict[tuple[str, str], Known | ImportedGuardian] = dict(there)
        self._found: dict[int, Known | ImportedGuardian] = {}

    def settle(self, guardians: Sequence[ImportedGuardian], errors: Checks, warnings: Checks) -> None:
        """Find out who a student's are, who are to be several; rows are settled in their order.

        Those of a row that is refused are not known further down.
        """
        found = [next((self._known[same] for same in each.likeness if same in self._known), each) for each in guardians]
        first: dict[int, int] = {}
        for each, person in zip(guardians, found, strict=True):
            label = f"guardian{each.number}"
            before = first.setdefault(id(person), each.number)
            if before != each.number:
                errors.errors.append(Conflict(f"{label}: is the same person as guardian{before}", field=label))
            elif isinstance(person, Known) and person.account and each.link["may_access_records"]:
                words = "is at the school, and will see the records with the account that they have"
                warnings.errors.append(Conflict(f"{label}: {words}", field=label))
        if errors.errors:
            return
        for each, person in zip(guardians, found, strict=True):
            self._found[id(each)] = person
            # By what else the row says of them they are known from now on.
            for same in each.likeness:
                self._known.setdefault(same, person)

    def __getitem__(self, each: ImportedGuardian) -> Known | ImportedGuardian:
        return self._found[id(each)]


async def write_guardians(
    change: Change, persons: Persons, families: Sequence[tuple[int, Sequence[ImportedGuardian]]]
) -> tuple[list[int], list[int]]:
    """Link students, by key, to their guardians, and add those who are not there; gives the new ones and the links."""
    new = [each for _, guardians in families for each in guardians if persons[each] is each]
    made = await change.insert_rows(Guardian, [{name: each.values.get(name) for name in OF_GUARDIAN} for each in new])
    keys = {id(each): key for each, key in zip(new, made, strict=True)}

    def key_of(person: Known | ImportedGuardian) -> int:
        return person.id if isinstance(person, Known) else keys[id(person)]

    pairs = [
        {"student_id": student, "guardian_id": key_of(persons[each]), **each.link}
        for student, guardians in families
        for each in guardians
    ]
    return made, await change.insert_rows(StudentGuardian, pairs)


async def persons_of(change: Change, named: Sequence[ImportedGuardian]) -> Persons:
    """Those at the school, in use, who are reached the same way, by name and by that; they stay as they are."""
    if not named:
        return Persons(())
    mobiles = [each.values["mobile"] for each in named if "mobile" in each.values]
    emails = [each.values["email"].lower() for each in named if "email" in each.values]
    account = Guardian.user_id.is_not(None).label("account")
    found = select(Guardian.id, Guardian.full_name, Guardian.mobile, Guardian.email, account).where(
        Guardian.deleted_at.is_(None),
        or_(Guardian.mobile == _among("mobiles", mobiles), Guardian.email_folded == _among("emails", emails)),
    )
    held = found.order_by(Guardian.id).with_for_update(read=True, of=Guardian)
    there = [(row, Known(row.id, row.account)) for row in await change.among_seen(Guardian, held)]
    # Of several the first one made is it, which comes last here.
    return Persons(
        (same, known) for row, known in reversed(there) for same in _likeness(row.full_name, row.mobile, row.email)
    )


def _among(name: str, texts: Sequence[str]) -> Any:
    return any_(bindparam(name, texts, type_=ARRAY(Text)))
