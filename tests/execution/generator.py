"""Random operations from the schema: valid documents, with values that are right, wrong, foreign or refused."""

import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from tests.schema_map import reads

NAMES = ["Asha", "Ravi", "A", "10", "zzz", "%_\\", ""]
DATES = ["2002-09-02", "2002-01-01", "2002-12-31"]
# How often an argument is given; nearly every cursor is of another list, and refused.
GIVEN = {"first": 0.4, "where": 0.35, "after": 0.06, "before": 0.06}
# Fields of few rows would be generated as often as the lists that plans are for; reports too.
RARE = {"configuration", "settings", "schoolProfile", "institution", "me", "currentSchoolYear"}


@dataclass
class Operation:
    """A document and its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """One operation in the making."""

    random: random.Random
    schema: GraphQLSchema
    ids: dict[str, list[str]]
    cursors: list[str]
    definitions: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def name(self, stem: str) -> str:
        self.names += 1
        return f"{stem}{self.names}"

    def write(self) -> Operation:
        query = self.schema.query_type
        assert query is not None
        rare = RARE | {name for name, field in query.fields.items() if reads(field) is None}
        common = [name for name in query.fields if name not in rare]
        names = [
            self.random.choice(common if self.often(0.97) else sorted(rare))
            for _ in range(self.random.choice([1, 1, 2, 3]))
        ]
        body = " ".join(self.field(query, name, self.random.choice([1, 2, 3, 3])) for name in names)
        head = f"query Generated({', '.join(self.definitions)})" if self.definitions else "query Generated"
        return Operation(" ".join([f"{head} {{ {body} }}", *self.fragments]), self.variables)

    def field(self, kind: Any, name: str, depth: int) -> str:
        definition: GraphQLField = kind.fields[name]
        target = get_named_type(definition.type)
        arguments = self.arguments(definition, target)
        # A field with arguments or a selection is always told apart, so that none can conflict.
        plain = is_leaf_type(target) and not arguments
        alias = f"{self.name('a')}: " if not plain or self.often(0.1) else ""
        selection = "" if is_leaf_type(target) else self.selection(target, depth - 1)
        return f"{alias}{name}{arguments}{self.directive()}{selection}"

    def directive(self) -> str:
        if self.often(0.93):
            return ""
        value = self.random.choice(["true", "false"])
        if self.often(0.5):
            value = self.variable("Boolean!", value == "true")
        return f" @{self.random.choice(['skip', 'include'])}(if: {value})"

    def variable(self, kind: str, value: Any) -> str:
        name = self.name("v")
        self.definitions.append(f"${name}: {kind}")
        self.variables[name] = value
        return f"${name}"

    def selection(self, target: GraphQLNamedType, depth: int) -> str:
        if isinstance(target, GraphQLInterfaceType):
            chosen = self.random.sample(
                sorted(self.schema.get_implementations(target).objects, key=lambda t: t.name), 4
            )
            parts = ["id", "__typename"] + [f"... on {each.name}{self.selection(each, depth)}" for each in chosen]
            return f" {{ {' '.join(parts)} }}"
        assert isinstance(target, GraphQLObjectType)
        parts = self.parts(target, depth)
        if self.often(0.15):
            parts.append(f"... on {target.name} {{ {' '.join(self.parts(target, 0))} }}")
        if self.often(0.1):
            name = self.name("F")
            self.fragments.append(f"fragment {name} on {target.name} {{ {' '.join(self.parts(target, 0))} }}")
            parts.append(f"...{name}{self.directive()}")
        return f" {{ {' '.join(parts)} }}"

    def parts(self, target: GraphQLObjectType, depth: int) -> list[str]:
        leaves = [name for name, each in target.fields.items() if is_leaf_type(get_named_type(each.type))]
        deeper = [name for name in target.fields if name not in leaves]
        wrapper = target.name.endswith(("Connection", "Edge"))
        chosen = [self.random.choice(leaves)] if leaves and not wrapper else []
        chosen += [name for name in leaves if self.often(0.3)]
        count = len(deeper) if wrapper and self.often(0.5) else self.random.randint(0, 2)
        if deeper and (depth > 0 or wrapper or not leaves):
            chosen += self.random.sample(deeper, min(count or (1 if not chosen else 0), len(deeper)))
        parts = [self.field(target, name, depth if not wrapper else depth + 1) for name in dict.fromkeys(chosen)]
        return parts if parts and not self.often(0.1) else [*parts, "__typename"]

    def arguments(self, definition: GraphQLField, target: GraphQLNamedType) -> str:
        given = {
            name: self.argument(name, each.type, target)
            for name, each in definition.args.items()
            if isinstance(each.type, GraphQLNonNull) or self.often(GIVEN.get(name, 0.12))
        }
        if "after" in given or "first" in given:
            given = {name: value for name, value in given.items() if name not in ("last", "before") or self.often(0.05)}
        if "before" in given and "last" not in given and self.often(0.9):
            del given["before"]
        return f"({', '.join(f'{name}: {value}' for name, value in given.items())})" if given else ""

    def argument(self, name: str, kind: Any, target: GraphQLNamedType) -> str:
        if name in ("first", "last"):
            value = self.random.choice([0, 1, 2, 3, 7, 25]) if self.often(0.98) else self.random.choice([-1, 101])
            return self.variable("Int", value) if self.often(0.3) else str(value)
        if name in ("after", "before"):
            return f'"{self.random.choice(self.cursors)}"' if self.cursors and self.often(0.9) else '"garbage"'
        if name == "search":
            return f'"{self.random.choice(["a", "10", "ou", "stu-2 1"])}"'
        topic = name[:1].upper() + name[1:]
        return self.value(kind, topic if topic in self.ids else target.name)

    def id(self, kind: str) -> str:
        owner = kind if kind in self.ids and self.often(0.98) else self.random.choice(sorted(self.ids))
        return (
            self.random.choice(self.ids[owner]) if self.often(0.98) else self.random.choice(["", "stu_", "stu_9999999"])
        )

    def value(self, kind: Any, about: str, depth: int = 0) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type, about, depth)
        if depth and self.often(0.01):
            return "null"
        if isinstance(kind, GraphQLList):
            return (
                f"[{', '.join(self.value(kind.of_type, about, depth + 1) for _ in range(self.random.randint(0, 2)))}]"
            )
        if isinstance(kind, GraphQLEnumType):
            return str(self.random.choice(sorted(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self.input(kind, about, depth)
        return self.scalar(kind.name, about)

    def input(self, kind: GraphQLInputObjectType, about: str, depth: int) -> str:
        names = [name for name, each in kind.fields.items() if isinstance(each.type, GraphQLNonNull)]
        others = [name for name in kind.fields if name not in names]
        if depth > 3:
            others = [
                name
                for name in others
                if not isinstance(get_named_type(kind.fields[name].type), GraphQLInputObjectType)
            ]
        names += self.random.sample(others, min(len(others), self.random.choice([1, 1, 2])))
        parts = []
        for name in names:
            inner = kind.name.removesuffix("Where") if name == "id" else name[:1].upper() + name[1:]
            topic = inner if kind.name.endswith("Where") else about
            parts.append(f"{name}: {self.value(kind.fields[name].type, topic, depth + 1)}")
        return f"{{{', '.join(parts)}}}"

    def scalar(self, name: str, about: str) -> str:
        if name == "ID":
            value = self.id(about)
            return self.variable("ID!", value) if self.often(0.2) else f'"{value}"'
        if name == "Boolean":
            return self.random.choice(["true", "false"])
        if name == "Int":
            return str(self.random.randint(-1, 12))
        if name == "Date":
            return f'"{self.random.choice(DATES)}"' if self.often(0.99) else '"31.2."'
        if name == "DateTime":
            return '"2002-09-02T00:00:00Z"'
        return '"' + self.random.choice(NAMES).replace("\\", "\\\\") + '"'


def operations(schema: GraphQLSchema, ids: dict[str, list[str]], seed: int, cursors: list[str]) -> Any:
    """An endless sequence of operations; `cursors` may grow while they are run."""
    chance = random.Random(seed)
    while True:
        yield Writer(chance, schema, ids, cursors).write()
