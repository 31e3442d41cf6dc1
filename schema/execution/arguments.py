"""A field's arguments in each run of its operation.

graphql-core coerces them and Strawberry makes inputs of them, the first time that certain variables are absent or null;
later runs with the same choice put their values into what was made (`schema.execution.templates`).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from graphql import get_argument_values
from strawberry.types.arguments import StrawberryArgument, convert_argument

from schema.execution.plan import Call
from schema.execution.templates import argument_of


def arguments_of(call: Call, executor: Any) -> dict[str, Any]:
    """The arguments by Python name; raises what graphql-core does of a value that does not fit."""
    if not call.details.node.arguments:
        return {}
    values: Mapping[str, Any] = executor.variable_values.coerced
    templates = call.templates
    choice = templates.choice(values)
    template = templates.find(choice)
    if template is not None:
        return template.filled(values, partial(_input, executor.schema._strawberry_schema))
    made = _made(call, executor)
    templates.learn(choice, made, values)
    return made


def _made(call: Call, executor: Any) -> dict[str, Any]:
    given = get_argument_values(
        call.definition,
        call.details.node,
        executor.variable_values,
        call.details.fragment_variable_values,
        executor.hide_suggestions,
    )
    school = executor.schema._strawberry_schema
    found = ((name, argument_of(call.definition, name), value) for name, value in given.items())
    return {argument.python_name: _input(school, name, argument, value) for name, argument, value in found}


def _input(school: Any, name: str, argument: StrawberryArgument, value: Any) -> Any:
    registry = school.schema_converter.scalar_registry
    return convert_argument(value, argument.type, registry, school.config, path=(name,))
