"""Plans of the selections of one operation, bounded (`schema.execution.kept`).

A plan depends on the field's nodes in the document and on the variables that `@skip` and `@include` read, and on
nothing else: what a viewer may see, and all values, are given to the statements when they run. They are kept with the
operation (`schema.execution.operation`), and go when its document is forgotten; a plan holds its node, so that no
other can come to stand at the same address.
"""

from collections.abc import Callable
from typing import Any

from graphql import FieldNode, GraphQLError, VariableNode, Visitor, visit
from graphql.execution.collect_fields import FieldDetails

from models import Base
from schema.execution.kept import Kept
from schema.execution.plan import NotPlanned

SIZE = 100


class _Conditions(Visitor):
    """Collects the variables that `@skip` and `@include` read."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: Any, *_: Any) -> None:
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


def conditions(executor: Any) -> tuple[str, ...]:
    """Names of the variables that decide what is selected, in the operation or any fragment."""
    found = _Conditions()
    visit(executor.operation, found)
    for fragment in executor.fragment_definitions.values():
        visit(fragment, found)
    return tuple(sorted(found.names))


class Plans:
    def __init__(self, size: int = SIZE) -> None:
        self._conditions: Kept[int, tuple[Any, tuple[str, ...]]] = Kept(size)
        self._plans: Kept[Any, tuple[list[FieldNode], Any]] = Kept(size)

    def __len__(self) -> int:
        return len(self._plans)

    def find(
        self, executor: Any, details: list[FieldDetails], build: Callable[[], Any], model: type[Base] | None = None
    ) -> Any:
        """The plan of a field, or None where it has none; `model` where its rows may be of several."""
        key = (tuple(id(each.node) for each in details), self._decided(executor), model)
        known = self._plans.find(key)
        if known is None:
            try:
                built = build()
            except (NotPlanned, GraphQLError):
                # Fields that cannot be collected, as below `@skip(if: null)`, are graphql-core's to complain of.
                built = None
            known = self._plans.keep(key, ([each.node for each in details], built))
        return known[1]

    def _decided(self, executor: Any) -> tuple[Any, ...]:
        operation = executor.operation
        known = self._conditions.find(id(operation))
        if known is None:
            known = self._conditions.keep(id(operation), (operation, conditions(executor)))
        values = executor.variable_values.coerced
        return tuple(values.get(name) for name in known[1])
