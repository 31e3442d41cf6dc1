"""Students who were read and then taken back, with the transaction that added them or by an undo, hold up no note."""

from typing import Any

import pytest

from tests.answers import ENGINE, operation
from tests.people.importing import ANJU, RAVI, table
from tests.trail.conftest import Watched
from tests.uploads import upload_of

IMPORT = """mutation Import($input: ImportStudentsInput!) {
    importStudents(input: $input) { operation results { student { id fullName } } errors { message } } }"""
UNDO = "mutation Undo($input: UndoInput!) { undo(input: $input) { removed errors { message } } }"


@pytest.fixture
def slow(watched: Watched) -> Watched:
    """Nothing is written before `close`."""
    watched.database.flusher.seconds = 60
    return watched


async def sent(watched: Watched, document: str, name: str, **given: Any) -> dict[str, Any]:
    async with watched.database.context(watched.viewer, request_id="r-1", timeout=10) as context:
        result = await ENGINE.execute(operation(document), {"input": given}, context)
        assert not result.errors
        assert result.data is not None
        payload: dict[str, Any] = result.data[name]
    assert payload["errors"] == []
    return payload


async def test_a_dry_run_that_shows_its_students_is_nobodys_reading(slow: Watched) -> None:
    payload = await sent(slow, IMPORT, "importStudents", file=upload_of(table(ANJU, RAVI)), dryRun=True)
    assert [each["student"]["fullName"] for each in payload["results"]] == ["Anju Menon", "Ravi Rao"]
    await slow.read()
    await slow.database.flusher.close()

    assert await slow.rows() == [slow.row()]
    assert (slow.database.flusher.failures, slow.database.flusher.waiting) == (0, 0)


async def test_an_import_that_is_taken_back_at_once_is_nobodys_reading(slow: Watched) -> None:
    payload = await sent(slow, IMPORT, "importStudents", file=upload_of(table(ANJU, RAVI)))
    assert (await sent(slow, UNDO, "undo", operation=payload["operation"]))["removed"] == 2
    await slow.read()
    await slow.database.flusher.close()

    assert await slow.rows() == [slow.row()]
    assert (slow.database.flusher.failures, slow.database.flusher.waiting) == (0, 0)
