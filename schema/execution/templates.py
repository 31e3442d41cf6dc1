"""Arguments that were made once, with holes where the values of variables stand.

Of a field with a filter of two conditions they take as long to make as some hundred rows to read. A template is good
for one choice of variables that are absent or null, and holds the value of none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from graphql import FieldNode, GraphQLField, ListValueNode, ObjectValueNode, ValueNode, VariableNode
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import get_object_definition

from resolvers.errors import spelled
from schema.execution.kept import Kept

# For how many choices of absent and null variables a field has a template at a time, and how many values its literals
# may have in all of them: an empty filter of two characters takes 300 bytes.
CHOICES, ROOM = 16, 64
# By attribute, or place in a list: the variable whose value stands there, or what is below.
Holes = dict[Any, Any]
Values = Mapping[str, Any]
Choice = tuple[bool | None, ...]


class _Changed(Exception):
    """A variable's value does not stand where the document has it."""


def argument_of(field: GraphQLField, name: str) -> StrawberryArgument:
    """An argument as Strawberry knows it."""
    found: StrawberryArgument = field.args[name].extensions["strawberry-definition"]
    return found


class Anew(NamedTuple):
    """An argument that is a variable whose value is made into something else, in each run anew."""

    variable: str
    argument: StrawberryArgument
    name: str


@dataclass(frozen=True)
class Template:
    """Arguments by Python name, the holes in them, and those that are made anew each time."""

    made: dict[str, Any]
    holes: Holes
    anew: tuple[Anew, ...]

    def filled(self, values: Values, make: Callable[[str, StrawberryArgument, Any], Any]) -> dict[str, Any]:
        """The arguments with these values; `make` makes one of its value."""
        filled: dict[str, Any] = _filled(self.made, self.holes, values)
        for variable, argument, name in self.anew:
            filled[argument.python_name] = make(name, argument, values[variable])
        return filled


class Templates(Kept[Choice, Template | None]):
    """Those of one field of a document, in whatever plans it stands; they go with the last of these.

    None stands for a choice whose arguments are made anew each time, since a variable deep in a literal was changed.
    """

    def __init__(self, field: GraphQLField, node: FieldNode) -> None:
        given = [value for each in node.arguments or () for value in _values(each.value)]
        super().__init__(max(1, min(CHOICES, ROOM // max(1, len(given)))))
        self.field = field
        self.node = node
        self.variables = tuple(sorted({each.name.value for each in given if isinstance(each, VariableNode)}))

    def choice(self, values: Values) -> Choice:
        """For each variable whether it is null; None where it is absent."""
        return tuple([values[name] is None if name in values else None for name in self.variables])

    def learn(self, choice: Choice, made: dict[str, Any], values: Values) -> None:
        """Of arguments that have just been made with these values."""
        if choice not in self:
            self.keep(choice, self._template(made, values))

    def _template(self, made: dict[str, Any], values: Values) -> Template | None:
        holes: Holes = {}
        anew = []
        for node in self.node.arguments or ():
            argument = argument_of(self.field, node.name.value)
            try:
                holes[argument.python_name] = _hole(node.value, made.get(argument.python_name), values)
            except _Changed:
                if not isinstance(node.value, VariableNode):
                    return None
                anew.append(Anew(node.value.name.value, argument, node.name.value))
        holes = {name: hole for name, hole in holes.items() if hole}
        # What somebody has asked for is not kept.
        others = {each.argument.python_name for each in anew}
        kept = {name: value for name, value in made.items() if name not in others}
        return Template(_filled(kept, holes, dict.fromkeys(self.variables)), holes, tuple(anew))


# By the addresses of what they hold, which nothing else has as long as they are there.
_all: "WeakValueDictionary[tuple[int, int], Templates]" = WeakValueDictionary()


def templates_of(field: GraphQLField, node: FieldNode) -> Templates:
    """The same for all plans of an operation: they differ in what is selected, and in no argument."""
    key = id(field), id(node)
    found = _all.get(key)
    if found is None:
        found = _all[key] = Templates(field, node)
    return found


def _values(node: ValueNode) -> Iterator[ValueNode]:
    """A value and all below it."""
    yield node
    if isinstance(node, ListValueNode | ObjectValueNode):
        for each in node.values if isinstance(node, ListValueNode) else [field.value for field in node.fields]:
            yield from _values(each)


def _filled(old: Any, holes: Holes, values: Values) -> Any:
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


def _hole(node: ValueNode, value: Any, values: Values) -> Any:
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
