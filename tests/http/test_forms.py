"""What is no form with files, however it comes: refused with what is wrong, and no resolver sees it."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from app.urls import Urls
from tests.http.conftest import only_error
from tests.http.uploading import ONE, Sender, opened, uploading


@pytest.fixture(scope="module")
async def sender(server: Urls, template: Urls) -> AsyncIterator[Sender]:
    async with uploading(server) as sender:
        yield sender


OPERATIONS = orjson.dumps({"query": ONE, "variables": {"file": None}}).decode()
PLACES = '{"0": ["variables.file"]}'
FILE = ("x.png", b"x")
MALFORMED = {
    "no map": ([("operations", OPERATIONS)], "`map` is missing from the form"),
    "no operations": ([], "`operations` is missing from the form"),
    "file first": (
        [("0", FILE), ("operations", OPERATIONS), ("map", PLACES)],
        "The form must begin with `operations` and `map`, but its part 0 is '0'",
    ),
    "map first": (
        [("map", PLACES), ("operations", OPERATIONS)],
        "The form must begin with `operations` and `map`, but its part 0 is 'map'",
    ),
    "operations as a file": (
        [("operations", ("o.json", OPERATIONS.encode())), ("map", PLACES)],
        "The form must begin with `operations` and `map`, but its part 0 is 'operations'",
    ),
    "text as a file": (
        [("operations", OPERATIONS), ("map", PLACES), ("0", "text")],
        "The part '0' of the form is no file: it has no file name",
    ),
    "file missing": (
        [("operations", OPERATIONS), ("map", PLACES)],
        "`map` names a file that the form does not have: '0'",
    ),
    "file too many": (
        [("operations", OPERATIONS), ("map", PLACES), ("0", FILE), ("1", FILE)],
        "`map` does not say where the file '1' goes",
    ),
    "same name": (
        [("operations", OPERATIONS), ("map", PLACES), ("0", FILE), ("0", FILE)],
        "The form has two parts named '0'",
    ),
    "too many files": (
        [("operations", OPERATIONS), ("map", PLACES), *((str(number), FILE) for number in range(4))],
        "There are more than 3 files in the request, the most that is accepted",
    ),
    "not JSON": (
        [("operations", OPERATIONS), ("map", "variables.file"), ("0", FILE)],
        "`map` is not JSON: unexpected character, expected a JSON value: line 1 column 1 (char 0)",
    ),
    "batch": (
        [("operations", f"[{OPERATIONS}]"), ("map", PLACES), ("0", FILE)],
        "Several operations in one request are not accepted: send one JSON object",
    ),
    **{
        f"map {places}": (
            [("operations", OPERATIONS), ("map", places), ("0", FILE)],
            '`map` must be an object such as {"0": ["variables.file"]}',
        )
        for places in ("[]", '{"0": "variables.file"}', '{"0": []}', '{"0": [1]}')
    },
    **{
        f"to {path}": (
            [("operations", OPERATIONS), ("map", f'{{"0": ["{path}"]}}'), ("0", FILE)],
            f"`map` sends a file to {path!r}, but `operations` has no such place",
        )
        for path in ("query.0", "variables.other", "variables.file.0", "variables.")
    },
    **{
        f"over {path}": (
            [("operations", OPERATIONS), ("map", f'{{"0": ["variables.file", "{path}"]}}'), ("0", FILE)],
            f"`map` sends a file to {path!r}, where `operations` must have null among the variables",
        )
        for path in ("", "query", "variables", "variables.file")
    },
}


@pytest.mark.parametrize(("parts", "message"), MALFORMED.values(), ids=MALFORMED)
async def test_malformed_forms(sender: Sender, parts: list[tuple[str, Any]], message: str) -> None:
    opened.clear()
    if parts:
        response = await sender.send(parts)
    else:
        response = await sender.form(b"--f0--\r\n")

    assert response.status_code == 400
    assert only_error(response) == ("BAD_USER_INPUT", message)
    assert opened == []


HEAD = b'Content-Disposition: form-data; name="operations"\r\n\r\n'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The form has no end"),
        (b"--f0\r\n" + HEAD + b"{}", "The form has no end"),
        (b"--other\r\n" + HEAD, "The form cannot be read: "),
        (b"--f0\r\nContent-Type: text/plain\r\n\r\n{}\r\n--f0--", "A part of the form has no name"),
        (b'--f0\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n{}', "A name in the form is not in UTF-8"),
        (b"--f0\r\n" + b"X: y\r\n" * 1000, "The form cannot be read: "),
    ],
    ids=["empty", "cut off", "other boundary", "nameless", "not UTF-8", "many headers"],
)
async def test_broken_forms(sender: Sender, body: bytes, message: str) -> None:
    response = await sender.form(body)

    assert response.status_code == 400
    assert only_error(response)[1].startswith(message)


@pytest.mark.parametrize(("boundary", "status"), [("", 415), ("b" * 300, 400)])
async def test_boundaries(sender: Sender, boundary: str, status: int) -> None:
    assert (await sender.form(b"--f0--", boundary)).status_code == status


async def test_operations_have_the_size_of_any_body(sender: Sender) -> None:
    response = await sender.send([("operations", OPERATIONS + " " * 20_000), ("map", PLACES), ("0", FILE)])

    assert response.status_code == 413
    assert only_error(response)[1] == "`operations` and `map` are larger than 20000 bytes, the most that is accepted"
