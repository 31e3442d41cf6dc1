"""The memory of an export is that of a part of it, however long the list is."""

import tracemalloc

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.types import Message

from app.owner import owner_session
from app.urls import Urls
from tests.http.conftest import Api, client_of
from tests.http.school import fill, serving, sign_in
from tests.tables.wire import Wire

pytestmark = pytest.mark.any_database

FEW, MANY = 300, 3000
QUERY = """query ($first: Int!) { students(first: $first) { nodes {
    id studentNumber firstName lastName gender dateOfBirth status createdAt mobile email city district } } }"""
STUDENTS = text("""
    INSERT INTO student (institution_id, student_number, first_name, last_name, gender, date_of_birth, status,
                         registration_date)
    SELECT i.id, 'STU-2025-' || lpad(n::text, 5, '0'), 'Asha' || n, 'Rao' || n, 'FEMALE', DATE '2013-05-17', 'ACTIVE',
           DATE '2025-06-01'
    FROM institution i, generate_series(10, :most) AS n
""")


class Taker(Wire):
    """Takes all there is and keeps none of it; `size` counts its bytes."""

    size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.sent.append(message)
        self.size += len(message.get("body", b""))


async def taken(app: Starlette, token: str, first: int, format: str) -> tuple[int, int]:
    """Bytes of an export of the first so many students, and the most that it took of memory."""
    taker = Taker(QUERY, token, variables={"first": first}, format=format)
    tracemalloc.start()
    await taker.run(app)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taker.status == 200
    return taker.size, peak


async def test_ten_times_the_rows_take_the_memory_of_a_part(empty_database: Urls) -> None:
    await fill(empty_database)
    async with owner_session(empty_database) as session:
        await session.execute(STUDENTS, {"most": MANY + 10})
    async with serving(empty_database, mass_read_students=10**6) as served:
        app = served.app(export_part_rows=100)
        async with client_of(app) as client:
            token = await sign_in(Api(client))
        assert token
        # What is kept of statements, and of who has read whom, is kept from now on.
        await taken(app, token, MANY, "csv")
        for format in ("csv", "ndjson", "xlsx"):
            small, few = await taken(app, token, FEW, format)
            large, many = await taken(app, token, MANY, format)

            assert large > 5 * small, format
            # The rows of the longer list would be more than three megabytes as objects.
            assert many - few < 500_000, format
