"""Logs: one line an operation, in JSON, and nothing in them that a client sent for the school's eyes."""

import asyncio
import io
import json
import logging
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from app import logs, request_ids
from app.logs import JsonLines, Together, tell
from tests.http.conftest import Api, limited
from tests.http.sample import SECRET

TOKEN = "sgs_1_not-to-be-seen-in-any-log"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What the process logs; the tests' own client logs the URLs that it asks for, and is left out."""
    monkeypatch.setattr(logging.getLogger("httpx"), "disabled", True)
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(JsonLines())
    caplog.set_level(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def lines(stream: io.StringIO, logger: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in found if line["logger"] == f"schoolgraph.{logger}"]


async def test_one_line_an_operation(api: Api, logged: io.StringIO) -> None:
    query = "query Hello($text: String!) { echo(text: $text) }"
    response = await api.post(query, variables={"text": "x" * 100}, headers={"x-request-id": "r-7"})

    (line,) = lines(logged, "operation")
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "schoolgraph.operation",
        "message": "operation",
        "request_id": "r-7",
        "operation": "Hello",
        "type": "query",
        "status": 200,
        "statements": 0,
        "bytes": len(response.content),
    }


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("{ nothing }", ["GRAPHQL_VALIDATION_FAILED"]),
        ('{ fault problem(code: "CONFLICT") }', ["CONFLICT", "INTERNAL_SERVER_ERROR"]),
    ],
)
async def test_a_line_names_the_codes_of_errors(api: Api, logged: io.StringIO, query: str, codes: list[str]) -> None:
    await api.post(query)

    assert lines(logged, "operation")[0]["codes"] == codes


async def test_a_slow_operation_says_so(logged: io.StringIO) -> None:
    async with limited(slow_seconds=1e-9) as api:
        await api.post("{ __typename }")

    (line,) = lines(logged, "operation")
    assert (line["slow"], line["level"]) == (True, "WARNING")


async def test_neither_variables_nor_tokens_nor_documents_are_logged(api: Api, logged: io.StringIO) -> None:
    query = 'query Q($text: String!) { echo(text: $text) fault a: echo(text: "kept private") }'
    headers = {"authorization": f"Bearer {TOKEN}"}
    await api.post(query, variables={"text": "also private"})
    await api.post(query, variables={"text": "also private"}, headers=headers)
    await api.post(query, variables={"text": ["also private"]})
    await api.get(query=query, variables='{"text": "also private"}')

    written = logged.getvalue()
    assert len(lines(logged, "operation")) == 4
    for private in ("kept private", "also private", TOKEN, "not-to-be-seen", "echo"):
        assert private not in written


async def test_a_fault_is_logged_with_its_frames(api: Api, logged: io.StringIO) -> None:
    response = await api.post("{ person { fault } }", headers={"x-request-id": "r-8"})

    (line,) = lines(logged, "fault")
    assert line["request_id"] == "r-8"
    assert line["id"] == response.json()["errors"][0]["extensions"]["id"]
    assert line["path"] == ["person", "fault"]
    assert line["exception"][0].startswith("builtins.LookupError: ")
    assert any("sample.py" in frame and frame.endswith(" fault") for frame in line["exception"])


def test_of_an_exceptions_message_only_the_first_line_is_kept() -> None:
    def fail() -> None:
        try:
            raise ValueError(f"duplicate key\nDETAIL: {SECRET}")
        except ValueError as error:
            raise ExceptionGroup(f"two\n{SECRET}", [error, KeyError("k")]) from error

    with pytest.raises(ExceptionGroup) as caught:
        fail()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (caught.type, caught.value, caught.tb))

    written = JsonLines().format(record)
    assert "duplicate key" in written
    assert "KeyError" in written
    assert SECRET not in written


class Counting(io.StringIO):
    """Counts how often it is written to."""

    written = 0

    def write(self, text: str) -> int:
        self.written += 1
        return super().write(text)


class Only(list[logging.Handler]):
    """Takes no other handler, such as pytest adds for each test."""

    def append(self, handler: logging.Handler) -> None:
        pass


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> tuple[logging.Logger, Counting]:
    """A logger, and where its lines go, by the server's own handler alone."""
    handler = Together(stream := Counting())
    handler.setFormatter(JsonLines())
    monkeypatch.setattr(logging.root, "handlers", Only([handler]))
    monkeypatch.setattr(logging.root, "level", logging.INFO)
    return logging.getLogger("schoolgraph.of_this_test"), stream


def messages(stream: io.StringIO) -> list[str]:
    return [json.loads(line)["message"] for line in stream.getvalue().splitlines()]


async def test_lines_of_a_moment_are_written_together(log: tuple[logging.Logger, Counting]) -> None:
    logger, stream = log
    for number in range(5):
        tell(logger, logging.INFO, f"line {number}", {})
    assert stream.getvalue() == ""

    await asyncio.sleep(2 * logs.SECONDS_KEPT)
    assert (messages(stream), stream.written) == ([f"line {number}" for number in range(5)], 1)
    tell(logger, logging.INFO, "later", {})
    await asyncio.sleep(2 * logs.SECONDS_KEPT)
    assert (messages(stream)[5:], stream.written) == (["later"], 2)


