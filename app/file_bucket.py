"""Files in a bucket of S3, or of a store that speaks like it: plain signed requests, the bucket in the path."""

import datetime
from collections.abc import AsyncIterator, Mapping
from xml.etree import ElementTree

import httpx

from app.file_folder import LOCATION
from app.signing import Credentials, canonical_query, signed
from resolvers.files.store import FileMissing

SECONDS = 10.0
_IN = "{*}"


class BucketError(Exception):
    """The store has not done what was asked; says what it answered."""


class FileBucket:
    """A `resolvers.files.store.FileStore`; `endpoint` is like `https://s3.eu-central-1.amazonaws.com`."""

    def __init__(self, endpoint: str, bucket: str, credentials: Credentials) -> None:
        self.bucket = bucket
        self.credentials = credentials
        self.client = httpx.AsyncClient(base_url=endpoint, timeout=SECONDS, follow_redirects=False)

    async def put(self, location: str, content: bytes, content_type: str) -> None:
        await self._ask("PUT", location, content, {"content-type": content_type})

    async def get(self, location: str) -> bytes:
        return (await self._ask("GET", location)).content

    async def remove(self, location: str) -> None:
        try:
            await self._ask("DELETE", location)
        except FileMissing:
            return

    async def left(self, institution_id: int, before: datetime.datetime) -> AsyncIterator[str]:
        query = {"list-type": "2", "prefix": f"{institution_id}/"}
        while True:
            page = ElementTree.fromstring((await self._ask("GET", "", query=query)).content)
            for found in page.findall(f"{_IN}Contents"):
                location = found.findtext(f"{_IN}Key", "")
                written = datetime.datetime.fromisoformat(found.findtext(f"{_IN}LastModified", ""))
                # Nothing but what this program has put there: others may keep things of theirs in the bucket.
                if written < before and LOCATION.fullmatch(location):
                    yield location
            following = page.findtext(f"{_IN}NextContinuationToken")
            if following is None:
                return
            query |= {"continuation-token": following}

    async def close(self) -> None:
        await self.client.aclose()

    async def _ask(
        self,
        method: str,
        location: str,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        path = f"/{self.bucket}/{location}" if location else f"/{self.bucket}"
        host = self.client.base_url.netloc.decode("ascii")
        now = datetime.datetime.now(datetime.UTC)
        given = signed(method, host, path, self.credentials, now, content=content, query=query, headers=headers)
        address = f"{path}?{canonical_query(query)}" if query else path
        response = await self.client.request(method, address, content=content, headers=given)
        if response.status_code == httpx.codes.NOT_FOUND and method != "PUT" and location:
            raise FileMissing(location)
        if not response.is_success:
            # What it says may repeat the request; the status is enough to look it up there.
            raise BucketError(f"{method} {location or 'the list'}: the file store answered {response.status_code}")
        return response
