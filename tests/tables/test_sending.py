"""A file on its way: part by part, broken off where it cannot be complete, and nothing left behind."""

import asyncio
import contextlib
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app import bound
from app.tables.gate import Gate
from app.tables.sending import BrokenOff
from app.tables.workbook import Workbook
from models import Role
from resolvers.context import Context
from resolvers.errors import RateLimited
from tests.http.conftest import fields_of, listening
from tests.tables.conftest import asking
from tests.tables.exporting import Asker, table_of
from tests.tables.wire import Wire
from tests.waiting import PATIENCE, until
from tests.worlds import Worlds

pytestmark = pytest.mark.any_database

NAMES = "query Roll { students { nodes { studentNumber } } }"
FEW = {"export_rows": {"ADMIN": 20}, "export_part_rows": 10}
BEARER = {"authorization": "Bearer admin"}


async def is_idle(worlds: Worlds) -> bool:
    """Whether every connection is back, its transaction ended."""
    return worlds.database.readers.taken == 0


@pytest.mark.parametrize("options", [{}, {"format": "ndjson"}], ids=["csv", "ndjson"])
async def test_each_part_is_sent_before_the_next_is_read(worlds: Worlds, asker: Asker, options: dict[str, str]) -> None:
    wire = Wire(NAMES, takes=2, **options)
    export = asyncio.create_task(wire.run(asker.app))
    await wire.full.wait()
    # What the school writes, and two of eight parts with the count of the whole.
    read = asker.statements
    wire.reads.set()
    await export

    assert read == (3 if options else 4)
    assert asker.statements == read + 6
    assert [piece.count(b"\n") for piece in wire.pieces[1:]] == [7] * 6 + [1]
    assert wire.complete
    assert wire.header["content-disposition"].startswith('attachment; filename="Roll 2025-11-20.')
    await until(lambda: is_idle(worlds))


@pytest.mark.parametrize("options", [{}, {"format": "ndjson"}], ids=["csv", "ndjson"])
async def test_a_client_who_goes_leaves_nothing_behind(worlds: Worlds, asker: Asker, options: dict[str, str]) -> None:
    wire = Wire(NAMES, takes=2, **options)
    export = asyncio.create_task(wire.run(asker.app))
    await wire.full.wait()
    assert not await is_idle(worlds)

    wire.gone.set()

    await export
    await until(lambda: is_idle(worlds))
    assert len(wire.pieces) == 2
    assert not wire.complete
    assert [(note.details["rows"], note.details["complete"]) for note in asker.door.connections.exports()] == [
        (14, False)
    ]
    assert (await asker.export(NAMES)).status_code == 200


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
async def test_a_client_who_goes_while_a_workbook_is_written_leaves_nothing_behind(
    worlds: Worlds, asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    begun, goes_on, add = threading.Event(), threading.Event(), Workbook.add

    def held(book: Workbook, value: object) -> None:
        begun.set()
        assert goes_on.wait(PATIENCE)
        add(book, value)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Workbook, "add", held)
    wire = Wire(NAMES, format="xlsx")
    export = asyncio.create_task(wire.run(asker.app))
    await asyncio.to_thread(begun.wait, PATIENCE)
    # From here on a client's going away is listened for.
    await asyncio.sleep(2 * bound.PATIENCE)
    wire.gone.set()
    await asyncio.sleep(0.01)
    if again:
        export.cancel()
        await asyncio.sleep(0.01)

    # A thread cannot be stopped: its files stay until it is done, and so does the place at the gate.
    assert not export.done()
    assert len(files_in(tmp_path)) == 1
    assert (await asker.export(NAMES)).status_code == 429

    goes_on.set()
    await asyncio.wait([export])
    assert export.cancelled() == again
    assert files_in(tmp_path) == []
    assert wire.sent == []
    await until(lambda: is_idle(worlds))
    assert (await asker.export(NAMES)).status_code == 200


async def rest(asker: Asker) -> str:
    """All but the first student: a list that is not counted before, since it does not begin at its beginning."""
    page = (await asker.graphql("{ students(first: 1) { pageInfo { endCursor } } }"))["data"]["students"]["pageInfo"]
    return f'query Roll {{ students(after: "{page["endCursor"]}") {{ nodes {{ studentNumber }} }} }}'


async def test_a_file_that_cannot_be_complete_does_not_look_so(
    caplog: pytest.LogCaptureFixture, worlds: Worlds
) -> None:
    caplog.set_level("INFO", "schoolgraph.operation")
    asker = asking(worlds, **FEW)
    wire = Wire(await rest(asker))

    with pytest.raises(BrokenOff, match="FORBIDDEN"):
        await wire.run(asker.app)

    assert (wire.status, len(wire.pieces), wire.complete) == (200, 2, False)
    line = [fields_of(record) for record in caplog.records if record.name == "schoolgraph.operation"][-1]
    assert (line["type"], line["rows"], line["complete"], line["codes"]) == ("export", 20, False, ("FORBIDDEN",))
    assert [note.details["complete"] for note in asker.door.connections.exports()] == [False]
    await until(lambda: is_idle(worlds))


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "FORBIDDEN"])
async def test_whose_session_or_role_is_gone_gets_no_further_part(worlds: Worlds, asker: Asker, code: str) -> None:
    wire = Wire(NAMES, takes=2)
    export = asyncio.create_task(wire.run(asker.app))
    await wire.full.wait()

    asker.door.viewers = {"admin": asker.door.viewers["teacher"]} if code == "FORBIDDEN" else {}
    wire.reads.set()

    with pytest.raises(BrokenOff, match=code):
        await export
    assert (len(wire.pieces), wire.complete) == (2, False)
    await until(lambda: is_idle(worlds))


