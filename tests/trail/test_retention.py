"""What a school keeps for a time only goes when that is over, and the activity log tells of it."""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import models
from app.file_bucket import FileBucket
from app.file_folder import FileFolder
from app.importing.progress import Silent
from app.owner import owner_session
from app.retention import UNTOLD, Removed, Unswept, apply, sweep_files
from app.signing import Credentials
from app.urls import Urls
from resolvers.errors import Invalid
from resolvers.institution.institution import create_institution
from resolvers.trail.retention import RULES
from tests.factories import create_setting, create_student, create_user
from tests.files.s3_server import serving_bucket
from tests.test_accounts import run
from tests.world_values import digest

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
DAY, HOUR, SECOND = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(seconds=1)
KEPT = {"access_log": 730, "activity_log": 1095, "session": 30, "reset_token": 30, "idempotency_key": 30}
# Days back and, on the edge, seconds beyond: one row each in every table.
AGES = [DAY, 29 * DAY, 30 * DAY, 30 * DAY + SECOND, 730 * DAY + SECOND, 1095 * DAY + SECOND, 5000 * DAY]


@dataclass
class Kept:
    """Two schools with rows of all ages in whatever is kept for a time."""

    urls: Urls
    schools: dict[str, int]
    store: FileFolder

    async def ages(self, code: str, table: str) -> list[datetime.timedelta]:
        """How old the rows are that a school still has, the youngest first."""
        rule = next(rule for rule in RULES if rule.table == table)
        column = getattr(rule.model, rule.column)
        statement = select(column).where(rule.model.institution_id == self.schools[code]).order_by(column.desc())
        if rule.model is models.ActivityEntry:
            statement = statement.where(models.ActivityEntry.action == "login")
        async with owner_session(self.urls) as session:
            return [NOW - at for at in await session.scalars(statement)]

    async def set(self, code: str, **settings: str) -> None:
        async with owner_session(self.urls) as session:
            for key, value in settings.items():
                statement = select(models.ConfigurationSetting).filter_by(institution_id=self.schools[code], key=key)
                found = await session.scalar(statement)
                if found is None:
                    kind = models.SettingType.INTEGER
                    await create_setting(
                        session, await self._school(session, code), key=key, value=value, value_type=kind
                    )
                else:
                    found.value = value

    async def _school(self, session: AsyncSession, code: str) -> models.Institution:
        return (await session.scalars(select(models.Institution).filter_by(code=code))).one()

    async def apply(self, **options: Any) -> dict[tuple[str, str], int]:
        removed = await apply(self.urls, NOW, Silent(), batch=2, **options)
        return {(each.code, each.table): each.rows for each in removed}

    async def sweep(self, **options: Any) -> list[int | None]:
        """How many files of each school were removed; None where they were left as they are."""
        swept = await sweep_files(self.urls, NOW, self.store, **options)
        return [each.rows if isinstance(each, Removed) else None for each in swept]

    async def put(self, code: str, name: str, minutes: int = 61) -> str:
        """A file of the school that no row tells of, so many minutes old; gives its location."""
        location = f"{self.schools[code]}/{digest(name).hex()}"
        await self.store.put(location, b"x", "image/png")
        written = (NOW - datetime.timedelta(minutes=minutes)).timestamp()
        os.utime(self.store._path(location), (written, written))
        return location

    async def tell(self, code: str, *names: str) -> None:
        """Rows of files with these names in `put`."""
        about = {"name": "logo.png", "content_type": "image/png", "size": 1, "width": 1, "height": 1}
        key = self.schools[code]
        async with owner_session(self.urls) as session:
            for hashed in map(digest, names):
                location = f"{key}/{hashed.hex()}"
                session.add(models.StoredFile(institution_id=key, sha256=hashed, location=location, **about))

    @property
    def files(self) -> frozenset[str]:
        """What there is in the store."""
        there = [path for path in self.store.folder.rglob("*") if path.is_file()]
        return frozenset(f"{path.parts[-3]}/{path.parts[-2]}{path.parts[-1]}" for path in there)


