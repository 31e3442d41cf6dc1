"""What a plan is made of. A plan is a tree; it holds no value of any request and no viewer.

What has been learnt by running it is kept with it: templates of arguments, and statements for viewers of some roles.

An `ObjectPlan` stands for the rows of one selection set: which columns they need, how they become dicts, and which
`Child` fields hang below. Positions are those of the plan's columns in a row, which come first in every statement but
those of rows as text (`TextForm`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from operator import contains
from typing import Any

from graphql import GraphQLField
from graphql.execution.collect_fields import FieldDetails
from strawberry.types.field import StrawberryField

from models import Base
from resolvers.texts import Spelled, Writing
from schema.execution.kept import KINDS, Kept
from schema.execution.templates import Templates, templates_of
from schema.reads import RelatedPages, ToMany, ToOne

_CURSORS = {"cursor", "startCursor", "endCursor"}
Dicts = list[dict[str, Any]]
# The rows of a level and, for each child, what gives its value for a parent's key → the rows as dicts.
Maker = Callable[..., Dicts]


class NotPlanned(Exception):
    """The plan cannot give the answer; graphql-core does, and reports what is wrong, if anything is."""


@dataclass(frozen=True)
class Leaf:
    """A value of the row itself: `expression` over `r`, the row, with `{name}` for a column's place in it.

    That of a sealed text calls `open_<name>`, which is the operation's own. `text` is the same as JSON that PostgreSQL
    writes (`resolvers.texts`); None where only Python can. `aliased`: `response` is not the name of the field.
    """

    response: str
    expression: str
    columns: tuple[str, ...]
    required: bool
    sealed: str | None = None
    aliased: bool = False
    text: tuple[str | Spelled, ...] | None = None


@dataclass(frozen=True)
class Call:
    """A field as the operation has it: its definition, its node, and whether it brings arguments."""

    definition: GraphQLField
    strawberry: StrawberryField
    details: FieldDetails

    @cached_property
    def templates(self) -> Templates:
        """What has been learnt of its arguments."""
        return templates_of(self.definition, self.details.node)


@dataclass(frozen=True)
class TextForm:
    """How rows are read as text: `writing` says of which pieces, the last of which are the keys of the children.

    `make` is called with all pieces, the width of a row and, for each child, what gives its JSON for a parent's key;
    `places` are those of the keys.
    """

    writing: Writing
    places: tuple[int, ...]
    make: Callable[..., list[str]]


@dataclass
class ObjectPlan:
    """Rows of `model` → dicts of the `leaves` and `children`, in the selection's order."""

    model: type[Base]
    leaves: tuple[Leaf, ...]
    children: tuple["Child", ...]
    names: tuple[str, ...]
    columns: tuple[str, ...] = ()
    make: Maker = field(default=lambda rows: [])
    make_bare: Maker = field(default=lambda rows: [])
    required: Callable[[Any], tuple[Any, ...]] | None = None
    # Where PostgreSQL can write all of it and of what hangs below it.
    form: TextForm | None = None
    # What is read with a record's or a page's own rows (`schema.execution.outlines`), and how often it is still run
    # without that.
    outlines: Kept[Any, Any] = field(default_factory=lambda: Kept(KINDS), compare=False, repr=False)
    pause: int = 0

    def check(self, rows: Sequence[Any]) -> None:
        """Raises NotPlanned where a value is missing that must be there."""
        if self.required and any(map(contains, map(self.required, rows), repeat(None))):
            raise NotPlanned("a value that must be there is missing")

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """The sealed texts that the leaves show."""
        return tuple(sorted({leaf.sealed for leaf in self.leaves if leaf.sealed}))

    @property
    def wanted(self) -> set[str]:
        """The columns that the leaves show and the children are found by."""
        shown = {column for leaf in self.leaves for column in leaf.columns}
        return shown | {child.key for child in self.children}


@dataclass
class PagePlan:
    """A connection: what is selected of it, each of its row selections with the same columns."""

    model: type[Base]
    parts: tuple[tuple[str, str, Any], ...]
    objects: tuple[ObjectPlan, ...]
    rows: bool
    columns: tuple[str, ...] = ()

    @cached_property
    def counted(self) -> bool:
        """Whether the length of the whole list is asked for."""
        return any(kind == "totalCount" for _, kind, _ in self.parts)

    @cached_property
    def listed(self) -> bool:
        """Whether the rows are asked for once, as nodes."""
        kinds = [kind for _, kind, _ in self.parts]
        return kinds.count("nodes") == 1 and "edges" not in kinds

    @cached_property
    def flat(self) -> bool:
        """Whether the rows are asked for once, as nodes, with nothing below them."""
        return self.listed and not self.objects[0].children

    @cached_property
    def form(self) -> TextForm | None:
        """How the rows are read as text, if they can be."""
        return self.objects[0].form if self.listed else None

    @cached_property
    def cursors(self) -> bool:
        """Whether a cursor of a row is asked for."""
        named = [name for _, kind, value in self.parts if kind in ("edges", "pageInfo") for _, name, _ in value]
        return not _CURSORS.isdisjoint(named)


@dataclass
class Child:
    """A relation of an object: `response` is its place in the dict, `position` that of its key in the row.

    `parents` is the model of rows whose key of the relation is worked out for all of them at once, by their `id`; where
    it is None the rows carry it, and so they do where they are text.
    """

    response: str
    reads: ToOne | ToMany | RelatedPages
    call: Call
    plan: Any
    required: bool
    parents: type[Base] | None = None
    position: int = 0
    # How its rows are read (`Levels.reading`).
    readings: Kept[Any, Any] = field(default_factory=lambda: Kept(KINDS), compare=False, repr=False)

    @property
    def key(self) -> str:
        """The column by which the relation is found, of rows that are no text."""
        return self.reads.batch.parent if self.parents is None else "id"
