"""Objects that a resolver made, such as the cells of a report, as dicts: all of a list at once.

What is selected of them may be values that they have under the field's own name, rows that they name by a key, and
lists of other such objects; anything else is for graphql-core (NotPlanned). So forty reports with the student and the
subjects are one comprehension over the forty, one over all their subjects, and one statement for the students:

    lambda objects, r0, l0: [{"average": …, "student": r0(o.student_id), "subjects": l0()} for o in objects]

where `r0` gives what was found for a key, and `l0` the next list. Values are told by their scalars and enums.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
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

from schema.execution.build import TYPENAME, Builder, Details
from schema.execution.plan import Child, Dicts, NotPlanned
from schema.execution.run import Run
from schema.execution.steps import Steps
from schema.reads import READS, ToOne

# Scalars that a text is told as by itself.
TEXTS = {GraphQLString.name, "Decimal"}


def _missing() -> None:
    raise NotPlanned("a value that must be there is missing")


@dataclass(frozen=True)
class Told:
    """How objects become dicts: `make` takes them, and what gives the value of each relation and each list."""

    make: Callable[..., Dicts]
    rows: tuple[tuple[Callable[[Any], Any], Child], ...]
    lists: tuple[tuple[Callable[[Any], Any], "Told"], ...]

    def steps(self, run: Run, objects: Sequence[Any]) -> Steps[Dicts]:
        """The objects as dicts, all that hangs below them filled in."""
        fills = [run.fill(child.plan.model, child, set(map(key, objects))) for key, child in self.rows]
        parts = [[value(each) for each in objects] for value, _ in self.lists]
        below = [told.steps(run, list(chain(*part))) for part, (_, told) in zip(parts, self.lists, strict=True)]
        found = yield [*fills, *below]
        made = found[len(fills) :]
        takes = [_in_turn(dicts, list(map(len, part))) for dicts, part in zip(made, parts, strict=True)]
        return self.make(objects, *found[: len(fills)], *takes)


def _in_turn(dicts: Dicts, lengths: list[int]) -> Callable[[], Dicts]:
    """What gives the dicts of one parent after the other."""
    left: Iterator[dict[str, Any]] = iter(dicts)
    counts = iter(lengths)
    return lambda: list(islice(left, next(counts)))


class Teller:
    """Builds what tells the objects of one selection; `executor` collects its fields."""

    def __init__(self, executor: Any) -> None:
        self.builder = Builder(executor, many=True)
        self.names: dict[str, Any] = {}
        self.items: list[str] = []
        self.rows: list[tuple[Callable[[Any], Any], Child]] = []
        self.lists: list[tuple[Callable[[Any], Any], Told]] = []

    def told(self, kind: GraphQLObjectType, details: Details) -> Told:
        parts = [
            (response, self.part(kind, response, found, definition))
            for response, found, definition in self.builder.fields(kind, details)
        ]
        items = ", ".join(f"{response!r}: {value}" for response, value in parts)
        given = [f"r{n}" for n in range(len(self.rows))] + [f"l{n}" for n in range(len(self.lists))]
        text = f"lambda {', '.join(['objects', *given])}: [{{{items}}} for o in objects]"
        return Told(eval(text, self.names), tuple(self.rows), tuple(self.lists))

    def part(self, kind: GraphQLObjectType, response: str, details: Details, definition: GraphQLField | None) -> str:
        """The expression of one field, over the object `o`."""
        if definition is None:
            if details[0].node.name.value != TYPENAME:
                raise NotPlanned(f"{response} is not a field of {kind.name}")
            return repr(kind.name)
        call = self.builder.call(definition, details)
        reads = call.strawberry.metadata.get(READS)
        if isinstance(reads, ToOne):
            child = self.builder.child(reads.batch.model, response, reads, call, details)
            child.parents = None
            self.rows.append((attrgetter(reads.batch.parent), child))
            return f"r{len(self.rows) - 1}(o.{reads.batch.parent})"
        if reads is not None or call.strawberry.base_resolver is not None or call.strawberry.extensions:
            raise NotPlanned(f"{kind.name}.{response} is resolved by a function")
        return self.value(kind, definition, call.strawberry, details)

    def value(self, kind: GraphQLObjectType, definition: GraphQLField, field: StrawberryField, details: Details) -> str:
        name, of = field.python_name, get_nullable_type(definition.type)
        if isinstance(of, GraphQLList):
            return self.list(name, of, details)
        if not isinstance(of, GraphQLEnumType | GraphQLScalarType):
            raise NotPlanned(f"{kind.name}.{name} is an object")
        self.names |= {f"t_{name}": of.coerce_output_value, "missing": _missing}
        none = "missing()" if isinstance(definition.type, GraphQLNonNull) else "None"
        return f"({none} if (v := o.{name}) is None else {self.told_as(name, of)})"

    def told_as(self, name: str, of: GraphQLEnumType | GraphQLScalarType) -> str:
        """The expression of a value `v`; what is as it will be told already is not asked about at length."""
        whole = f"t_{name}(v)"
        if isinstance(of, GraphQLEnumType):
            self.names[f"n_{name}"] = {value.value: value_name for value_name, value in of.values.items()}
            return f"(n_{name}.get(v) or {whole})"
        if of.name == GraphQLInt.name:
            return f"(v if v.__class__ is int and {GRAPHQL_MIN_INT} <= v <= {GRAPHQL_MAX_INT} else {whole})"
        return f"(v if v.__class__ is str else {whole})" if of.name in TEXTS else whole

    def list(self, name: str, of: Any, details: Details) -> str:
        target = get_nullable_type(of.of_type)
        if not isinstance(target, GraphQLObjectType):
            raise NotPlanned(f"{name} is no list of objects")
        self.lists.append((attrgetter(name), Teller(self.builder.executor).told(target, details)))
        return f"l{len(self.lists) - 1}()"


def tellable(result: Any) -> bool:
    """Whether a resolver's list is one of objects of one kind."""
    return isinstance(result, list) and bool(result) and is_dataclass(result[0]) and len(set(map(type, result))) == 1


def teller(executor: Any, target: GraphQLObjectType, details: Details) -> Told:
    """How the objects of a list are told; raises NotPlanned."""
    return Teller(executor).told(target, details)
