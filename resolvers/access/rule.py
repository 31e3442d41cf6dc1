"""What a rule is: the rows of a model that somebody sees, and what is known of every such row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, literal_column, true

from models import ReportCardState
from models.computed import now
from resolvers.access import sets
from resolvers.access.sets import KeySet, among, met, viewer

# Keys of which somebody may have so many that it is dear to gather them.
MANY: Final = frozenset({sets.taught_students, sets.taught_guardians})


@dataclass(frozen=True)
class Found:
    """How rows come that a rule is asked about: by keys of the column `key`, which are known to be among `proven`.

    `few` says that they are no more than a handful.
    """

    key: str | None = None
    proven: frozenset[KeySet] = frozenset()
    few: bool = False


LOOKED_UP: Final = Found()


@dataclass(frozen=True)
class Rule:
    """Rows that somebody sees; `about` says which, as clients read it.

    `condition(source, found)`: whether a row is one; `found` is None where the rule itself is to find the rows.
    `proves`: the keys that a column of every such row is among.
    """

    about: str
    condition: Callable[[Any, Found | None], ColumnElement[bool]]
    proves: Mapping[str, frozenset[KeySet]] = field(default_factory=dict)

    def proving(self, **columns: KeySet) -> "Rule":
        """The same rows, of which more is known: it follows from what the keys are."""
        more = {name: self.proves.get(name, frozenset()) | {keys} for name, keys in columns.items()}
        return replace(self, proves={**self.proves, **more})


def among_keys(about: str, **columns: KeySet) -> Rule:
    """Rows whose columns are each among their keys."""

    def condition(source: Any, found: Found | None) -> ColumnElement[bool]:
        asked = [(name, keys) for name, keys in columns.items() if not _is_proven(name, keys, found)]
        return and_(true(), *(_is_one(getattr(source, name), keys, found) for name, keys in asked))

    return Rule(about, condition, {name: frozenset({keys}) for name, keys in columns.items()})


def _is_proven(column: str, keys: KeySet, found: Found | None) -> bool:
    return found is not None and found.key == column and keys in found.proven


def _is_one(column: Any, keys: KeySet, found: Found | None) -> ColumnElement[bool]:
    if found is None or keys not in MANY:
        return among(column, keys())
    return met(column, keys(met, met if found.few else among))


def own(about: str, column: str) -> Rule:
    """Rows in which the viewer stands, and which are in use."""

    def condition(source: Any, _: Found | None) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = getattr(source, column) == viewer()
        return and_(mine, source.deleted_at.is_(None)) if hasattr(source, "deleted_at") else mine

    return Rule(about, condition)


def still_open(rule: Rule, about: str) -> Rule:
    """Of the sessions of a rule those that are open: one that nobody has used for too long has ended by itself."""
    return Rule(about, lambda source, found: and_(rule.condition(source, found), source.expires_at > now()))


def handed_out(rule: Rule, about: str) -> Rule:
    """Of the report cards of a rule those that are published."""
    published: ColumnElement[Any] = literal_column(f"'{ReportCardState.PUBLISHED.value}'")
    return replace(
        rule,
        about=about,
        condition=lambda source, found: and_(rule.condition(source, found), source.state == published),
    )


EVERY_ROW: Final = Rule("all of them", lambda source, found: true())
