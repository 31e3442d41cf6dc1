"""A field's arguments in each run of its operation.

graphql-core coerces them and Strawberry makes inputs of them; for a filter of two conditions that takes as long as
reading some hundred rows. So it is done once for a field, and once more for each choice of variables that are absent or
null: of what came out, a `Template` remembers where the values of the others stand, and later runs put theirs into a
copy. An argument that is a variable whose value was changed on its way (an input, a list) is made anew each time; where
such a one stands deeper, all arguments are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import ListValueNode, ObjectValueNode, ValueNode, VariableNode, get_argument_values
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import get_object_definition

from resolvers.errors import spelled
from schema.execution.plan import Call

# By attribute, or place in a list: the variable whose value stands there, or what is below.
Holes = dict[Any, Any]


# Of how many choices of absent and null variables a field keeps templates.
KEPT = 16


class _Changed(Exception):
    """A variable's value does not stand where the document has it."""


@dataclass(frozen=True)
class Template:
    """Arguments by Python name, the holes in them, and the variables that are `anew` made into whole arguments."""

    made: dict[str, Any]
    holes: Holes
    anew: tuple[tuple[str, str, StrawberryArgument], ...]

    def filled(self, values: Mapping[str, Any], school: Any) -> dict[str, Any]:
        """The arguments with these values."""
        filled: dict[str, Any] = _filled(self.made, self.holes, values)
        for variable, name, argument in self.anew:
            filled[argument.python_name] = _input(school, name, argument, values[variable])
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
        name = node.name.value
        if values.get(name) is None:
            return {}
        if values[name] is not value:
            raise _Changed
        return name
    found = {place: _hole(each, made, values) for place, each, made in _parts(node, value)}
    return {place: hole for place, hole in found.items() if hole}


def _template(call: Call, made: dict[str, Any], values: Mapping[str, Any]) -> Template | None:
    """None where the arguments have to be made anew for each run."""
    holes: Holes = {}
    anew = []
    for node in call.details.node.arguments or ():
        argument = call.argument(node.name.value)
        try:
            holes[argument.python_name] = _hole(node.value, made.get(argument.python_name), values)
        except _Changed:
            if not isinstance(node.value, VariableNode):
                return None
            anew.append((node.value.name.value, node.name.value, argument))
    holes = {name: hole for name, hole in holes.items() if hole}
    # What somebody has asked for is not kept.
    kept = {name: value for name, value in made.items() if all(name != each.python_name for *_, each in anew)}
    return Template(_filled(kept, holes, dict.fromkeys(call.variables)), holes, tuple(anew))


def arguments_of(call: Call, executor: Any) -> dict[str, Any]:
    """The arguments by Python name; raises what graphql-core does of a value that does not fit."""
    if not call.details.node.arguments:
        return {}
    values: Mapping[str, Any] = executor.variable_values.coerced
    templates = call.templates
    choice = _choice(call.variables, values)
    template: Template | None = templates.get(choice)
    if template is not None:
        return template.filled(values, executor.schema._strawberry_schema)
    made = _made(call, executor)
    if choice not in templates and len(templates) < KEPT and not call.details.fragment_variable_values:
        templates[choice] = _template(call, made, values)
    return made


def _choice(names: Sequence[str], values: Mapping[str, Any]) -> tuple[bool | None, ...]:
    """For each variable whether it is null; None where it is absent."""
    return tuple([values[name] is None if name in values else None for name in names])


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
