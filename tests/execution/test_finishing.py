"""The last of a list as text: escapes, quotation marks and nulls, for whatever the values may be."""

import random
import sys

import orjson
import pytest

from resolvers.pieces import NULL, QUOTE
from schema.execution.texts import finished

# What stands for something else is never in a value: such rows are read once more, as rows.
SIGNS = [chr(code) for code in range(4, 128)]
OTHERS = ["é", "ក", "☃", "😀", "\u2028", "\x7f", "\x80", "null", '"null"', chr(sys.maxunicode)]


def written(values: list[str | None]) -> str:
    """As PostgreSQL writes them."""
    return f"[{','.join(QUOTE + (NULL if value is None else value) + QUOTE for value in values)}]"


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None],
        [None, None],
        [None, "a", None],
        ["", None, ""],
        ["null", None, '"'],
        ["\\", None, '\\"', None, "\n"],
        ["é", None, "☃", None],
    ],
)
def test_what_is_finished_is_json(values: list[str | None]) -> None:
    assert orjson.loads(finished(written(values))) == values


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_values_are(seed: int) -> None:
    generator = random.Random(seed)
    characters = SIGNS if seed % 2 else SIGNS + OTHERS
    values = [
        None if generator.random() < 0.3 else "".join(generator.choices(characters, k=generator.randrange(6)))
        for _ in range(generator.randrange(200))
    ]
    found = finished(written(values))
    assert orjson.loads(found) == values
    assert found == orjson.dumps(values)
