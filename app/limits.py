"""How large an operation may be, measured on the document before anything else looks at it.

Depth, fields, aliases and root fields are counted with the fragments opened, so that a fragment used many times counts
many times; a fragment is still measured once only. Directives are counted where they are written. What stands below
`__schema` and `__type` has no depth: graphql-core has a rule of its own for introspection.
"""

from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

# The parser stops at 200 levels in one definition; fragments could add theirs and use up Python's stack.
MAX_LEVELS = 200


@dataclass(frozen=True)
class Limits:
    """The most that is accepted of each; the defaults stand in the settings."""

    characters: int
    tokens: int
    depth: int
    fields: int
    aliases: int
    root_fields: int
    mutations: int
    directives: int
    directives_per_place: int
    reported_errors: int


class Size(NamedTuple):
    """What a selection set amounts to; `width` are the fields directly in it."""

    depth: int = 0
    width: int = 0
    fields: int = 0
    aliases: int = 0


def check_size(document: DocumentNode, limits: Limits) -> None:
    """Raise a GraphQLError that names the first limit that the document passes."""
    _Measure(document, limits).check()


class _Measure:
    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.directives = 0
        self.fragments: dict[str, FragmentDefinitionNode] = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.measured: dict[str, Size] = {}
        self.open: set[str] = set()

    def check(self) -> None:
        for node in self.document.definitions:
            self._count_directives(node)
            if isinstance(node, FragmentDefinitionNode):
                self._fragment(node.name.value, 0)
            elif isinstance(node, OperationDefinitionNode):
                for variable in node.variable_definitions or ():
                    self._count_directives(variable)
                self._check_operation(node, self._size(node.selection_set, 0))

    def _check_operation(self, node: OperationDefinitionNode, size: Size) -> None:
        limits = self.limits
        roots = limits.mutations if node.operation is OperationType.MUTATION else limits.root_fields
        for what, found, most in (
            ("levels", size.depth, limits.depth),
            ("fields at its root", size.width, roots),
            ("aliases", size.aliases, limits.aliases),
            ("fields", size.fields, limits.fields),
        ):
            if found > most:
                raise GraphQLError(f"The operation has {_number(found)} {what}; at most {most} are allowed", node)

    def _count_directives(self, node: object) -> None:
        directives: tuple[DirectiveNode, ...] = getattr(node, "directives", None) or ()
        self.directives += len(directives)
        for what, found, most in (
            ("in one place", len(directives), self.limits.directives_per_place),
            ("in the document", self.directives, self.limits.directives),
        ):
            if found > most:
                message = f"There are {found} or more directives {what}; at most {most} are allowed"
                raise GraphQLError(message, directives[-1])

    def _size(self, selections: SelectionSetNode | None, level: int) -> Size:
        if selections is None:
            return Size()
        if level > MAX_LEVELS:
            raise GraphQLError(f"Selections are nested more than {MAX_LEVELS} levels deep", selections)
        depth = width = fields = aliases = 0
        for node in selections.selections:
            part = self._selection(node, level + 1)
            depth = max(depth, part.depth)
            width += part.width
            fields += part.fields
            aliases += part.aliases
        return Size(depth, width, fields, aliases)

    def _selection(self, node: SelectionNode, level: int) -> Size:
        self._count_directives(node)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, level)
        assert isinstance(node, FieldNode | InlineFragmentNode)
        inner = self._size(node.selection_set, level)
        if isinstance(node, InlineFragmentNode):
            return inner
        below = 0 if node.name.value.startswith("__") else inner.depth
        return Size(1 + below, 1, 1 + inner.fields, inner.aliases + (node.alias is not None))

    def _fragment(self, name: str, level: int) -> Size:
        fragment = self.fragments.get(name)
        # An unknown fragment and one inside itself are for the rules of the standard to report.
        if fragment is None or name in self.open:
            return Size()
        if name not in self.measured:
            self.open.add(name)
            self.measured[name] = self._size(fragment.selection_set, level)
            self.open.discard(name)
        return self.measured[name]


def _number(value: int) -> str:
    """Fragments in fragments can stand for more fields than there are digits to print."""
    return str(value) if value < 1_000_000 else "more than 1,000,000"
