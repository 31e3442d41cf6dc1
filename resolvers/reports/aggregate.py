"""Aggregates: how many students and rows each group has, and their figures; small groups are left out.

What is protected, and how, is in `resolvers.reports.suppression`. It holds for all that one viewer can ask, because

- a table has at most two dimensions, and where it has two one of them is the school's own choice, always the same
  (`AGGREGATE_CROSSED_BY`): any two tables then have nothing in common but that line and the total. Three tables with
  two dimensions each, or filters, would tell of single students though each of them has large groups only;
- what is left out depends on the whole table alone, not on the order of its dimensions (`by_crossed_first`). A filter
  chooses from the groups that are shown, and only by what is grouped by; no two answers differ by the students in their
  totals;
- what is never added up has no totals to subtract from: school years, subjects and semesters of marks, currencies;
- there are no highest and lowest marks: the highest of all tells the highest of a small group left out, if no group
  that is shown has it.

What is not protected:

- a figure that is the same for all of a group, such as an attendance of 100 percent, tells of each of them;
- bounds: somebody who sees that two groups left out have 9 students together knows that neither has 10;
- answers of different days: a student who came in between is what they differ by;
- somebody who knows who is in a small group may find it in two tables of different dimensions: where all of a village
  are girls, girls less that village is what is left of the girls. Therefore there is but one dimension of addresses;
- tables of marks in different subjects count much the same students, and what is left out of one may be counted in
  another. Its marks are not;
- viewers who put together what each of them sees, and whoever may read the rows themselves: all who may ask can.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from decimal import Context as Precision
from typing import Any

from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.reports.aggregate_facts import MEASURES, PARTS
from resolvers.reports.aggregate_groups import FAMILY, AggregateBy, AggregateOf, check_allowed, name_of
from resolvers.reports.aggregate_statements import MOST_GROUPS, crossed_by, frame, groups, smallest_group
from resolvers.reports.arithmetic import DECIMALS, SNAPPED
from resolvers.reports.suppression import shown_across, shown_along
from resolvers.rows import Row

# Sums have as many decimals as what they are of, and some digits before the point.
EXACT = Precision(prec=3 * DECIMALS)
NAMED: Mapping[str, AggregateBy] = {name_of(by): by for by in AggregateBy}


@dataclass(frozen=True)
class Group:
    """`values` are what it is a group by, and the part that it is in; `sums` what its rows add up to, by measure.

    A total has the values of its part alone.
    """

    values: Mapping[str, Any]
    students: int
    count: int
    sums: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Chosen:
    """A condition on which groups are shown: `name` is that of a value of theirs, `place` where it was asked for."""

    name: str
    operator: str
    value: Any
    place: str

    def meets(self, group: Group) -> bool:
        found = group.values[self.name]
        if self.operator == "starts_with":
            return found is not None and found.startswith(self.value)
        same = found in self.value if self.operator == "in" else found == self.value
        return bool(same) != (self.operator == "ne")


@dataclass(frozen=True)
class Aggregate:
    """`complete` says that no group was left out because it is small, or because a small one would follow from it."""

    school_year_id: int
    smallest: int
    complete: bool
    totals: Sequence[Group]
    groups: Sequence[Group]


def _check_crossing(by: Sequence[AggregateBy], crossed: AggregateBy) -> None:
    """Raises Invalid where this is no table that can be shown beside all others."""
    if len(by) > 2:
        raise Invalid(f"groupBy: {len(by)} dimensions are more than two", field="groupBy")
    if len(set(by)) < len(by):
        raise Invalid(f"groupBy: {by[0].value} stands there twice", field="groupBy")
    if len(by) == 2 and crossed not in by:
        names = f"{by[0].value} and {by[1].value}"
        text = f"groupBy: {names} do not cross: the school has every dimension crossed with {crossed.value} only"
        raise Invalid(text, field="groupBy")


def _check_chosen(of: AggregateOf, by: Sequence[AggregateBy], chosen: Iterable[Chosen]) -> None:
    """Raises Invalid where a condition is not on what the groups are by: it would have other students counted."""
    known = {*PARTS[of], *map(name_of, by)}
    for each in chosen:
        if each.name not in known:
            text = f"{each.place}: {of.value} are not grouped by this here, so groups cannot be chosen by it"
            raise Invalid(text, field=each.place)


async def aggregate_of(
    context: Context, of: AggregateOf, by: Sequence[AggregateBy], chosen: Sequence[Chosen], year: int | None
) -> Aggregate | None:
    """The groups of a school year, None where there is no such year. Two statements.

    Raises Forbidden and Invalid. What the viewer sees as family is in no group.
    """
    roles = context.viewer.roles - FAMILY
    asked = [(each.place, NAMED[each.name]) for each in chosen if each.name in NAMED]
    check_allowed(of, [*(("groupBy", each) for each in by), *asked], roles)
    found = await context.fetch(frame(), year=year)
    if not found:
        if year is None:
            raise Invalid("schoolYear: no school year is the current one: name one", field="schoolYear")
        return None
    (row,) = found
    crossed = crossed_by(row.crossed_by)
    _check_crossing(by, crossed)
    _check_chosen(of, by, chosen)
    rows = await context.fetch(groups(of, tuple(by), roles), **_values(context, row))
    if len(rows) > MOST_GROUPS:
        raise Invalid(f"groupBy: there are more than {MOST_GROUPS} groups", field="groupBy")
    shown_by = [name_of(each) for each in by_crossed_first(by, crossed)]
    return _aggregate(row, of, shown_by, [_group(of, by, each) for each in rows], chosen)


def _values(context: Context, year: Row) -> dict[str, Any]:
    viewer = context.viewer
    through = min(year.end_date, viewer.today(context.now))
    return {"year": year.id, "since": year.start_date, "through": through, "zone": viewer.time_zone.key}


def _group(of: AggregateOf, by: Sequence[AggregateBy], row: Row) -> Group:
    values = {name: row[name] for name in (*PARTS[of], *map(name_of, by))}
    return Group(values, row.students, row.n, {name: row[name] for name in MEASURES[of]})


def _aggregate(
    year: Row, of: AggregateOf, names: Sequence[str], found: Sequence[Group], chosen: Sequence[Chosen]
) -> Aggregate:
    """What is left out depends on all groups of a part; the conditions choose from what is shown.

    The groups stay in the order in which they were asked for.
    """
    smallest = smallest_group(year.smallest)
    parts: dict[tuple[Any, ...], list[Group]] = defaultdict(list)
    for group in found:
        parts[tuple(group.values[name] for name in PARTS[of])].append(group)
    shown = [each for part in parts.values() for each in shown_groups(part, names, smallest)]
    totals = [total for part in parts.values() if (total := _total(of, part)).students >= smallest]
    of_parts = [each for each in chosen if each.name in PARTS[of]]
    return Aggregate(year.id, smallest, len(shown) == len(found), _chosen(totals, of_parts), _chosen(shown, chosen))


def _chosen(found: Iterable[Group], chosen: Iterable[Chosen]) -> list[Group]:
    return [group for group in found if all(each.meets(group) for each in chosen)]


def by_crossed_first(by: Sequence[AggregateBy], crossed: AggregateBy) -> list[AggregateBy]:
    """The order in which the dimensions are looked at to leave groups out, in whichever they were asked for.

    A table and the same one turned round would leave out different groups of equal size: each would show what the other
    leaves out.
    """
    return sorted(by, key=lambda each: each is not crossed)


def shown_groups(part: Sequence[Group], names: Sequence[str], smallest: int) -> list[Group]:
    """The groups of a table that may be shown; `names` are those of its dimensions, ordered by `by_crossed_first`."""
    groups = {tuple(group.values[name] for name in names): group for group in part}
    students = {key: group.students for key, group in groups.items()}
    shown = (shown_across if len(names) == 2 else shown_along)(students, smallest)
    return [group for key, group in groups.items() if key in shown]


def _total(of: AggregateOf, part: Sequence[Group]) -> Group:
    sums = {}
    for name in MEASURES[of]:
        known = [each for group in part if (each := group.sums[name]) is not None]
        sums[name] = _sum(known)
    values = {name: part[0].values[name] for name in PARTS[of]}
    return Group(values, sum(group.students for group in part), sum(group.count for group in part), sums)


def _sum(numbers: Sequence[Decimal]) -> Decimal | None:
    with localcontext(EXACT):
        return sum(numbers, Decimal(0)) if numbers else None


def percentage(part: Decimal, whole: Decimal | int) -> Decimal | None:
    """`part` over `whole`, rounded half up to two decimals; None of nothing."""
    if not whole:
        return None
    exact = EXACT.divide(part, Decimal(whole))
    return exact.quantize(Decimal(1).scaleb(-SNAPPED), context=EXACT).quantize(Decimal("0.01"), ROUND_HALF_UP)


def trimmed(number: Decimal) -> str:
    """A decimal as clients get it, without trailing zeros."""
    return f"{number.normalize(EXACT):f}"
