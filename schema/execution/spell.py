"""How a level's rows are read as text: written for the selection once, as `emit` writes what makes dicts.

For `{ id fullName guardians { … } }` PostgreSQL joins the key and the name with what stands between them, and

    lambda pieces, width, g0: [
        f'{{\\x01id\\x01:\\x01stu_{t0}\\x01,\\x01guardians\\x01:{v0}}}'
        for t0, v0 in zip(pieces[0::width], map(g0, pieces[1::width]))
    ]

puts the children's texts beside that. What stands before the first value and after the last need not be read.
"""

from collections.abc import Callable, Iterator
from functools import partial

from models import Base
from resolvers.pieces import QUOTE
from resolvers.texts import Spelled, Text, Writing, is_number
from schema.execution.plan import Child, Leaf, ObjectPlan, TextForm

Part = str | Spelled | Child
# What is put together for each row: literals, texts and children.
Piece = str | Text | Child


def text_form(plan: ObjectPlan) -> TextForm | None:
    """None where Python has to spell a value of the rows or of rows below them, and where there is nothing to read."""
    if any(leaf.text is None for leaf in plan.leaves) or not all(map(partial(_spelled, plan.model), plan.children)):
        return None
    pieces = [piece for run in _runs(plan) for piece in _joined(run)]
    texts = tuple(piece for piece in pieces if isinstance(piece, Text))
    if not (texts or plan.children):
        return None
    keys = tuple(sorted({child.reads.batch.parent for child in plan.children}))
    places = tuple(len(texts) + keys.index(child.reads.batch.parent) for child in plan.children)
    return TextForm(Writing(texts, keys), places, _maker(pieces, places))


def _runs(plan: ObjectPlan) -> Iterator[list[Part]]:
    """The object as JSON has it, in the order of the selection: children, and what may be one text between them.

    An alias ends a text, since what a client calls a field stands at no other place than a text's beginning, which
    Python puts there: statements do not depend on it.
    """
    values: dict[str, Leaf | Child] = {leaf.response: leaf for leaf in plan.leaves}
    values |= {child.response: child for child in plan.children}
    run: list[Part] = []
    for number, name in enumerate(plan.names):
        value = values[name]
        if isinstance(value, Leaf) and value.aliased:
            yield run
            run = []
        run.append(f"{',' if number else '{'}{QUOTE}{name}{QUOTE}:")
        if isinstance(value, Leaf):
            run += value.text or ()
        else:
            yield run
            yield [value]
            run = []
    yield [*run, "}"]


def _spelled(model: type[Base], child: Child) -> bool:
    """Whether all of a child of rows of `model` comes as text, and is found by keys that are numbers."""
    batch = child.reads.batch
    whole = isinstance(child.plan, ObjectPlan) and child.plan.form is not None
    return whole and is_number(model, batch.parent) and is_number(batch.model, batch.key)


def _joined(run: list[Part]) -> list[Piece]:
    """A child; or values as one text, with the literals before and after them."""
    if run and isinstance(run[0], Child):
        return [run[0]]
    parts: list[str | Spelled] = []
    for part in run:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif not isinstance(part, Child):
            parts.append(part)
    values = [place for place, part in enumerate(parts) if isinstance(part, Spelled)]
    if not values:
        return [*map(str, parts)]
    first, last = values[0], values[-1] + 1
    return [*map(str, parts[:first]), Text(tuple(parts[first:last])), *map(str, parts[last:])]


def _maker(pieces: list[Piece], places: tuple[int, ...]) -> Callable[..., list[str]]:
    texts = children = 0
    body = ""
    for piece in pieces:
        if isinstance(piece, str):
            body += piece.replace("{", "{{").replace("}", "}}")
        elif isinstance(piece, Text):
            body += f"{{t{texts}}}"
            texts += 1
        else:
            body += f"{{v{children}}}"
            children += 1
    names = [*(f"t{n}" for n in range(texts)), *(f"v{n}" for n in range(children))]
    columns = [*(f"pieces[{n}::width]" for n in range(texts))]
    columns += [f"map(g{n}, pieces[{place}::width])" for n, place in enumerate(places)]
    found = "".join(f", g{n}" for n in range(children))
    source = f"lambda pieces, width{found}: [f{body!r} for {', '.join(names)}, in zip({', '.join(columns)})]"
    made: Callable[..., list[str]] = eval(source, {})
    return made