async def fill(session: AsyncSession, code: str) -> int:
    school = await create_institution(session, code, f"{code} School", levels=False)
    student, user = await create_student(session, school), await create_user(session, school)
    trail: dict[str, Any] = {"institution_id": school.id, "actor_kind": models.ActorKind.USER, "actor_id": user.id}
    audit = {"table_name": "student", "record_id": student.id, "operation": models.AuditOperation.INSERT}
    owned: dict[str, Any] = {"institution_id": school.id, "user_id": user.id}
    for n, age in enumerate(AGES):
        at, name = NOW - age, f"{code}{n}"
        session.add_all(
            [
                models.AccessEntry(**trail, student_ids=[student.id], at=at),
                models.ActivityEntry(**trail, action="login", at=at),
                models.AuditEntry(**trail, **audit, at=at),
                models.Session(**owned, acting_institution_id=school.id, token_hash=digest(name), expires_at=at),
                models.ResetToken(**owned, token_hash=digest(name), expires_at=at),
                models.IdempotencyKey(
                    institution_id=school.id,
                    key=name,
                    actor_kind=models.ActorKind.USER,
                    actor_id=user.id,
                    request_hash=digest(name),
                    answer={},
                    created_at=at,
                ),
            ]
        )
    await session.flush()
    return school.id


@pytest.fixture
async def kept(empty_database: Urls, tmp_path: Path) -> Kept:
    async with owner_session(empty_database) as session:
        schools = {code: await fill(session, code) for code in ("GAMMA", "DELTA")}
    return Kept(empty_database, schools, FileFolder(tmp_path / "files"))


def within(days: int) -> list[datetime.timedelta]:
    return [age for age in AGES if age <= days * DAY]


async def test_each_table_keeps_its_days(kept: Kept) -> None:
    removed = await kept.apply()
    assert removed == {
        (code, table): len(AGES) - len(within(days)) for code in ("GAMMA", "DELTA") for table, days in KEPT.items()
    }
    for code in ("GAMMA", "DELTA"):
        for table, days in KEPT.items():
            assert await kept.ages(code, table) == within(days), table
        assert await kept.ages(code, "audit_log") == AGES
    assert set((await kept.apply()).values()) == {0}


async def test_a_school_says_itself_how_long(kept: Kept) -> None:
    own = {"RETENTION_DAYS_ACCESS_LOG": "29", "RETENTION_DAYS_SESSION": "0", "RETENTION_DAYS_AUDIT_LOG": "1095"}
    await kept.set("GAMMA", **own)
    removed = await kept.apply()
    assert removed["GAMMA", "access_log"] == 5
    assert removed["DELTA", "access_log"] == 3
    assert ("GAMMA", "session") not in removed
    for table, days in {"access_log": 29, "session": 5000, "reset_token": 5000, "audit_log": 1095}.items():
        assert await kept.ages("GAMMA", table) == within(days), table
    for table, days in (KEPT | {"audit_log": 5000}).items():
        assert await kept.ages("DELTA", table) == within(days), table


async def test_the_activity_log_tells_what_was_removed(kept: Kept) -> None:
    await kept.apply()
    async with owner_session(kept.urls) as session:
        statement = select(models.ActivityEntry).filter_by(
            institution_id=kept.schools["GAMMA"], action="retention.remove"
        )
        told = (await session.scalars(statement.order_by(models.ActivityEntry.id))).all()
    assert {entry.details["table"]: entry.details["rows"] for entry in told} == {
        table: len(AGES) - len(within(days)) for table, days in KEPT.items()
    }
    assert {(entry.actor_kind, entry.actor_id, entry.at) for entry in told} == {(models.ActorKind.SYSTEM, None, NOW)}
    assert told[0].details["before"] == (NOW - 730 * DAY).isoformat()


async def test_a_dry_run_counts_and_removes_nothing(kept: Kept) -> None:
    counted = await kept.apply(dry_run=True)
    assert counted["GAMMA", "activity_log"] == 2
    for table in KEPT:
        assert await kept.ages("GAMMA", table) == AGES
    assert await kept.apply() == counted


