"""The tables whose rows statements lock, in the order in which they do."""

import re
from collections.abc import Iterator, Sequence

from resolvers.writing.lock_order import ORDER

_LOCKING = re.compile(r"FOR (?P<kind>NO KEY UPDATE|UPDATE|SHARE)(?: OF (?P<alias>\w+))?")
_WRITING = re.compile(r"(?:(?<=^)|(?<=\())(?:UPDATE|DELETE FROM) (?P<table>[a-z_]+)")
_NAMED = re.compile(r"\b(?:FROM|JOIN) (?P<table>[a-z_]+)(?: (?:AS )?(?P<alias>[a-z_]+))?")


def _own(text: str) -> str:
    """The end of a text that is one statement, without those within it."""
    depth, kept = 0, []
    for sign in reversed(text):
        depth += {")": 1, "(": -1}.get(sign, 0)
        if depth < 0:
            break
        if depth == 0 and sign != "(":
            kept.append(sign)
    return "".join(reversed(kept))


def _table(text: str, alias: str | None) -> str:
    named = [(each["table"], each["alias"]) for each in _NAMED.finditer(_own(text))]
    return next(table for table, known in named if alias in (None, table, known))


def locked(statement: str) -> Iterator[tuple[str, bool]]:
    """Each table of which a statement locks rows, and whether others cannot share them."""
    text = re.sub(r"\( +", "(", " ".join(statement.split()))
    for found in sorted([*_LOCKING.finditer(text), *_WRITING.finditer(text)], key=re.Match.start):
        if found.re is _WRITING:
            yield found["table"], True
        else:
            yield _table(text[: found.start()], found["alias"]), found["kind"] != "SHARE"


def check_order(statements: Sequence[str]) -> None:
    """Fail unless locks are taken as `resolvers.writing.lock_order` says."""
    held: dict[str, bool] = {}
    for table, alone in (place for statement in statements for place in locked(statement)):
        if table in ORDER and table not in held:
            later = [other for other in held if other in ORDER and ORDER.index(other) > ORDER.index(table)]
            kept = [other for other, was_alone in held.items() if other not in ORDER and was_alone]
            assert later + kept == [], f"{table} is locked after these"
        held[table] = held.get(table, False) or alone
