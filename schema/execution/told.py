"""Objects that a resolver made, such as the cells of a report, as dicts: all of a list at once, and column by column.

What is selected of them may be values that they have under the field's own name, rows that they name by a key, and
lists of other such objects; anything else is for graphql-core (NotPlanned). So forty reports with the student and the
subjects are one comprehension over the forty, one over all their subjects, and one statement for the students:

    lambda columns: [{"average": v0, "student": v1, "subjects": v2} for v0, v1, v2, in zip(*columns, strict=True)]

Values are told by their scalars and enums: a column at once, where all of it is as it will be told already.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import islice, repeat
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
    get_nullable_type,
)
from strawberry.types.field import StrawberryField

from resolvers.beside import Beside
from resolvers.columns import Columns, columns_of
from resolvers.statements import Statement
from schema.execution.build import TYPENAME, Builder, Details
from schema.execution.plan import Call, Child, Dicts, NotPlanned
from schema.execution.run import Run
from schema.execution.steps import Steps
from schema.reads import READS, Making, ToOne

# What scalars tell as it is, by the scalar's name.
AS_THEY_ARE = {GraphQLString.name: str, "Decimal": str, GraphQLInt.name: int, GraphQLBoolean.name: bool}
Column = Iterable[Any]


@dataclass(frozen=True)
class Told:
    """How objects become dicts: `make` takes a column for each field, of values, then of rows, then of lists."""

    make: Callable[[Sequence[Column]], Dicts]
    values: tuple[tuple[str, Callable[[list[Any]], Column]], ...]
    rows: tuple[tuple[str, Child], ...]
    lists: tuple[tuple[str, "Told"], ...]
    required: bool = False

    @cached_property
    def names(self) -> frozenset[str]:
        """Of all attributes that are told, also of what is in lists."""
        own = (name for name, _ in (*self.values, *self.rows, *self.lists))
        return frozenset(own).union(*(told.names for _, told in self.lists))

    def made(self, run: Run, call: Call) -> Steps[Any]:
        """What the function of a root field makes."""
        resolver: Any = call.strawberry.base_resolver
        run.beside = beside = Beside(run.context, self.below(run))
        run.context.alone = run.context.alone and beside.whole
        info = Making(run.context, self.names, beside)
        found = yield resolver.wrapped_func(None, info=info, **run.arguments(call))
        if found is None:
            if self.required:
                raise NotPlanned("what must be there is missing")
            return None
        if isinstance(found, list | Columns):
            return (yield from self.steps(run, [found]))
        return (yield from self.steps(run, [[found]]))[0]

    @property
    def flat(self) -> bool:
        """Whether nothing hangs below the rows that are named."""
        return not any(child.plan.children for _, child in self.rows) and all(told.flat for _, told in self.lists)

    def below(self, run: Run) -> list[tuple[str, Statement]]:
        """What will be read of the rows that are named, with the attributes that name them."""
        own = [(name, run.reading(child, frozenset())[0]) for name, child in self.rows]
        return own + [each for _, told in self.lists for each in told.below(run)]

    def steps(self, run: Run, parts: Sequence[Sequence[Any]]) -> Steps[Dicts]:
        """The objects of all parts as dicts, all that hangs below them filled in."""
        column = columns_of(parts)
        keys = [list(column(name)) for name, _ in self.rows]
        lists = [list(column(name)) for name, _ in self.lists]
        fills = [run.fill(child.plan.model, child, set(key)) for key, (_, child) in zip(keys, self.rows, strict=True)]
        below = [told.steps(run, each) for each, (_, told) in zip(lists, self.lists, strict=True)]
        found = yield [*fills, *below]
        values = [tell(list(column(name))) for name, tell in self.values]
        rows = map(map, found, keys)
        made = map(_in_turn, found[len(fills) :], lists)
        # A selection of nothing but its type's name has no column.
        return self.make([*values, *rows, *made, repeat(None, sum(map(len, parts)))])


def _in_turn(dicts: Dicts, lists: list[Sequence[Any]]) -> Iterator[Dicts]:
    """The dicts of one parent after the other."""
    left = iter(dicts)
    return (list(islice(left, len(each))) for each in lists)


@dataclass
class Teller:
    """Builds what tells the objects of one selection; `builder` collects its fields."""

    builder: Builder
    values: list[tuple[str, Callable[[list[Any]], Column]]] = field(default_factory=list)
    rows: list[tuple[str, Child]] = field(default_factory=list)
    lists: list[tuple[str, Told]] = field(default_factory=list)

    def told(self, kind: GraphQLObjectType, details: Details) -> Told:
        parts = [
            (response, self.part(kind, response, found, definition))
            for response, found, definition in self.builder.fields(kind, details)
        ]
        items = ", ".join(f"{response!r}: {value}" for response, value in parts)
        kinds = (("v", self.values), ("r", self.rows), ("l", self.lists))
        names = [f"{letter}{n}" for letter, columns in kinds for n in range(len(columns))]
        text = f"lambda columns: [{{{items}}} for {', '.join([*names, '_'])} in zip(*columns, strict=True)]"
        return Told(eval(text), tuple(self.values), tuple(self.rows), tuple(self.lists))

    def part(self, kind: GraphQLObjectType, response: str, details: Details, definition: GraphQLField | None) -> str:
        """The expression of one field, by the names of the columns."""
        if definition is None:
            if details[0].node.name.value != TYPENAME:
                raise NotPlanned(f"{response} is not a field of {kind.name}")
            return repr(kind.name)
        call = self.builder.call(definition, details)
        reads = call.strawberry.metadata.get(READS)
        if isinstance(reads, ToOne):
            child = self.builder.child(reads.batch.model, response, reads, call, details)
            child.parents = None
            self.rows.append((reads.batch.parent, child))
            return f"r{len(self.rows) - 1}"
        if reads is not None or call.strawberry.base_resolver is not None or call.strawberry.extensions:
            raise NotPlanned(f"{kind.name}.{response} is resolved by a function")
        return self.value(kind, definition, call.strawberry, details)

    def value(self, kind: GraphQLObjectType, definition: GraphQLField, field: StrawberryField, details: Details) -> str:
        name, of = field.python_name, get_nullable_type(definition.type)
        if isinstance(of, GraphQLList):
            return self.list(name, of, details)
        if not isinstance(of, GraphQLEnumType | GraphQLScalarType):
            raise NotPlanned(f"{kind.name}.{name} is an object")
        self.values.append((name, partial(_tell, of, isinstance(definition.type, GraphQLNonNull))))
        return f"v{len(self.values) - 1}"

    def list(self, name: str, of: Any, details: Details) -> str:
        target = get_nullable_type(of.of_type)
        if not isinstance(target, GraphQLObjectType):
            raise NotPlanned(f"{name} is no list of objects")
        self.lists.append((name, Teller(self.builder).told(target, details)))
        return f"l{len(self.lists) - 1}"


def _tell(of: GraphQLEnumType | GraphQLScalarType, required: bool, values: list[Any]) -> Column:
    """Values as they are told; raises NotPlanned where one that must be there is not."""
    kinds = set(map(type, values))
    if type(None) in kinds and required:
        raise NotPlanned("a value that must be there is missing")
    if kinds <= {AS_THEY_ARE.get(of.name), type(None)} and (of.name != GraphQLInt.name or _in_bounds(values)):
        return values
    # Of enums there are few values, and looking one up takes longer than all else.
    told = lru_cache(of.coerce_output_value) if isinstance(of, GraphQLEnumType) else of.coerce_output_value
    return [None if value is None else told(value) for value in values]


def _in_bounds(values: list[Any]) -> bool:
    present = [value for value in values if value is not None]
    return not present or (min(present) >= GRAPHQL_MIN_INT and max(present) <= GRAPHQL_MAX_INT)


def tellable(result: Any) -> bool:
    """Whether a resolver's list is one of objects of one kind."""
    if isinstance(result, Columns):
        return True
    return isinstance(result, list) and bool(result) and is_dataclass(result[0]) and len(set(map(type, result))) == 1


def teller(executor: Any, target: GraphQLObjectType, details: Details, *, required: bool = False) -> Told:
    """How the objects of a list, or the one of a field, are told; raises NotPlanned."""
    return replace(Teller(Builder(executor, many=True)).told(target, details), required=required)
