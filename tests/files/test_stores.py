"""Where files are kept: in a folder, or in a bucket behind a server that speaks S3 and checks what is signed."""

import asyncio
import dataclasses
import datetime
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.file_bucket import BucketError, FileBucket
from app.file_folder import FileFolder
from app.file_store import file_store
from app.settings import Settings, SettingsError
from app.signing import Credentials, signed
from resolvers.files.store import FileMissing, FileStore
from tests.files.s3_server import Bucket, serving_bucket

PLACE = f"7/{'ab' * 32}"
OTHER = f"8/{'ab' * 32}"


def bucket_of(bucket: Bucket, address: str) -> FileBucket:
    return FileBucket(address, bucket.name, Credentials(bucket.access_key, bucket.secret_key, bucket.region))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["folder", "bucket"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    if request.param == "folder":
        yield FileFolder(tmp_path / "files")
        return
    async with serving_bucket() as (bucket, address):
        store = bucket_of(bucket, address)
        yield store
        await store.close()
        assert bucket.refused == 0


async def test_what_is_put_is_got_until_it_is_removed(store: FileStore) -> None:
    content = bytes(range(256)) * 5000
    await store.put(PLACE, content, "image/png")
    await store.put(PLACE, content, "image/png")
    await store.put(OTHER, b"theirs", "image/png")
    assert await store.get(PLACE) == content
    await store.remove(PLACE)
    await store.remove(PLACE)
    with pytest.raises(FileMissing):
        await store.get(PLACE)
    assert await store.get(OTHER) == b"theirs"


async def test_what_there_is_of_a_school_is_told_by_age(store: FileStore) -> None:
    """The bucket's clock stands still at eight; what a folder holds is of today."""
    more = f"7/{'cd' * 32}"
    for place in (more, PLACE, OTHER):
        await store.put(place, b"content", "image/png")
    long_ago, at_last = (datetime.datetime(year, 3, 2, 8, tzinfo=datetime.UTC) for year in (2026, 2500))
    assert [place async for place in store.left(7, at_last)] == [PLACE, more]
    assert [place async for place in store.left(7, long_ago)] == []
    assert [place async for place in store.left(77, at_last)] == []


async def test_many_at_once(store: FileStore) -> None:
    await asyncio.gather(*(store.put(PLACE, b"x" * 100_000, "image/png") for _ in range(8)))
    assert await store.get(PLACE) == b"x" * 100_000


async def test_a_folder_holds_whole_files_that_nobody_else_reads(tmp_path: Path) -> None:
    store = FileFolder(tmp_path / "files")
    await store.put(PLACE, b"content", "image/png")
    (file,) = files_in(tmp_path)
    assert file == tmp_path / "files" / "7" / "ab" / ("ab" * 31)
    assert (file.stat().st_mode & 0o777, store.folder.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_whoever_gives_up_putting_is_kept_until_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes to be there is there before whoever put it sees to it that nothing is left behind."""
    store = FileFolder(tmp_path)
    loop, begun, may_go_on, put = asyncio.get_running_loop(), asyncio.Event(), threading.Event(), store._put

    def slow(path: Path, content: bytes) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert may_go_on.wait(20)
        put(path, content)

    monkeypatch.setattr(store, "_put", slow)
    task = asyncio.create_task(store.put(PLACE, b"x", "image/png"))
    await begun.wait()
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done()
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.get(PLACE) == b"x"


async def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    store = FileFolder(tmp_path)
    (tmp_path / "7" / "ab" / ("ab" * 31)).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        await store.put(PLACE, b"content", "image/png")
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("location", ["", "7", "../etc/passwd", f"7/../{'ab' * 32}", f"7/{'AB' * 32}", f"{PLACE}/x"])
async def test_a_folder_knows_nothing_but_locations(tmp_path: Path, location: str) -> None:
    store = FileFolder(tmp_path)
    for asked in (store.get(location), store.put(location, b"", "image/png"), store.remove(location)):
        with pytest.raises(ValueError, match="is no location of a file"):
            await asked


@pytest.mark.parametrize("wrong", ["access_key", "secret_key", "region"])
async def test_a_bucket_is_not_opened_by_others(wrong: str) -> None:
    async with serving_bucket() as (bucket, address):
        store = bucket_of(bucket, address)
        store.credentials = dataclasses.replace(store.credentials, **{wrong: "another"})
        with pytest.raises(BucketError, match="the file store answered 403"):
            await store.put(PLACE, b"content", "image/png")
        await store.close()
        assert (bucket.objects, bucket.refused) == ({}, 1)


async def test_a_bucket_says_what_it_holds_and_that_it_failed() -> None:
    async with serving_bucket() as (bucket, address):
        store = bucket_of(bucket, address)
        await store.put(PLACE, b"content", "image/webp")
        assert bucket.objects == {PLACE: (b"content", "image/webp")}
        bucket.failing = 3
        for asked in (store.get(PLACE), store.put(PLACE, b"other", "image/png"), store.remove(PLACE)):
            with pytest.raises(BucketError, match=f"{PLACE}: the file store answered 503"):
                await asked
        await store.close()
        assert bucket.objects == {PLACE: (b"content", "image/webp")}


async def test_a_bucket_tells_of_nothing_that_is_not_ours() -> None:
    async with serving_bucket() as (bucket, address):
        store = bucket_of(bucket, address)
        for name in ("7/", "7/notes.txt", f"7/{'AB' * 32}", PLACE, f"{PLACE}.bak"):
            bucket.objects[name] = b"", ""
        at_last = datetime.datetime(2500, 1, 1, tzinfo=datetime.UTC)
        assert [place async for place in store.left(7, at_last)] == [PLACE]
        await store.close()


async def test_a_bucket_that_is_not_there_takes_nothing() -> None:
    async with serving_bucket() as (bucket, address):
        store = FileBucket(address, "another", Credentials(bucket.access_key, bucket.secret_key, bucket.region))
        with pytest.raises(BucketError, match="answered 404"):
            await store.put(PLACE, b"content", "image/png")
        await store.close()


def test_the_signatures_that_amazon_prints_in_its_manual() -> None:
    """Examples of Signature Version 4 for S3: reading the beginning of an object, and listing a bucket."""
    credentials = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    now = datetime.datetime(2013, 5, 24, tzinfo=datetime.UTC)
    host = "examplebucket.s3.amazonaws.com"
    read = signed("GET", host, "/test.txt", credentials, now, headers={"range": "bytes=0-9"})
    assert read["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    listed = signed("GET", host, "/", credentials, now, query={"prefix": "J", "max-keys": "2"})
    assert listed["authorization"].endswith(
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )


S3 = {
    "s3_endpoint": "https://s3.example.org",
    "s3_bucket": "school",
    "s3_access_key": "key",
    "s3_secret_key": "secret",
}


async def test_the_settings_say_where_files_are(tmp_path: Path) -> None:
    inside, elsewhere, bucket = (
        file_store(Settings(database_url=None, data=tmp_path, **given))
        for given in ({}, {"files": tmp_path / "other"}, S3)
    )
    assert isinstance(inside, FileFolder)
    assert isinstance(elsewhere, FileFolder)
    assert isinstance(bucket, FileBucket)
    assert (inside.folder, elsewhere.folder) == (tmp_path / "files", tmp_path / "other")
    assert (str(bucket.client.base_url), bucket.bucket) == ("https://s3.example.org", "school")
    await bucket.close()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (S3 | {"s3_bucket": None}, "SCHOOLGRAPH_S3_BUCKET is not set, but others of"),
        ({"s3_secret_key": "secret"}, "SCHOOLGRAPH_S3_ENDPOINT is not set, but others of"),
        (S3 | {"files": "/srv/files"}, "SCHOOLGRAPH_FILES and SCHOOLGRAPH_S3_BUCKET: both are set"),
        (S3 | {"s3_endpoint": "s3.example.org"}, "SCHOOLGRAPH_S3_ENDPOINT=s3.example.org: not the address of a server"),
        (
            S3 | {"s3_endpoint": "http://s3.example.org"},
            "SCHOOLGRAPH_S3_ENDPOINT=http://s3.example.org: a store on another machine is reached by https",
        ),
    ],
    ids=["no bucket", "a secret alone", "two places", "no address", "no TLS"],
)
def test_settings_that_say_it_in_part(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        Settings(database_url=None, **given)
    assert "secret" not in str(caught.value).replace("SECRET", "")
