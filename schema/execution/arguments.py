"""A field's arguments in each run of its operation.

graphql-core coerces them and Strawberry makes inputs of them; for a filter of two conditions that takes as long as
reading some hundred rows. So it is done once for a field: of what came out, a `Template` remembers where the values of
variables stand, and later runs put theirs into a copy. A variable that is absent or null, or whose value was changed on
its way (an input, a list), leaves a run to graphql-core as the first was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ArgumentNode, ListValueNode, ObjectValueNode, ValueNode, VariableNode, get_argument_values
from graphql.execution.values import VariableValues
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import get_object_definition

from resolvers.errors import spelled
from schema.execution.plan import Call

# By attribute, or place in a list: the variable whose value stands there, or what is below.
Holes = dict[Any, Any]


class _Changed(Exception):
    """A variable's value does not stand where the document has it."""


@dataclass(frozen=True)
class Template:
    """Arguments by Python name, and the holes in them."""

    made: dict[str, Any]
    holes: Holes
    variables: tuple[str, ...]

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The arguments with these values; None where one of them is absent or null."""
        if any(values.get(name) is None for name in self.variables):
            return None
        filled: dict[str, Any] = _filled(self.made, self.holes, values)
        return filled


def _filled(old: Any, holes: Holes, values: Mapping[str, Any]) -> Any:
    if isinstance(old, dict | list):
        new = places = old.copy()
    else:
        new = object.__new__(type(old))
        places = new.__dict__
        places.update(old.__dict__)
    for place, hole in holes.items():
        places[place] = values[hole] if isinstance(hole, str) else _filled(places[place], hole, values)
    return new


def _python_names(value: Any) -> dict[str, str]:
    definition = get_object_definition(type(value))
    if definition is None:
        raise _Changed
    return {field.graphql_name or spelled(field.python_name): field.python_name for field in definition.fields}


def _parts(node: ValueNode, value: Any) -> list[tuple[Any, ValueNode, Any]]:
    """What stands below a value: its place, its node, and what was made of it."""
    if isinstance(node, ListValueNode):
        if not isinstance(value, list) or len(value) != len(node.values):
            raise _Changed
        return [(place, each, value[place]) for place, each in enumerate(node.values)]
    if isinstance(value, list):
        # Where a list is expected, one value stands for the list of it.
        return [(0, node, value[0])]
    if not isinstance(node, ObjectValueNode):
        return []
    names = _python_names(value)
    return [(place := names[each.name.value], each.value, getattr(value, place)) for each in node.fields]


def _hole(node: ValueNode, value: Any, values: Mapping[str, Any]) -> Any:
    """The variable that a node is, or the holes below it; nothing where it is the same in each run."""
    if isinstance(node, VariableNode):
        if value is None or values.get(node.name.value) is not value:
            raise _Changed
        return node.name.value
    found = {place: _hole(each, made, values) for place, each, made in _parts(node, value)}
    return {place: hole for place, hole in found.items() if hole}


def _variables(holes: Holes) -> set[str]:
    found = (({hole} if isinstance(hole, str) else _variables(hole)) for hole in holes.values())
    return set().union(*found)


def _template(call: Call, made: dict[str, Any], values: Mapping[str, Any]) -> Template | None:
    """None where the arguments have to be made anew for each run."""
    if call.details.fragment_variable_values:
        return None
    arguments: tuple[ArgumentNode, ...] = tuple(call.details.node.arguments or ())
    names = {each.name.value: call.argument(each.name.value).python_name for each in arguments}
    try:
        holes = {name: _hole(each.value, made[name], values) for each in arguments for name in [names[each.name.value]]}
    except (_Changed, KeyError):
        return None
    holes = {name: hole for name, hole in holes.items() if hole}
    variables = tuple(sorted(_variables(holes)))
    # What somebody has asked for is not kept.
    return Template(_filled(made, holes, dict.fromkeys(variables)), holes, variables)


def arguments_of(call: Call, executor: Any) -> dict[str, Any]:
    """The arguments by Python name; raises what graphql-core does of a value that does not fit."""
    if not call.details.node.arguments:
        return {}
    values: VariableValues = executor.variable_values
    template: Template | None = call.templates[0] if call.templates else None
    filled = template.filled(values.coerced) if template else None
    if filled is not None:
        return filled
    made: dict[str, Any] = _made(call, executor)
    if not call.templates:
        call.templates.append(_template(call, made, values.coerced))
    return made.copy()


def _made(call: Call, executor: Any) -> dict[str, Any]:
    given = get_argument_values(
        call.definition,
        call.details.node,
        executor.variable_values,
        call.details.fragment_variable_values,
        executor.hide_suggestions,
    )
    school = executor.schema._strawberry_schema
    found = ((name, call.argument(name), value) for name, value in given.items())
    return {argument.python_name: _input(school, name, argument, value) for name, argument, value in found}


def _input(school: Any, name: str, argument: StrawberryArgument, value: Any) -> Any:
    registry = school.schema_converter.scalar_registry
    return convert_argument(value, argument.type, registry, school.config, path=(name,))
