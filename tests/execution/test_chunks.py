"""Long flat lists, read and encoded in chunks: the same text as whole."""

import asyncio

import orjson
import pytest

from models import Role, Student
from resolvers.batches import Shape
from resolvers.context import Context
from resolvers.ordering import Order
from resolvers.paging import page_statement
from schema.execution import chunks
from schema.execution.chunks import Encoded, encode
from tests.answers import NOW
from tests.execution.compare import answer
from tests.execution.generator import Operation
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

QUERY = "query ($first: Int!) {{ students(first: $first{more}) {{ {parts} }} }}"
PARTS = {
    "rows": "nodes { id fullName dateOfBirth status version }",
    "whether there are more": "pageInfo { hasNextPage hasPreviousPage } nodes { studentNumber }",
    "counted": "totalCount __typename all: nodes { id createdAt }",
}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "LONG", 1)
    monkeypatch.setattr(chunks, "CHUNK", 3)


@pytest.mark.parametrize("more", ["", ', where: { lastName: { eq: "Nobody" } }'], ids=["all", "none"])
@pytest.mark.parametrize("first", [2, 3, 4, 6, 7, 100])
@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS.keys())
async def test_chunks_make_the_same_text(worlds: Worlds, parts: str, first: int, more: str) -> None:
    operation = Operation(QUERY.format(parts=parts, more=more), {"first": first})

    chunked, context = await answer(worlds, operation, planning=True)
    whole, _ = await answer(worlds, operation, planning=False)

    assert chunked == whole
    assert (context.planned, context.planning) == (1, True)


async def test_what_hangs_below_or_needs_cursors_is_read_whole(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(context: Context, *_: object, **__: object) -> None:
        raise AssertionError("a list was read in chunks")

    monkeypatch.setattr(Context, "stream", refuse)
    for parts in ("nodes { schoolYear { code } }", "edges { node { id } }", "nodes { id } pageInfo { endCursor }"):
        _, context = await answer(worlds, Operation(QUERY.format(parts=parts, more=""), {"first": 50}), planning=True)

        assert (context.planned, context.planning) == (1, True)


async def test_an_operation_that_stops_half_way_gives_its_connection_back(worlds: Worlds) -> None:
    context = Context(worlds.database, worlds.viewer(Role.ADMIN), now=NOW)
    statement = page_statement(Student, Shape(("id",), frozenset({Role.ADMIN}), order=(Order("id"),)))
    stream = context.stream(statement, 2, first=10)
    assert len(await anext(stream)) == 2
    await stream.aclose()
    await context.close()
    await asyncio.gather(*worlds.database.readers.tasks)

    assert worlds.database.readers.taken == 0


def test_texts_in_the_answer_cannot_be_taken_for_a_mark() -> None:
    encoded = Encoded()
    encoded.add([{"a": "\0"}])
    encoded.add([{"b": 1}])
    encoded.close()

    text = b"".join(encode({"x": "\0", "list": encoded, "y": [1]}))

    assert orjson.loads(text) == {"x": "\0", "list": [{"a": "\0"}, {"b": 1}], "y": [1]}


def test_what_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        encode({"x": object()})