async def test_over_http_it_is_an_error_of_the_transport(worlds: Worlds) -> None:
    asker = asking(worlds, **FEW)
    query = await rest(asker)
    async with (
        listening(asker.app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            await client.post("/export", json={"query": query}, headers=BEARER)
        allowed = query.replace("(", "(first: 20, ")
        whole = await client.post("/export", json={"query": allowed}, headers=BEARER)

    assert len(table_of(whole)) == 21
    assert "content-length" not in whole.headers


async def test_a_client_of_http_1_0_gets_a_whole_file_or_an_error(worlds: Worlds) -> None:
    asker = asking(worlds, **FEW)
    query = await rest(asker)
    broken, whole = Wire(query, version="1.0"), Wire(query.replace("(", "(first: 20, "), version="1.0")
    await broken.run(asker.app)
    await whole.run(asker.app)

    assert (broken.status, broken.complete) == (403, True)
    assert b"you may export 20 at once" in broken.pieces[0]
    assert (whole.status, whole.complete) == (200, True)
    assert int(whole.header["content-length"]) == sum(map(len, whole.pieces))


async def test_a_list_that_is_too_long_is_refused_before_it_is_read(worlds: Worlds) -> None:
    asker = asking(worlds, **FEW)
    message = "The list has 50 rows, and you may export 20 at once: filter it, or ask for part of it by `first`"
    assert await asker.refusal(NAMES) == (403, "FORBIDDEN", message)
    assert asker.statements == 3
    # Others have limits of their own, which the setting leaves as they are.
    assert len(await asker.table(NAMES, "registrar")) == 51
    assert len(await asker.table(NAMES.replace("students", "students(first: 20)"))) == 21


async def test_an_export_that_takes_too_long_is_stopped(worlds: Worlds) -> None:
    slow = Wire(NAMES, takes=1)
    with contextlib.suppress(BrokenOff):
        await slow.run(asking(worlds, export_seconds=0.3).app)

    # A slow machine may have used the time up before the first part was there.
    assert (slow.status, slow.complete) in {(200, False), (504, True)}
    await until(lambda: is_idle(worlds))
    assert (await asking(worlds).export(NAMES)).status_code == 200


async def test_a_statement_of_an_export_has_the_time_of_a_query(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = asking(worlds, read_seconds=7, export_seconds=900)
    await asker.table(NAMES)
    assert [context.timeout for context in asker.door.contexts] == [7]

    async def slow(context: Context, *_: object, bare: bool) -> None:
        raise TimeoutError

    monkeypatch.setattr(Context, "send", slow)
    message = "The operation was stopped after 7 seconds: ask for less at once"
    assert await asker.refusal(NAMES) == (504, "TIMEOUT", message)


async def test_each_viewer_exports_one_at_a_time_and_all_only_so_many(worlds: Worlds) -> None:
    asker = asking(worlds, exports=2)
    running = [Wire(NAMES, "admin", takes=1)]
    tasks = [asyncio.create_task(running[0].run(asker.app))]
    await running[0].full.wait()
    # Tokens are those of one user here, whatever the role.
    again = await asker.export(NAMES, "registrar")

    running[0].reads.set()
    await asyncio.gather(*tasks)

    assert (again.status_code, again.headers["retry-after"]) == (429, "15")
    assert again.json()["errors"][0]["message"] == "Another export of yours is running: wait for its end"
    assert (await asker.export(NAMES, "registrar")).status_code == 200


def test_the_gate_has_room_for_so_many(worlds: Worlds) -> None:
    gate = Gate(2)
    first, second, third = (worlds.viewer(Role.ADMIN, user_id=number) for number in (1, 2, 3))
    with gate.entered(first), gate.entered(second), pytest.raises(RateLimited, match="As many exports"):
        gate.entered(third).__enter__()
    with gate.entered(third):
        assert len(gate.inside) == 1
    assert not gate.inside


def test_a_school_has_a_part_of_the_gate(worlds: Worlds) -> None:
    """Several of its users together leave room for other schools, and two schools for a third one."""
    gate = Gate(4, "upload", each=1, shared=True)
    ours = [worlds.viewer(Role.ADMIN, user_id=number) for number in (1, 2, 3)]
    theirs, more = (replace(each, institution_id=each.institution_id + 1) for each in ours[:2])
    third = replace(ours[0], institution_id=ours[0].institution_id + 2)
    with gate.entered(ours[0]), gate.entered(ours[1]):
        with pytest.raises(RateLimited, match="As many uploads of your school are running"):
            gate.entered(ours[2]).__enter__()
        with gate.entered(theirs):
            with pytest.raises(RateLimited, match="of your school"):
                gate.entered(more).__enter__()
            with gate.entered(third):
                assert gate.inside.total() == 4
        # Whoever works in another school is still of the own one.
        with pytest.raises(RateLimited, match="of your school"):
            gate.entered(replace(ours[2], institution_id=9, home_institution_id=ours[0].institution_id)).__enter__()
    assert not gate.inside


@pytest.mark.parametrize(
    ("places", "had"), [(1, [1]), (2, [1, 1]), (3, [1, 1, 1]), (5, [2, 1, 1, 1]), (8, [4, 2, 1, 1])]
)
def test_schools_that_come_one_after_the_other_have_half_of_what_is_left(
    worlds: Worlds, places: int, had: list[int]
) -> None:
    gate = Gate(places, "upload", each=places, shared=True)
    user = worlds.viewer(Role.ADMIN)
    with contextlib.ExitStack() as running:
        for number, room in enumerate(had):
            school = replace(user, institution_id=user.institution_id + number)
            for _ in range(room):
                running.enter_context(gate.entered(school))
            with pytest.raises(RateLimited):
                gate.entered(school).__enter__()
        assert gate.inside.total() == places
