"""Reports over HTTP: to whom the API gives the figures, and to nobody else."""

import asyncio
import datetime
import threading
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app import print_routes
from app.main import create_app
from app.printing.parts import Document
from app.printing.pdf import Advance
from app.printing.report import Printed
from app.printing.wanted import Format
from app.settings import Settings
from resolvers.client import Client
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from resolvers.viewer import Viewer
from tests.answers import NOW
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import gid
from tests.http.conftest import client_of
from tests.printing.reading import Reading, rows
from tests.reports.onlookers import SEEN, Onlookers, onlookers
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

# Everybody who is on the sheet of the class, whoever looks at it.
CLASS = tuple(HAND)


class Desk:
    """Whoever a token names, in the test's own transaction."""

    def __init__(self, connections: OneConnection, onlookers: Onlookers) -> None:
        self.connections = connections
        self.onlookers = onlookers
        self.contexts: list[Context] = []

    async def ping(self) -> None:
        return None

    async def viewer(self, token: str, address: str | None) -> Viewer:
        if token not in SEEN:
            raise Unauthenticated("The session or key does not exist or has ended: sign in again")
        return self.onlookers.viewer(token)

    def context(
        self, viewer: Viewer | None, *, request_id: str, timeout: float, client: Client | None = None
    ) -> Context:
        made = Context(self.connections, viewer, now=NOW, timeout=timeout, request_id=request_id)
        self.contexts.append(made)
        return made


@pytest.fixture
async def made(session: AsyncSession, school: School) -> WorkedSchool:
    return await worked_school(session, school)


@pytest.fixture
async def desk(connections: OneConnection, session: AsyncSession, school: School, made: WorkedSchool) -> Desk:
    return Desk(connections, await onlookers(session, school, made))


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(Settings(), desk)) as client:
        yield client


def address(made: WorkedSchool, kind: str, **more: str) -> tuple[str, dict[str, str]]:
    return f"/reports/{kind}", {"course": gid(made.course), "semester": gid(made.semester), **more}


