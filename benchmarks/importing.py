"""What an import of students costs beside a bare COPY of the same rows into the same table, with all its indexes.

import   a multipart request to the server in this process: the file read, each row checked, sealed, numbered and looked
         for among those who are there, written with its audit entry, activity and events
copy     PostgreSQL's own text of the very rows, by COPY as the owner of the table, whom no policy restricts

Each round does both and takes both back; both commit, under the settings that the server comes with. `python -m
benchmarks.importing` does only this, and keeps the figures.
"""

import asyncio
import csv
import datetime
import io
import random
import secrets
import statistics
import time
from dataclasses import dataclass, field

import asyncpg
import orjson
from sqlalchemy import select
from starlette.types import ASGIApp

from app.cli.database import prepare
from app.database import Database
from app.main import create_app, settle_collector
from app.owner import owner_session
from app.postgres import cluster
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from benchmarks.calls import Request, send
from benchmarks.results import keep_section
from benchmarks.school import settings
from models import Institution, Role, Session, Student, User, UserRole
from resolvers.identity.tokens import token_hash
from resolvers.institution.institution import create_institution
from resolvers.writing.content import table_of

TITLE = "Importing students"
ROWS, CODE, BOUNDARY = 5_000, "IMPORTS", "f0"
IMPORTING = """`importStudents` with a file, over the API, beside a bare COPY of the same rows into the same table with
all its indexes, as its owner. The import reads, checks, seals and numbers the rows, looks for each among those who are
there, and writes audit, activity and events. Both commit, in turn."""
DOCUMENT = "mutation($input: ImportStudentsInput!) { importStudents(input: $input) { created } }"
HEADER = (
    "firstName,lastName,gender,dateOfBirth,registrationDate,mobile,email,houseNumber,street,village,district,city,"
    "province,postalCode,religion,nationalId"
)
FIRST, LAST = ("Anju", "Ravi", "Meera", "Inder", "Leela", "Arun"), ("Menon", "Rao", "Iyer", "Bedi", "Nair", "Das")
COLUMNS = [column.name for column in table_of(Student).columns if column.computed is None]
OF_SCHOOL = "institution_id = $1"


@dataclass
class Import:
    """Seconds of each round."""

    imported: list[float] = field(default_factory=list)
    copied: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times as long as the COPY an import takes: the median of the rounds."""
        return statistics.median(mine / bare for mine, bare in zip(self.imported, self.copied, strict=True))


def students(rows: int = ROWS) -> bytes:
    """A file of so many students, always the same."""
    chance, text = random.Random(7), io.StringIO()
    writer = csv.writer(text)
    text.write(f"{HEADER}\n")
    for n in range(rows):
        first, last = f"{chance.choice(FIRST)} {chr(97 + n % 26)}{n // 26:03}", chance.choice(LAST)
        born = datetime.date(2009, 1, 1) + datetime.timedelta(chance.randrange(3000))
        place = (f"{n % 200}", f"{last} Road {n % 97}", f"Village {n % 50}", "Nilgiris", "Ooty", "Tamil Nadu", "643001")
        own = f"98{n:08}", f"{last}.{n}@example.org", *place, "Hindu", f"{234500000000 + n}"
        writer.writerow((first, last, chance.choice(("FEMALE", "MALE")), born, "2025-06-01", *own))
    return text.getvalue().encode()


def form(content: bytes, token: str) -> Request:
    operations = orjson.dumps({"query": DOCUMENT, "variables": {"input": {"file": None}}})
    parts = [
        (b'name="operations"', operations),
        (b'name="map"', b'{"0": ["variables.input.file"]}'),
        (b'name="0"; filename="students.csv"', content),
    ]
    lines = [b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (BOUNDARY.encode(), *part) for part in parts]
    body = b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()
    headers = {
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
        "content-length": str(len(body)),
        "accept": "application/json",
        "graphql-require-preflight": "1",
        "authorization": f"Bearer {token}",
    }
    return Request(body, tuple((name.encode(), value.encode()) for name, value in headers.items()))


async def sign_in(urls: Urls, role: Role = Role.REGISTRAR) -> tuple[int, str]:
    """A school of its own, without students, and a token of somebody with a role there."""
    async with owner_session(urls) as session:
        school = await session.scalar(select(Institution).where(Institution.code == CODE))
        if school is None:
            school = await create_institution(session, CODE, "School of imports")
        user = User(institution_id=school.id, username=f"registrar{secrets.randbelow(10**9)}")
        session.add(user)
        await session.flush()
        begin = datetime.date(2025, 1, 1)
        session.add(UserRole(institution_id=school.id, user_id=user.id, role=role, begin_date=begin))
        token = f"sgs_{school.id}_{secrets.token_urlsafe(32)}"
        until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        place = {"institution_id": school.id, "acting_institution_id": school.id, "user_id": user.id}
        session.add(Session(**place, token_hash=token_hash(token), expires_at=until))
        return school.id, token


async def measure_import(urls: Urls, rounds: int) -> Import:
    key, token = await sign_in(urls)
    asked, measured = form(students(), token), Import()
    settle_collector()
    database = await Database.open(urls, settings())
    owner = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    app = create_app(Settings(database_url=None, bulk_seconds=60), database)
    try:
        await _remove(owner, key)
        # The first one prepares statements and fills caches; it is not counted.
        for number in range(rounds + 1):
            imported, copied = await _round(app, asked, owner, key)
            if number:
                measured.imported.append(imported)
                measured.copied.append(copied)
    finally:
        await owner.close()
        await database.close()
    return measured


async def _round(
    app: ASGIApp, asked: Request, owner: "asyncpg.Connection[asyncpg.Record]", key: int
) -> tuple[float, float]:
    started = time.perf_counter()
    answer = await send(app, asked)
    imported = time.perf_counter() - started
    if orjson.loads(answer)["data"]["importStudents"]["created"] != ROWS:
        raise ValueError(f"not all were imported: {answer!r}")
    rows = io.BytesIO()
    await owner.copy_from_query(f"SELECT {', '.join(COLUMNS)} FROM student WHERE {OF_SCHOOL}", key, output=rows)
    await _remove(owner, key)
    rows.seek(0)
    started = time.perf_counter()
    await owner.copy_to_table("student", source=rows, columns=COLUMNS)
    copied = time.perf_counter() - started
    await _remove(owner, key)
    return imported, copied


async def _remove(owner: "asyncpg.Connection[asyncpg.Record]", key: int) -> None:
    await owner.execute(f"DELETE FROM student WHERE {OF_SCHOOL}", key)
    await owner.execute("VACUUM student")


def told(measured: Import) -> str:
    imported, copied = statistics.median(measured.imported), statistics.median(measured.copied)
    ratios = sorted(mine / bare for mine, bare in zip(measured.imported, measured.copied, strict=True))
    spread = f"{ratios[0]:.1f} to {ratios[-1]:.1f}"
    figures = f"{imported:.2f} s against {copied:.2f} s: {measured.ratio:.1f} times as long ({spread}; aim: at most 4)"
    return f"{ROWS:,} students, medians of {len(measured.imported)} rounds: {figures}."


def main() -> None:
    with cluster(settings()) as urls:
        prepare(urls)
        text = told(asyncio.run(measure_import(urls, 11)))
    print(text)
    keep_section(TITLE, f"{IMPORTING}\n\n{text}")


if __name__ == "__main__":
    main()
