"""What an operation selects that its viewer may not see: `extensions.redactions`, a path and a reason each.

A hidden value is null, as one that is missing; this tells them apart. It follows from the operation, from the
variables that `@skip` and `@include` read and from the viewer's roles alone, never from rows, so that it says nothing
about what exists. In a path `*` stands for every place of a list: `students.nodes.*.caste`.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import collect_fields

from models import Base, Role
from resolvers.access import audiences
from resolvers.access.rules import RULES
from resolvers.policy import POLICY, reason, shown_as
from schema.reads import READS, Column, Lookup, Pages, RelatedPages, Singleton, ToMany, ToOne, is_own

Redaction = Mapping[str, str]
_BY_NAME = {model.__name__: model for model in RULES}
# A null that @skip or @include reads is an error of its field, and nothing is told of what is beside it or below it.
# What was found further up stays, although the error may make that null too: it follows from the operation alone.
_REFUSED = contextlib.suppress(GraphQLError)


@lru_cache(maxsize=1024)
def hides(roles: frozenset[Role]) -> bool:
    """Whether anything at all is hidden from somebody with these roles."""
    return any(shown_as(model, name, roles) is not None for model, name in POLICY)


def redactions(executor: Any, roles: frozenset[Role], *, away: bool = False) -> tuple[Redaction, ...]:
    """Of the operation of `executor`, which is graphql-core's and collects its fields.

    `away` where the viewer's own account is of another institution, in which no role counts.
    """
    walk = _Walk(executor, roles, away)
    with _REFUSED:
        walk.all()
    return tuple({"path": path, "reason": why} for path, why in walk.found.items())


def _entity(reads: Any, kind: Any) -> type[Base] | None:
    """The model whose rows a field leads to."""
    if isinstance(reads, Lookup | Pages):
        return reads.model
    if isinstance(reads, ToOne | ToMany | RelatedPages | Singleton):
        return reads.batch.model
    return _BY_NAME.get(kind.name)


class _Walk:
    """Goes through a selection; `found` are reasons by path."""

    def __init__(self, executor: Any, roles: frozenset[Role], away: bool) -> None:
        self.executor = executor
        self.roles = roles
        self.away = away
        self.found: dict[str, str] = {}

    def all(self) -> None:
        executor = self.executor
        root = executor.schema.get_root_type(executor.operation.operation)
        fields = collect_fields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            root,
            executor.operation,
            hide_suggestions=True,
        )
        self.fields(root, fields.grouped_field_set, ())

    def fields(self, kind: GraphQLObjectType, grouped: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for response, details in grouped.items():
            definition = kind.fields.get(details[0].node.name.value)
            if definition is None:
                continue
            if self.away and is_own(definition):
                with self.at_home():
                    self.field(kind, definition, details, (*path, response))
            else:
                self.field(kind, definition, details, (*path, response))

    @contextlib.contextmanager
    def at_home(self) -> Iterator[None]:
        roles, self.roles, self.away = self.roles, frozenset(), False
        yield
        self.roles, self.away = roles, True

    def field(self, kind: GraphQLObjectType, definition: Any, details: Any, path: tuple[str, ...]) -> None:
        ours = definition.extensions.get("strawberry-definition")
        reads = ours.metadata.get(READS) if ours else None
        target = get_named_type(definition.type)
        if isinstance(reads, Column):
            self.column(_BY_NAME[kind.name], reads.name, path)
            return
        model = _entity(reads, target)
        if model is not None and not audiences(model, self.roles):
            self.found[".".join(path)] = reason(model)
            return
        self.below(definition.type, details, path)

    def column(self, model: type[Base], name: str, path: tuple[str, ...]) -> None:
        shown = shown_as(model, name, self.roles)
        if shown is not None:
            self.found[".".join(path)] = reason(model, name, shown)

    def below(self, kind: Any, details: Any, path: tuple[str, ...]) -> None:
        while isinstance(kind, GraphQLNonNull | GraphQLList):
            path = (*path, "*") if isinstance(kind, GraphQLList) else path
            kind = kind.of_type
        for each in self.possible(kind):
            with _REFUSED:
                self.fields(each, self.executor.collect_subfields(each, details).grouped_field_set, path)

    def possible(self, kind: Any) -> Iterable[GraphQLObjectType]:
        if is_abstract_type(kind):
            found: Iterable[GraphQLObjectType] = self.executor.schema.get_possible_types(kind)
            return found
        return [kind] if isinstance(kind, GraphQLObjectType) else []