def bearer(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {name}"}


def names(content: bytes) -> list[str]:
    return sorted({line[1].split()[0] for line in rows(content)[1:]})


@pytest.mark.parametrize("name", SEEN)
async def test_everybody_gets_the_students_that_they_see(
    client: httpx.AsyncClient, desk: Desk, made: WorkedSchool, name: str
) -> None:
    seen = sorted(set(SEEN[name]) & set(CLASS))
    for kind in ("card", "class"):
        path, parameters = address(made, kind, format="csv")
        answer = await client.get(path, params=parameters, headers=bearer(name))
        if name in ("colleague", "nobody"):
            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
            assert desk.contexts[-1].students == set()
        else:
            assert (answer.status_code, names(answer.content)) == (200, seen)
            assert desk.contexts[-1].students == {made.students[each].id for each in seen}
            assert desk.contexts[-1].purpose == {"card": "PrintedReportCards", "class": "PrintedClassOverview"}[kind]


@pytest.mark.parametrize("name", ["mother", "student", "parent"])
async def test_families_get_no_cards_of_others(client: httpx.AsyncClient, made: WorkedSchool, name: str) -> None:
    (own,) = SEEN[name]
    for each in CLASS:
        path, parameters = address(made, "card", student=gid(made.students[each]), format="csv")
        answer = await client.get(path, params=parameters, headers=bearer(name))
        assert answer.status_code == (200 if each == own else 404)


async def test_families_are_told_nothing_of_the_class_as_a_whole(client: httpx.AsyncClient, made: WorkedSchool) -> None:
    path, parameters = address(made, "class", format="html")
    found = {name: await client.get(path, params=parameters, headers=bearer(name)) for name in ("teacher", "mother")}
    texts = {name: Reading(answer.content).texts for name, answer in found.items()}
    assert ("By subject" in texts["teacher"], "By subject" in texts["mother"]) == (True, False)
    assert "This page shows 1 of the 6 students of the class." in texts["mother"]


@pytest.mark.parametrize(
    "headers", [{}, bearer("stranger"), {"authorization": "Basic x"}], ids=["none", "bad", "basic"]
)
async def test_nobody_else_gets_any(client: httpx.AsyncClient, made: WorkedSchool, headers: dict[str, str]) -> None:
    path, parameters = address(made, "card")
    answer = await client.get(path, params=parameters, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    ("format_", "media_type", "begin"),
    [("pdf", "application/pdf", b"%PDF-"), ("html", "text/html; charset=utf-8", b"<!doctype html>"),
     ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf")],
)  # fmt: skip
async def test_a_file_runs_and_loads_nothing(
    client: httpx.AsyncClient, made: WorkedSchool, format_: str, media_type: str, begin: bytes
) -> None:
    path, parameters = address(made, "class", format=format_)
    answer = await client.get(path, params=parameters, headers=bearer("admin"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(begin)
    assert answer.headers["content-disposition"] == f'inline; filename="class-overview-7-a-first-semester.{format_}"'
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_attendance_over_http(client: httpx.AsyncClient, made: WorkedSchool) -> None:
    days = {"from": "2025-06-01", "to": datetime.date(2025, 9, 30).isoformat()}
    parameters = {"course": gid(made.course), **days, "format": "csv"}
    answer = await client.get("/reports/attendance", params=parameters, headers=bearer("admin"))
    assert (answer.status_code, len(rows(answer.content))) == (200, 1)


@pytest.mark.parametrize(
    ("path", "parameters", "field"),
    [("card", {}, "course"), ("card", {"course": "crs_1"}, "semester"),
     ("card", {"course": "x", "semester": "y"}, "id"), ("class", {"student": "stu_1"}, "student"),
     ("card", {"course": "crs_1", "semester": "sem_1", "format": "doc"}, "format"),
     ("attendance", {"course": "crs_1", "from": "yesterday"}, "from"), ("attendance", {"course": "crs_1"}, "from"),
     ("card", {"course": "crs_1", "semester": "sem_1", "language": "xx"}, "language")],
    ids=["course", "semester", "id", "unknown", "format", "day", "no-day", "language"],
)  # fmt: skip
async def test_what_is_wrong_with_the_address_is_named(
    client: httpx.AsyncClient, path: str, parameters: dict[str, str], field: str
) -> None:
    answer = await client.get(f"/reports/{path}", params=parameters, headers=bearer("admin"))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (400, {"code": "BAD_USER_INPUT", "field": field})


class Printer:
    """Stands in for the one that writes: begins with each report, and goes on when it may."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.begun = asyncio.Event()
        self.may_go_on = threading.Event()
        self.sheets: list[int] = []

    def __call__(self, document: Document, format_: Format, advance: Advance, *, logo: bytes | None) -> Printed:
        self.loop.call_soon_threadsafe(self.begun.set)
        assert self.may_go_on.wait(20)
        for number in range(3):
            advance(1)
            self.sheets.append(number)
        return Printed(b"printed", "text/csv", "report.csv")


@pytest.fixture
async def printer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Printer]:
    printer = Printer()
    monkeypatch.setattr(print_routes, "write", printer)
    yield printer
    printer.may_go_on.set()


async def test_each_viewer_prints_one_at_a_time(
    client: httpx.AsyncClient, made: WorkedSchool, printer: Printer
) -> None:
    path, parameters = address(made, "class")
    first = asyncio.create_task(client.get(path, params=parameters, headers=bearer("admin")))
    await printer.begun.wait()
    again = await client.get("/reports/card", params=parameters, headers=bearer("admin"))
    assert (again.status_code, again.headers["retry-after"]) == (429, "15")
    assert again.json()["errors"][0]["message"] == "Another report of yours is running: wait for its end"
    printer.may_go_on.set()
    assert (await first).content == b"printed"
    assert (await client.get(path, params=parameters, headers=bearer("admin"))).status_code == 200


async def test_all_print_only_so_many(
    desk: Desk, made: WorkedSchool, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_routes, "MOST", 1)
    path, parameters = address(made, "class")
    async with client_of(create_app(Settings(), desk)) as client:
        first = asyncio.create_task(client.get(path, params=parameters, headers=bearer("admin")))
        await printer.begun.wait()
        second = await client.get(path, params=parameters, headers=bearer("teacher"))
        assert second.status_code == 429
        assert second.json()["errors"][0]["message"] == "As many reports are running as this server takes at once"
        printer.may_go_on.set()
        assert (await first).status_code == 200


async def test_an_abandoned_report_ends_at_its_next_sheet_and_keeps_its_place_until_then(
    client: httpx.AsyncClient, made: WorkedSchool, printer: Printer
) -> None:
    path, parameters = address(made, "class")
    first = asyncio.create_task(client.get(path, params=parameters, headers=bearer("admin")))
    await printer.begun.wait()
    first.cancel()
    await asyncio.wait([first])
    assert (await client.get(path, params=parameters, headers=bearer("admin"))).status_code == 429
    printer.may_go_on.set()
    # There is one printer: when the next one's is printed, the one before has ended.
    assert (await client.get(path, params=parameters, headers=bearer("teacher"))).status_code == 200
    assert printer.sheets == [0, 1, 2]
    assert (await client.get(path, params=parameters, headers=bearer("admin"))).status_code == 200


async def test_the_logo_is_fetched_when_the_connection_is_given_back(
    client: httpx.AsyncClient, desk: Desk, made: WorkedSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[Context] = []

    async def logo_for(document: Document, format_: Format, context: Context) -> None:
        assert context._connection is None
        assert context._closed
        fetched.append(context)

    monkeypatch.setattr(print_routes, "logo_for", logo_for)
    path, parameters = address(made, "class", format="csv")
    assert (await client.get(path, params=parameters, headers=bearer("admin"))).status_code == 200
    assert fetched == desk.contexts


async def test_reports_are_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/reports/card", headers=bearer("admin"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
