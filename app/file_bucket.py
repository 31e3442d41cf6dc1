"""Files in a bucket of S3, or of a store that speaks like it: plain signed requests, the bucket in the path."""

import datetime

import httpx

from app.signing import Credentials, signed
from resolvers.files.store import FileMissing

SECONDS = 10.0


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

    async def close(self) -> None:
        await self.client.aclose()

    async def _ask(
        self, method: str, location: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        path = f"/{self.bucket}/{location}"
        host = self.client.base_url.netloc.decode("ascii")
        now = datetime.datetime.now(datetime.UTC)
        given = signed(method, host, path, self.credentials, now, content=content, headers=headers)
        response = await self.client.request(method, path, content=content, headers=given)
        if response.status_code == httpx.codes.NOT_FOUND and method != "PUT":
            raise FileMissing(location)
        if not response.is_success:
            # What it says may repeat the request; the status is enough to look it up there.
            raise BucketError(f"{method} {location}: the file store answered {response.status_code}")
        return response
