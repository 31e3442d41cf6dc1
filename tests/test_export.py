"""A whole institution as files: complete, of nobody else, without what opens accounts, and recorded."""

import datetime
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.export import LEFT_OUT, Export, new_archive, parts
from app.file_folder import FileFolder
from app.importing.progress import Silent
from app.urls import Urls, asyncpg_url
from models import Base, InstitutionStatus
from resolvers.errors import NotFound
from resolvers.institution.institution import create_institution
from tests.database import owner_session
from tests.sealing import SEALER
from tests.test_accounts import run
from tests.world import fill, secrets_of

MARK, COUNT = "ZZZ", 5
NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
EVERY_TABLE = [table.name for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
ENTRIES = "SELECT details, actor_kind FROM activity_log WHERE action = 'institution.export' AND institution_id = $1"


@pytest.fixture
async def school(empty_database: Urls) -> int:
    """The key of a suspended school, GAMMA, beside another whose texts are marked."""
    async with owner_session(empty_database) as session:
        ours = await create_institution(session, "GAMMA", "Gamma School")
        theirs = await create_institution(session, f"{MARK}2", f"{MARK} School")
        await fill(session, ours.id, COUNT)
        await fill(session, theirs.id, COUNT, MARK)
        ours.status = InstitutionStatus.SUSPENDED
        return ours.id


async def fetch(urls: Urls, query: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def export(urls: Urls, path: Path, code: str = "GAMMA", **options: Any) -> dict[str, int]:
    connection = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    try:
        with new_archive(path) as archive:
            given = {"store": FileFolder(path.parent / "files")} | options
            return await Export(connection, archive, Silent(), **given).run(code, NOW)
    finally:
        await connection.close()


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def lines(found: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in found[f"{table}.ndjson"].splitlines()]


async def test_the_command_writes_a_suspended_school(empty_database: Urls, school: int, tmp_path: Path) -> None:
    path = tmp_path / "gamma.zip"
    status, said, _ = await run(empty_database, tmp_path, "export", "GAMMA", "--output", str(path))
    found = read(path)
    manifest = json.loads(found["manifest.json"])
    total = sum(each["rows"] for each in manifest["tables"].values())
    assert (status, said) == (0, f"{total:,} rows of {len(EVERY_TABLE)} tables in {path}\n")
    assert found.keys() == {"manifest.json", *(f"{name}.ndjson" for name in EVERY_TABLE)}
    assert manifest["institution"] == {"code": "GAMMA", "name": "Gamma School", "status": "SUSPENDED"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [tuple(row) for row in await fetch(empty_database, ENTRIES, school)] == [('{"sealed": false}', "SYSTEM")]
    before = path.read_bytes()
    status, _, complained = await run(empty_database, tmp_path, "export", "GAMMA", "--output", str(path))
    assert (status, complained) == (1, f"{path} exists already: name another file with --output\n")
    assert path.read_bytes() == before


async def test_every_row_of_the_school_is_in_it_and_none_of_another(
    empty_database: Urls, school: int, tmp_path: Path
) -> None:
    counts = await export(empty_database, tmp_path / "a.zip")
    found = read(tmp_path / "a.zip")
    assert list(counts) == EVERY_TABLE
    for part in parts(sealed=False):
        name = part.table.name
        tenant = "id" if name == "institution" else "institution_id"
        rows = await fetch(empty_database, f"SELECT to_jsonb(t)::text FROM {name} t WHERE {tenant} = $1", school)
        expected = [{column: json.loads(row[0])[column] for column in part.columns} for row in rows]
        told = lines(found, name)
        assert sorted(told, key=str) == sorted(expected, key=str), name
        assert (len(told), list(told[0])) == (counts[name], list(part.columns)), name
    assert [name for name, content in found.items() if MARK.encode() in content] == []


async def test_files_are_in_it_under_their_hashes(empty_database: Urls, school: int, tmp_path: Path) -> None:
    """One that was removed while the rest was read is not there."""
    rows = await fetch(empty_database, "SELECT location, sha256 FROM stored_file WHERE institution_id = $1", school)
    store = FileFolder(tmp_path / "files")
    for row in rows[1:]:
        await store.put(row["location"], b"content of " + row["sha256"], "image/png")
    await export(empty_database, tmp_path / "a.zip")
    files = {name: content for name, content in read(tmp_path / "a.zip").items() if name.startswith("files/")}
    assert files == {f"files/{row['sha256'].hex()}": b"content of " + row["sha256"] for row in rows[1:]}
    assert len(files) == COUNT - 1


async def test_what_opens_an_account_is_left_out(empty_database: Urls, school: int, tmp_path: Path) -> None:
    await export(empty_database, tmp_path / "a.zip", sealer=SEALER)
    content = b"".join(read(tmp_path / "a.zip").values())
    for table, column in (("session", "token_hash"), ("api_key", "key_hash"), ("student", "national_id_index")):
        values = await fetch(empty_database, f"SELECT encode({column}, 'hex') FROM {table} WHERE {column} IS NOT NULL")
        assert values
        assert [each[0] for each in values if each[0].encode() in content] == []
    hashes = await fetch(empty_database, "SELECT password_hash FROM app_user WHERE password_hash IS NOT NULL")
    assert [each[0] for each in hashes if each[0].encode() in content] == []


def test_whatever_sounds_secret_is_left_out() -> None:
    """A new column with such a name has to be left out, or to be listed here."""
    open_though = {"stored_file.sha256", "report_card.checksum", "app_user.must_change_password"}
    told = {f"{part.table.name}.{column}" for part in parts(sealed=True) for column in part.columns}
    words = ("hash", "password", "secret", "token", "sealed", "sha256", "checksum", "national_id_index")
    assert {name for name in told if any(word in name for word in words)} == open_though


async def test_sealed_values_are_opened_where_they_are_asked_for(
    empty_database: Urls, school: int, tmp_path: Path
) -> None:
    for name, sealer in (("closed", None), ("open", SEALER)):
        await export(empty_database, tmp_path / f"{name}.zip", sealer=sealer)
    names = ("national_id", "health", "identifying_marks")
    secrets = [secrets_of(n, "") for n in range(COUNT)]
    opened = lines(read(tmp_path / "open.zip"), "student")
    assert [{name: row[name] for name in names} for row in opened] == [
        {name: secret.get(name) for name in names} for secret in secrets
    ]
    closed = lines(read(tmp_path / "closed.zip"), "student")
    assert closed == [{name: value for name, value in row.items() if name not in names} for row in opened]
    last = [secret["national_id"] and secret["national_id"][-4:] for secret in secrets]
    assert [row["national_id_last4"] for row in closed] == last
    entries = await fetch(empty_database, ENTRIES, school)
    assert [row["details"] for row in entries] == ['{"sealed": false}', '{"sealed": true}']


async def test_rows_come_in_chunks(empty_database: Urls, school: int, tmp_path: Path) -> None:
    await export(empty_database, tmp_path / "one.zip")
    await export(empty_database, tmp_path / "many.zip", rows_at_once=2)
    one, many = read(tmp_path / "one.zip"), read(tmp_path / "many.zip")
    # That the first was made is recorded in the second.
    (entry,) = set(many["activity_log.ndjson"].splitlines()) - set(one["activity_log.ndjson"].splitlines())
    assert json.loads(entry)["action"] == "institution.export"
    same = one.keys() - {"activity_log.ndjson", "manifest.json"}
    assert {name: many[name] for name in same} == {name: one[name] for name in same}


async def test_an_institution_that_does_not_exist_leaves_no_file(empty_database: Urls, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="institution: there is none with the code 'NOWHERE'"):
        await export(empty_database, tmp_path / "a.zip", "NOWHERE")
    assert not os.listdir(tmp_path)
