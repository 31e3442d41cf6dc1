"""Files in a request: how they reach a resolver, from whom, how large and how many."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from app.urls import Urls
from tests.http.conftest import BASE, only_error
from tests.http.school import bearer
from tests.http.uploading import BOUNDARY, MEGABYTE, ONE, PREFLIGHT, SEVERAL, Sender, one, opened, parts_of, uploading


@pytest.fixture(scope="module")
async def sender(server: Urls, template: Urls) -> AsyncIterator[Sender]:
    async with uploading(server) as sender:
        yield sender


@pytest.mark.parametrize("size", [0, 5, MEGABYTE], ids=["empty", "small", "largest"])
async def test_a_file_reaches_the_resolver_and_is_closed_after_it(sender: Sender, size: int) -> None:
    opened.clear()
    content = (b"\x89PNG\r\n--f0\r\n" * (size // 12 + 1))[:size]
    response = await sender.send(one(content, "Äsha's photo.png"))

    assert response.json() == {"data": {"measure": [f"Äsha's photo.png {size} {content[:4]!r}"]}}
    assert [upload.file.closed for upload in opened] == [True]


async def test_a_form_is_one_however_its_type_is_written(sender: Sender) -> None:
    operations, places, (name, photo) = one(b"small")
    files = {"operations": (None, operations[1]), "map": (None, places[1]), name: photo}
    request = sender.client.build_request("POST", "/graphql", files=files, headers=sender.signed_in)
    request.headers["content-type"] = request.headers["content-type"].replace(
        "multipart/form-data", "Multipart/Form-DATA"
    )
    response = await sender.client.send(request)

    assert response.json() == {"data": {"measure": ["asha.png 5 b'smal'"]}}


async def test_files_go_where_the_map_says(sender: Sender) -> None:
    variables = {"files": [None, None, None]}
    places = {"a": ["variables.files.2"], "b": ["variables.files.0", "variables.files.1"]}
    response = await sender.send(parts_of(SEVERAL, variables, places, b=("b.csv", b"two"), a=("a.csv", b"one")))

    assert response.json() == {"data": {"measure": ["b.csv 3 b'two'", "b.csv 3 b'two'", "a.csv 3 b'one'"]}}


async def test_files_together_have_the_largest_size(sender: Sender) -> None:
    half = b"x" * (MEGABYTE // 2)
    variables, places = {"files": [None, None]}, {"a": ["variables.files.0"], "b": ["variables.files.1"]}
    fits = await sender.send(parts_of(SEVERAL, variables, places, a=("a", half), b=("b", half)))
    refused = await sender.send(parts_of(SEVERAL, variables, places, a=("a", half), b=("b", half + b"x")))

    assert fits.status_code == 200
    assert refused.status_code == 413
    message = "The files are larger than 1 MB, the most that the school accepts (MAX_FILE_UPLOAD_MB)"
    assert only_error(refused) == ("BAD_USER_INPUT", message)


async def test_what_is_announced_as_too_large_is_refused_before_it_is_sent(sender: Sender) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        sent.append(1)
        yield b"--f0"

    sent: list[int] = []
    headers = sender.signed_in | {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    announced = headers | {"content-length": str(MEGABYTE + 20_001)}
    response = await sender.client.post("/graphql", content=chunks(), headers=announced)

    assert response.status_code == 413
    assert sent == []


async def test_what_turns_out_too_large_is_refused_while_it_is_sent(sender: Sender) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'--f0\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}'
        yield b'\r\n--f0\r\nContent-Disposition: form-data; name="map"\r\n\r\n{}'
        yield b'\r\n--f0\r\nContent-Disposition: form-data; name="0"; filename="x"\r\n\r\n'
        for _ in range(1000):
            sent.append(1)
            yield b"x" * (MEGABYTE // 10)

    sent: list[int] = []
    headers = sender.signed_in | {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    response = await sender.client.post("/graphql", content=chunks(), headers=headers)

    assert response.status_code == 413
    assert len(sent) == 11


async def test_nobody_sends_files_without_having_signed_in(sender: Sender) -> None:
    nobody = await sender.send(one(b"x"), headers=PREFLIGHT)
    somebody_else = await sender.send(one(b"x"), headers=PREFLIGHT | bearer("sgs_1_wrong"))

    assert [response.status_code for response in (nobody, somebody_else)] == [401, 401]
    assert only_error(nobody) == ("UNAUTHENTICATED", "Sign in first: files are taken from nobody else")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"origin": BASE, "sec-fetch-site": "same-origin"}, 400),
        (PREFLIGHT | {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example.org"}, 403),
        (PREFLIGHT | {"sec-fetch-site": "same-origin"}, 200),
        (PREFLIGHT, 200),
    ],
    ids=["plain form", "own form", "another page", "own page", "program"],
)
async def test_a_form_counts_with_a_cookie_only_where_it_comes_from_a_trusted_page(
    sender: Sender, headers: dict[str, str], status: int
) -> None:
    token = sender.signed_in["authorization"].removeprefix("Bearer ")
    opened.clear()
    response = await sender.send(one(b"x"), headers=headers | {"cookie": f"__Host-schoolgraph={token}"})

    assert response.status_code == status
    assert len(opened) == (1 if status == 200 else 0)


async def test_a_token_needs_the_header_too(sender: Sender) -> None:
    token = {"authorization": sender.signed_in["authorization"]}
    response = await sender.send(one(b"x"), headers=token)

    assert response.status_code == 400
    assert only_error(response)[1] == "A request with files needs the header `GraphQL-Require-Preflight: 1`"


async def test_files_are_not_sent_by_get(sender: Sender) -> None:
    opened.clear()
    form = httpx.Request("POST", BASE, files=[(name, part) for name, part in one(b"x")[2:]])
    headers = sender.signed_in | {"content-type": form.headers["content-type"]}
    request = sender.client.build_request("GET", "/graphql", params={"query": ONE}, content=form.read())
    request.headers.update(headers)
    response = await sender.client.send(request)

    assert response.status_code == 405
    assert opened == []


async def test_a_file_is_never_a_text_in_json(sender: Sender) -> None:
    response = await sender.client.post(
        "/graphql", json={"query": ONE, "variables": {"file": "x"}}, headers=sender.signed_in
    )
    literal = await sender.client.post(
        "/graphql", json={"query": 'mutation { measure(files: ["x"]) }'}, headers=sender.signed_in
    )

    for each in (response, literal):
        assert "A file must come as a part of a multipart request" in only_error(each)[1]


async def test_only_so_many_uploads_are_taken_at_once(sender: Sender) -> None:
    """Of eight places one user has two, from when the first byte is waited for until the answer."""

    async def slow() -> AsyncIterator[bytes]:
        begun.release()
        await go_on.wait()
        yield whole

    begun, go_on = asyncio.Semaphore(0), asyncio.Event()
    parts = [(name, (None, part) if isinstance(part, str) else part) for name, part in one(b"x")]
    form = httpx.Request("POST", BASE, files=parts)
    whole, headers = form.read(), sender.signed_in | {"content-type": form.headers["content-type"]}
    running = [asyncio.create_task(sender.client.post("/graphql", content=slow(), headers=headers)) for _ in range(2)]
    for _ in running:
        await begun.acquire()
    another = await sender.send(one(b"x"))
    go_on.set()
    taken = await asyncio.gather(*running)

    assert (another.status_code, another.headers["retry-after"]) == (429, "15")
    assert only_error(another) == ("RATE_LIMITED", "2 uploads of yours are running: wait for an end")
    for response in (*taken, await sender.send(one(b"x"))):
        assert response.json() == {"data": {"measure": ["asha.png 1 b'x'"]}}


async def test_a_form_that_does_not_come_in_time_is_not_waited_for(sender: Sender) -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield b"--f0"
        await asyncio.get_running_loop().create_future()

    app = create_app(Settings(upload_seconds=0.05), sender.served.database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        headers = sender.signed_in | {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        response = await client.post("/graphql", content=stalled(), headers=headers)

    assert response.status_code == 408
    assert only_error(response) == ("TIMEOUT", "The body did not arrive within 0.05 seconds")
