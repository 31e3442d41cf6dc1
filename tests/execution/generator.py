"""Random operations from the schema: valid documents, each with variables for two runs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from schema.reads import Made
from tests.execution.generated_values import Values
from tests.schema_map import reads

# How often an argument is given; nearly every cursor is of another list, and refused.
GIVEN = {"first": 0.4, "where": 0.35, "after": 0.06, "before": 0.06}
# Fields of few rows would be generated as often as the lists that plans are for; reports too.
RARE = {"configuration", "settings", "schoolProfile", "institution", "me", "currentSchoolYear"}


@dataclass
class Operation:
    """A document, its variables, and where it is to be run a second time, those of that run."""

    text: str
    variables: dict[str, Any]
    again: dict[str, Any] | None = None


@dataclass
class Writer(Values):
    """One operation in the making."""

    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    # Of lists only nodes are asked for, and below rows no connections: such lists come as text.
    nodes: bool = False

    def write(self) -> Operation:
        self.nodes = self.often(0.35)
        query = self.schema.query_type
        assert query is not None
        rare = RARE | {name for name, field in query.fields.items() if isinstance(reads(field), Made | None)}
        common = [name for name in query.fields if name not in rare]
        names = [
            self.random.choice(common if self.often(0.97) else sorted(rare))
            for _ in range(self.random.choice([1, 1, 2, 3]))
        ]
        body = [self.field(query, name, self.random.choice([1, 2, 3, 3])) for name in names]
        return self.operation("query", body if self.often(0.97) else [*body, "__typename"])

    def operation(self, kind: str, body: list[str]) -> Operation:
        head = f"{kind} Generated({', '.join(self.definitions)})" if self.definitions else f"{kind} Generated"
        text = " ".join([f"{head} {{ {' '.join(body)} }}", *(text for _, text in self.fragments.values())])
        return Operation(text, self.variables, self.again if self.often(0.25) else None)

    def field(self, kind: Any, name: str, depth: int) -> str:
        definition: GraphQLField = kind.fields[name]
        target = get_named_type(definition.type)
        if isinstance(target, GraphQLInterfaceType):
            found = sorted(each.name for each in self.schema.get_implementations(target).objects)
            self.kinds = self.random.sample(found, 4)
        arguments = self.arguments(definition, target)
        # A field with arguments or a selection is always told apart, so that none can conflict.
        plain = is_leaf_type(target) and not arguments
        alias = f"{self.name('a')}: " if not plain or self.often(0.1) else ""
        # Selected twice under one name, its selections are merged.
        times = 1 if is_leaf_type(target) or self.often(0.96) else 2
        return " ".join(
            f"{alias}{name}{arguments}{self.directive()}{self.selection(target, depth - 1)}" for _ in range(times)
        )

    def directive(self) -> str:
        return "" if self.often(0.93) else f" @{self.random.choice(['skip', 'include'])}(if: {self.condition()})"

    def selection(self, target: GraphQLNamedType, depth: int) -> str:
        if is_leaf_type(target):
            return ""
        if isinstance(target, GraphQLInterfaceType):
            chosen = [self.schema.type_map[name] for name in self.kinds]
            parts = ["id", "__typename"] + [f"... on {each.name}{self.selection(each, depth)}" for each in chosen]
            return f" {{ {' '.join(parts)} }}"
        assert isinstance(target, GraphQLObjectType)
        return f" {{ {' '.join([*self.parts(target, depth), *self.spreads(target)])} }}"

    def spreads(self, target: GraphQLObjectType) -> list[str]:
        """Fragments: on the type, on its interface and on nothing, and named ones."""
        parts = []
        if self.often(0.18):
            on = self.random.choice([f" on {target.name}", f" on {target.name}", ""])
            parts.append(f"...{on}{self.directive()} {{ {' '.join(self.parts(target, 0))} }}")
        if target.interfaces and self.often(0.03):
            parts.append(f"... on {target.interfaces[0].name}{self.directive()} {{ id __typename }}")
        if self.often(0.1):
            parts.append(f"...{self.fragment(target)}{self.directive()}")
        return parts

    def fragment(self, target: GraphQLObjectType) -> str:
        """The name of a fragment on the type: a new one, or one that is there already."""
        known = [name for name, (kind, _) in self.fragments.items() if kind == target.name]
        if known and self.often(0.5):
            return self.random.choice(known)
        name = self.name("F")
        parts = self.parts(target, 0)
        if self.often(0.2):
            parts.append(f"...{self.fragment(target)}{self.directive()}")
        self.fragments[name] = target.name, f"fragment {name} on {target.name} {{ {' '.join(parts)} }}"
        return name

    def parts(self, target: GraphQLObjectType, depth: int) -> list[str]:
        leaves = [name for name, each in target.fields.items() if is_leaf_type(get_named_type(each.type))]
        deeper = [name for name in target.fields if name not in leaves and self.fits(target, name)]
        wrapper = target.name.endswith(("Connection", "Edge"))
        chosen = [self.random.choice(leaves)] if leaves and not wrapper else []
        chosen += [name for name in leaves if self.often(0.3)]
        count = len(deeper) if wrapper and self.often(0.5) else self.random.randint(0, 2)
        if deeper and (depth > 0 or wrapper or not leaves):
            chosen += self.random.sample(deeper, min(count or (1 if not chosen else 0), len(deeper)))
        parts = [self.field(target, name, depth if not wrapper else depth + 1) for name in dict.fromkeys(chosen)]
        return parts if parts and not self.often(0.1) else [*parts, "__typename"]

    def fits(self, target: GraphQLObjectType, name: str) -> bool:
        wrapped = get_named_type(target.fields[name].type).name.endswith(("Connection", "Abilities"))
        return not self.nodes or not (wrapped or name == "edges")

    def arguments(self, definition: GraphQLField, target: GraphQLNamedType) -> str:
        names = {
            name
            for name, each in definition.args.items()
            if isinstance(each.type, GraphQLNonNull) or self.often(GIVEN.get(name, 0.12))
        }
        if names & {"after", "first"}:
            names -= {name for name in ("last", "before") if self.often(0.95)}
        if "before" in names and "last" not in names and self.often(0.9):
            names.remove("before")
        given = {
            name: self.argument(name, each.type, target, self.kinds)
            for name, each in definition.args.items()
            if name in names
        }
        return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""


def operations(schema: GraphQLSchema, ids: dict[str, list[str]], seed: int, cursors: list[str]) -> Iterator[Operation]:
    """An endless sequence of operations; `cursors` may grow while they are run."""
    chance = random.Random(seed)
    while True:
        yield Writer(chance, schema, ids, cursors).write()
