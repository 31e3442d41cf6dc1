"""A list of students over HTTP: a multipart request, as whoever has signed in, within the school's largest size."""

from typing import Any

import httpx
from sqlalchemy import update

from app.owner import owner_session
from models import ConfigurationSetting
from tests.http.conftest import Api, client_of, only_error
from tests.http.school import Served, bearer, sign_in
from tests.http.uploading import MEGABYTE, PREFLIGHT, parts_of

IMPORT = """mutation($input: ImportStudentsInput!) { importStudents(input: $input) {
    created results { line student { fullName studentNumber } } errors { field message }
} }"""
LIST = "firstName;lastName;gender;dateOfBirth\r\nAnju;Menon;FEMALE;2014-02-28\r\nZoë;Rao;FEMALE;2014-05-01\r\n"


async def send(client: httpx.AsyncClient, token: str | None, content: bytes, **given: Any) -> httpx.Response:
    variables = {"input": {"file": None, **given}}
    parts = parts_of(IMPORT, variables, {"list": ["variables.input.file"]}, list=("students.csv", content))
    files = [(name, (None, part) if isinstance(part, str) else part) for name, part in parts]
    return await client.post("/graphql", files=files, headers=bearer(token) | PREFLIGHT)


async def test_a_list_is_imported_and_its_end_is_that_of_the_school(served: Served) -> None:
    async with owner_session(served.urls) as session:
        largest = update(ConfigurationSetting).where(ConfigurationSetting.key == "MAX_FILE_UPLOAD_MB")
        await session.execute(largest.values(value="1"))
    async with client_of(served.app()) as client:
        token = await sign_in(Api(client))
        answer = (await send(client, token, LIST.encode())).json()["data"]["importStudents"]
        again = (await send(client, token, LIST.encode(), dryRun=True, mode="VALID_ROWS")).json()
        large = await send(client, token, LIST.encode() + b" " * MEGABYTE)
    assert (answer["created"], answer["errors"]) == (2, [])
    names = [(each["line"], each["student"]["fullName"]) for each in answer["results"]]
    assert names == [(2, "Anju Menon"), (3, "Zoë Rao")]
    assert (again["data"]["importStudents"]["created"], again["data"]["importStudents"]["errors"]) == (0, [])
    assert large.status_code == 413
    assert only_error(large)[1].startswith("The files are larger than 1 MB")