async def test_warnings_and_all_other_lines_are_written_at_once(log: tuple[logging.Logger, Counting]) -> None:
    """After what was before them: so a process that ends has written what it did until it says so."""
    logger, stream = log
    tell(logger, logging.INFO, "before", {})
    tell(logger, logging.WARNING, "slow", {})
    assert messages(stream) == ["before", "slow"]
    tell(logger, logging.INFO, "again", {})
    logger.info("ended")
    assert messages(stream) == ["before", "slow", "again", "ended"]


def test_without_a_loop_each_line_is_written_at_once(log: tuple[logging.Logger, Counting]) -> None:
    logger, stream = log
    tell(logger, logging.INFO, "one", {})
    assert messages(stream) == ["one"]
    logger.info("two")
    assert messages(stream) == ["one", "two"]


def test_what_a_loop_has_left_behind_is_written_by_the_next(log: tuple[logging.Logger, Counting]) -> None:
    logger, stream = log

    async def logs_once(message: str, *, waits: bool) -> None:
        tell(logger, logging.INFO, message, {})
        if waits:
            await asyncio.sleep(2 * logs.SECONDS_KEPT)

    asyncio.run(logs_once("left", waits=False))
    assert stream.getvalue() == ""
    asyncio.run(logs_once("next", waits=True))
    assert messages(stream) == ["left", "next"]


def test_threads_write_at_once(log: tuple[logging.Logger, Counting]) -> None:
    """They have no loop; what the loop's thread has logged before comes before."""
    logger, stream = log

    async def both() -> None:
        tell(logger, logging.INFO, "loop", {})
        await asyncio.to_thread(logger.info, "thread")
        assert messages(stream) == ["loop", "thread"]

    asyncio.run(both())


def test_a_line_that_cannot_be_made_fails_nobody(
    log: tuple[logging.Logger, Counting], capsys: pytest.CaptureFixture[str]
) -> None:
    log[0].info("%d", "no number")
    assert "%d format" in capsys.readouterr().err
    tell(log[0], logging.INFO, "operation", {"bytes": 2**70})
    assert "Integer exceeds" in capsys.readouterr().err


async def test_what_waits_is_written_when_the_program_ends(log: tuple[logging.Logger, Counting]) -> None:
    logger, stream = log
    tell(logger, logging.INFO, "last", {})
    logging.shutdown([weakref.ref(logging.root.handlers[0])])
    assert messages(stream) == ["last"]


def test_both_ways_write_the_same_line(log: tuple[logging.Logger, Counting]) -> None:
    logger, stream = log
    fields = {"operation": "Q", "ms": 1.5, "codes": ("CONFLICT",)}
    tell(logger, logging.WARNING, "operation", fields)
    logging.root.handlers += [logging.NullHandler()]
    tell(logger, logging.WARNING, "operation", fields)

    straight, usual = (json.loads(line) for line in stream.getvalue().splitlines())
    assert straight.pop("time") <= usual.pop("time")
    assert list(straight.items()) == list(usual.items())
    assert straight == {
        "level": "WARNING",
        "logger": logger.name,
        "message": "operation",
        **fields,
        "codes": ["CONFLICT"],
    }


def test_levels_count_whichever_way(log: tuple[logging.Logger, Counting], monkeypatch: pytest.MonkeyPatch) -> None:
    logger, stream = log
    monkeypatch.setattr(logger, "level", logging.ERROR)
    logger.manager._clear_cache()  # type: ignore[attr-defined]
    tell(logger, logging.WARNING, "not to be seen", {})
    assert stream.getvalue() == ""


def test_a_log_that_cannot_be_written_fails_nobody(
    log: tuple[logging.Logger, Counting], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logger, stream = log
    monkeypatch.setattr(stream, "write", lambda _: (_ for _ in ()).throw(OSError("no space is left")))
    tell(logger, logging.INFO, "lost", {})
    assert "no space is left" in capsys.readouterr().err


async def test_the_clients_request_id_is_kept(api: Api) -> None:
    response = await api.post("{ __typename }", headers={"x-request-id": "a.B-9_:/+="})
    assert response.headers["x-request-id"] == "a.B-9_:/+="


@pytest.mark.parametrize("given", ["", "a b", "a\tb", "x" * 129, "ä", '"};'])
async def test_a_request_id_that_is_no_plain_word_is_replaced(api: Api, given: str) -> None:
    response = await api.client.post("/graphql", headers={b"x-request-id": given.encode()})

    assert response.headers.get_list("x-request-id") == [response.headers["x-request-id"]]
    assert len(response.headers["x-request-id"]) == 24


async def test_of_several_request_ids_the_first_counts(api: Api) -> None:
    response = await api.client.post("/graphql", headers=[("x-request-id", "r-1"), ("x-request-id", "r-2")])
    assert response.headers.get_list("x-request-id") == ["r-1"]


@pytest.mark.parametrize("path", ["/graphql", "/export", "/livez"])
async def test_what_is_logged_later_is_of_no_request(api: Api, path: str) -> None:
    """The tests' client runs the application in the test's own task."""
    response = await api.client.post(path, headers={"x-request-id": "r-9"})
    assert response.headers.get_list("x-request-id") == ["r-9"]
    assert request_ids.current.get() is None


async def test_every_request_has_an_id_of_its_own(api: Api) -> None:
    ids = {(await api.client.get(path)).headers["x-request-id"] for path in ("/graphql", "/livez", "/nowhere") * 3}
    assert len(ids) == 9
