"""A report's SQL as a statement of the viewer: the rows that it may show, in an order of its own."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ARRAY, CTE, BigInteger, Date, Select, bindparam, select, text
from sqlalchemy import column as named
from sqlalchemy.types import TypeEngine

from models import Base, Grade, Role
from resolvers.access import scope
from resolvers.rows import Row
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows

KINDS: dict[str, TypeEngine[Any]] = {name: Date() for name in ("today", "held_to")}
KINDS |= {"students": ARRAY(BigInteger())}
KEYS = ("student_id", "course_id")


def report(
    sql: str,
    columns: Sequence[str],
    roles: frozenset[Role],
    *,
    like: type[Base] = Grade,
    order: Sequence[str] = (),
    shown: Sequence[str] | None = None,
    limited: bool = False,
    asked: CTE | None = None,
    afresh: bool = False,
) -> Statement:
    """The rows of `sql`, a select of `columns`, that the viewer may see as if they were rows of `like`.

    The scope is that of the model, over the columns `student_id` and `course_id`; ranks and sizes are those of the
    whole class, since they are worked out below it. Parameters are bigint, but for those in `KINDS`; values that vary
    with the viewer never stand in the text. `shown` are the columns that rows have, `order` sorts by any of them all,
    and `limited` takes the parameters `first` and `offset`. The statement begins `WITH asked`, where that is given.
    Reports of many classes are planned `afresh`, for how many they are. The access log gets the students of the rows.
    """
    kinds = {name: KINDS.get(name, BigInteger()) for name in text(sql)._bindparams}
    given = text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items()))
    rows = given.columns(*(named(name, BigInteger() if name in KEYS else None) for name in columns)).subquery("f")
    source = SimpleNamespace(**{name: rows.c[name] for name in KEYS if name in columns})
    statement: Select[Any] = select(*(rows.c[name] for name in shown or columns)).where(scope(like, source, roles))
    statement = statement.order_by(*(rows.c[name].asc().nulls_last() for name in order))
    if limited:
        first, offset = (bindparam(name, type_=BigInteger()) for name in ("first", "offset"))
        statement = statement.limit(first).offset(offset)
    if asked is not None:
        statement = statement.add_cte(asked)
    subjects = of_rows(statement, "student_id" if "student_id" in columns else None)
    return replace(compiled(statement, like, subjects=subjects, afresh=afresh), record=Row)
