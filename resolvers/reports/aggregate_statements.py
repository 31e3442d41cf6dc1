"""The two statements of an aggregate: which year and by which settings, and the groups with their sums."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, cast, func, or_, select

from models import ConfigurationSetting, GradeLevel, Role, SchoolYear, Semester, SettingCategory, Subject
from models.computed import tenant
from resolvers.reports.aggregate_facts import MEASURES, PARTS, facts
from resolvers.reports.aggregate_groups import FACTS, AggregateBy, AggregateOf, name_of, students
from resolvers.statements import Statement, compiled

MOST_GROUPS = 5_000
# Of two students each would work out the other.
FEWEST, USUAL = 3, 5
SMALLEST_GROUP, CROSSED_BY = "AGGREGATE_SMALLEST_GROUP", "AGGREGATE_CROSSED_BY"
USUALLY_CROSSED_BY = AggregateBy.GRADE_LEVEL


def _setting(key: str) -> ColumnElement[Any]:
    setting = ConfigurationSetting
    found = select(setting.value).where(setting.institution_id == tenant(), setting.key == key)
    return found.where(setting.category == SettingCategory.ACADEMIC).scalar_subquery()


@lru_cache(maxsize=1)
def frame() -> Statement:
    """The school year asked for, or the current one, with what the school has set."""
    given = bindparam("year", type_=BigInteger())
    row = select(
        SchoolYear.id,
        SchoolYear.start_date,
        SchoolYear.end_date,
        _setting(SMALLEST_GROUP).label("smallest"),
        _setting(CROSSED_BY).label("crossed_by"),
    ).where(SchoolYear.institution_id == tenant(), or_(SchoolYear.id == given, given.is_(None) & SchoolYear.current))
    return compiled(row, SchoolYear, subjects=None)


def smallest_group(text: str | None) -> int:
    return max(FEWEST, int(text)) if text and text.isdecimal() else USUAL


def crossed_by(text: str | None) -> AggregateBy:
    return AggregateBy.__members__.get(text or "", USUALLY_CROSSED_BY)


_CALLED: Mapping[str, Any] = {
    "subject_id": Subject.name,
    "semester_id": Semester.start_date,
    "grade_level_id": GradeLevel.sequence,
}


@lru_cache(maxsize=256)
def groups(of: AggregateOf, by: tuple[AggregateBy, ...], roles: frozenset[Role]) -> Statement:
    """A row for each group of each part; one more than `MOST_GROUPS` at most."""
    fact, person = facts(of, roles), students(by, roles)
    keys = [fact.c[name] for name in PARTS[of]] + [person.c[f"g{n}"].label(name_of(each)) for n, each in enumerate(by)]
    counts = func.count().label("students"), cast(func.sum(fact.c.n), BigInteger).label("n")
    sums = [func.sum(fact.c[name]).label(name) for name in MEASURES[of]]
    rows = select(*keys, *counts, *sums).join_from(fact, person, person.c.id == fact.c.student_id).group_by(*keys)
    # By nothing, SQL makes a group of nobody too.
    rows = rows.having(func.count() > 0)
    return compiled(_ordered(rows, [key.name for key in keys]), FACTS[of], subjects=None, afresh=True)


def _ordered(rows: Select[Any], keys: Sequence[str]) -> Select[Any]:
    """By what people call the groups, where their keys say nothing."""
    found = rows.subquery("a")
    source: Any = found
    order: list[ColumnElement[Any]] = []
    for key in keys:
        if (name := _CALLED.get(key)) is not None:
            model = name.class_
            source = source.outerjoin(model, (model.institution_id == tenant()) & (model.id == found.c[key]))
            order.append(name.asc().nulls_last())
        order.append(found.c[key].asc().nulls_last())
    return select(*found.c).select_from(source).order_by(*order).limit(MOST_GROUPS + 1)
