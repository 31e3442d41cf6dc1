"""Random values of arguments: right, wrong, foreign or refused; as literals or as variables."""

import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    parse_value,
    value_from_ast_untyped,
)

NAMES = ["Asha", "Ravi", "A", "10", "zzz", "%_\\", ""]
DATES = ["2002-09-02", "2002-01-01", "2002-12-31"]
# A variable that brings nothing: in its place stands its default, if it has one.
ABSENT = object()


def plain(literal: str) -> Any:
    """A literal as the value of a variable."""
    return value_from_ast_untyped(parse_value(literal))


@dataclass
class Values:
    """Writes values, and keeps the variables that they need: those of a first run and of a second."""

    random: random.Random
    schema: GraphQLSchema
    ids: dict[str, list[str]]
    cursors: list[str]
    definitions: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    again: dict[str, Any] = field(default_factory=dict)
    names: int = 0
    literal: bool = False

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def name(self, stem: str) -> str:
        self.names += 1
        return f"{stem}{self.names}"

    def variable(self, kind: str, first: Any, second: Any, default: str = "") -> str:
        """A variable with these values; seldom with one that does not fit its type."""
        name = self.name("v")
        self.definitions.append(f"${name}: {kind}{default and f' = {default}'}")
        for values, value in ((self.variables, first), (self.again, second)):
            if value is not ABSENT:
                values[name] = value if self.often(0.995) else self.random.choice([None, "wrong", -1, [], {"a": 1}])
        return f"${name}"

    def condition(self) -> str:
        """What `@skip` and `@include` read."""
        first, second = self.often(0.5), self.often(0.5)
        chance = self.random.random()
        if chance < 0.5:
            return str(first).lower()
        if chance < 0.9:
            return self.variable("Boolean!", first, second)
        return self.variable("Boolean", self.random.choice([first, ABSENT]), second, default="true")

    def argument(self, name: str, kind: Any, target: GraphQLNamedType, kinds: list[str]) -> str:
        """`kinds` are the types whose ids are wanted where they may be of any."""
        if self.literal or self.often(0.8):
            return self.spelled(name, kind, target, kinds)
        self.literal = True
        first, second, default = (self.spelled(name, kind, target, kinds) for _ in range(3))
        self.literal = False
        one, other = plain(first), plain(second)
        if isinstance(kind, GraphQLNonNull) or self.often(0.7):
            return self.variable(str(kind), one, other)
        one, other = (self.random.choice([value, None, ABSENT]) for value in (one, other))
        return self.variable(str(kind), one, other, default=self.random.choice(["", default]))

    def spelled(self, name: str, kind: Any, target: GraphQLNamedType, kinds: list[str]) -> str:
        if name in ("first", "last"):
            return str(self.random.choice([0, 1, 2, 3, 7, 25] if self.often(0.98) else [-1, 101]))
        if name in ("after", "before"):
            return f'"{self.random.choice(self.cursors)}"' if self.cursors and self.often(0.9) else '"garbage"'
        if name == "search":
            return f'"{self.random.choice(["a", "10", "ou", "stu-2 1"])}"'
        if isinstance(target, GraphQLInterfaceType):
            return self.value(kind, self.random.choice(kinds))
        topic = name[:1].upper() + name[1:]
        return self.value(kind, topic if topic in self.ids else target.name)

    def value(self, kind: Any, about: str, depth: int = 0) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type, about, depth)
        if depth and self.often(0.01):
            return "null"
        if isinstance(kind, GraphQLList):
            several = [self.value(kind.of_type, about, depth + 1) for _ in range(self.random.randint(0, 2))]
            # One value stands for the list of it.
            return several[0] if len(several) == 1 and self.often(0.1) else f"[{', '.join(several)}]"
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

    def id(self, kind: str) -> str:
        owner = kind if kind in self.ids and self.often(0.98) else self.random.choice(sorted(self.ids))
        known, wrong = self.ids[owner], ["", "stu_", "stu_9999999"]
        return self.random.choice(known if self.often(0.98) else wrong)

    def scalar(self, name: str, about: str) -> str:
        if name == "ID":
            first, second = self.id(about), self.id(about)
            alone = not self.literal and self.often(0.2)
            return self.variable("ID!", first, second) if alone else f'"{first}"'
        if name == "Boolean":
            return self.random.choice(["true", "false"])
        if name == "Int":
            return str(self.random.randint(-1, 12))
        if name == "Date":
            return f'"{self.random.choice(DATES)}"' if self.often(0.99) else '"31.2."'
        if name == "DateTime":
            return '"2002-09-02T00:00:00Z"'
        return '"' + self.random.choice(NAMES).replace("\\", "\\\\") + '"'