@pytest.mark.parametrize("value", ["-1", "ten", "1.5", "36501", "", "٣"])
async def test_a_setting_that_is_no_number_of_days_stops_it_before_anything(kept: Kept, value: str) -> None:
    await kept.set("DELTA", RETENTION_DAYS_ACCESS_LOG=value)
    said = f"DELTA: RETENTION_DAYS_ACCESS_LOG is '{value}', which is not a number of days from 0 to 36500"
    with pytest.raises(Invalid, match="RETENTION_DAYS_ACCESS_LOG") as refused:
        await kept.apply()
    assert str(refused.value) == said
    for table in KEPT:
        assert await kept.ages("GAMMA", table) == AGES


async def test_bytes_that_no_row_tells_of_go_after_an_hour(kept: Kept) -> None:
    await kept.tell("GAMMA", "file 0")
    places = [await kept.put("GAMMA", f"file {n}", 59 if n == 2 else 61) for n in range(3)]
    for n in range(3):
        await kept.put("DELTA", f"file {n}")
    half = next((kept.store.folder / str(kept.schools["GAMMA"])).iterdir()) / ".0011223344556677"
    half.touch()
    os.utime(half, (0, 0))
    options: list[dict[str, Any]] = [{"dry_run": True}, {}, {}]
    assert [await kept.sweep(**given) for given in options] == [[2, 3], [2, 3], [0, 0]]
    assert kept.files == {places[0], places[2]}


@pytest.mark.parametrize(("told", "untold", "strange"), [(0, 10, False), (11, 11, False), (10, 11, True)])
async def test_files_that_may_be_of_another_deployment_stay(kept: Kept, told: int, untold: int, strange: bool) -> None:
    """More than a few and more than half of a school's: its database may not be this one, and its keys are small."""
    names = [f"file {n}" for n in range(told + untold)]
    places = [await kept.put("GAMMA", name) for name in names]
    stray = await kept.put("DELTA", "stray")
    await kept.tell("GAMMA", *names[:told])
    expected = None if strange else untold
    assert await kept.sweep(dry_run=True) == [expected, 1]
    assert kept.files == {*places, stray}
    assert await kept.sweep() == [expected, 1]
    assert kept.files == set(places if strange else places[:told])
    assert await kept.sweep(stray_files=True) == [untold if strange else 0, 0]
    assert kept.files == set(places[:told])


async def test_a_store_that_fails_is_told_by_school_and_stops_nothing(kept: Kept) -> None:
    """It does not list the first school's files, as it does for nobody who may read and write alone."""
    async with serving_bucket() as (bucket, address):
        store = FileBucket(address, bucket.name, Credentials(bucket.access_key, bucket.secret_key, bucket.region))
        bucket.objects[f"{kept.schools['DELTA']}/{digest('stray').hex()}"] = b"", ""
        bucket.failing = 1
        failed, swept = await sweep_files(kept.urls, NOW + DAY, store)
        await store.close()
    said = "the store of files has failed: BucketError GET the list: the file store answered 503"
    assert failed == Unswept("GAMMA", said)
    assert (swept, bucket.objects) == (Removed("DELTA", UNTOLD, 1, NOW + DAY - HOUR), {})


async def test_the_command(kept: Kept, tmp_path: Path) -> None:
    code, said, complained = await run(kept.urls, tmp_path, "retention", "--dry-run")
    assert (code, complained) == (0, "")
    assert [line.rsplit(" ", 2)[-2:] for line in said.splitlines()] == [["are", "due"]] * 12
    for n in range(11):
        await kept.put("GAMMA", f"file {n}")
    code, said, complained = await run(kept.urls, tmp_path, "retention")
    assert (code, len(said.splitlines()), len(kept.files)) == (1, 11, 11)
    unknown = f"GAMMA: {UNTOLD}: 11 of 11 files in the store are unknown to this database, so none is removed."
    assert unknown in complained
    assert "--stray-files" in complained
    assert said.splitlines()[0].startswith("GAMMA: access_log: ")
    assert said.splitlines()[0].endswith(" UTC removed")
    code, said, complained = await run(kept.urls, tmp_path, "retention", "--stray-files")
    assert (code, complained, kept.files) == (0, "", frozenset())
    await kept.set("GAMMA", RETENTION_DAYS_SESSION="soon")
    code, said, complained = await run(kept.urls, tmp_path, "retention")
    assert (code, said) == (1, "")
    assert complained.startswith("GAMMA: RETENTION_DAYS_SESSION is 'soon', which is not a number of days")
