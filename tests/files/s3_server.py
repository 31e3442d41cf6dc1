"""A small server that speaks S3 over HTTP: a bucket in memory, for whoever signs requests as they must be signed.

It works the signature out from what arrives on the wire, its own way, and answers as S3 does.
"""

import contextlib
import datetime
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.http.conftest import listening

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
NEEDED = {"host", "x-amz-content-sha256", "x-amz-date"}
PATIENCE = datetime.timedelta(minutes=15)


@dataclass
class Bucket:
    """`failing` requests are answered 503 first; `refused` counts those that were not signed well."""

    name: str
    access_key: str
    secret_key: str
    region: str
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    failing: int = 0
    refused: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        content = await request.body()
        if self.failing:
            self.failing -= 1
            return Response("<Error><Code>SlowDown</Code></Error>", 503)
        if not self._is_signed(request, content):
            self.refused += 1
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403)
        bucket, _, name = request.url.path.removeprefix("/").partition("/")
        if bucket != self.name:
            return Response("<Error><Code>NoSuchBucket</Code></Error>", 404)
        if request.method == "PUT":
            self.objects[name] = content, request.headers.get("content-type", "")
            return Response(headers={"etag": hashlib.md5(content).hexdigest()})
        if request.method == "DELETE":
            self.objects.pop(name, None)
            return Response(status_code=204)
        if not name and request.query_params.get("list-type") == "2":
            return Response(self._listed(request.query_params), media_type="application/xml")
        if name not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        return Response(self.objects[name][0], media_type=self.objects[name][1])

    def _listed(self, query: Mapping[str, str]) -> str:
        """A page of one object: its token is the name that comes before the next page."""
        after = query.get("continuation-token", "")
        names = sorted(name for name in self.objects if name.startswith(query["prefix"]) and name > after)
        page = "".join(
            f"<Contents><Key>{name}</Key><LastModified>2026-03-02T08:00:00.000Z</LastModified></Contents>"
            for name in names[:1]
        )
        following = f"<NextContinuationToken>{names[0]}</NextContinuationToken>" if names[1:] else ""
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{page}{following}</ListBucketResult>'

    def _is_signed(self, request: Request, content: bytes) -> bool:
        said = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if said is None or (said["key"], said["region"]) != (self.access_key, self.region):
            return False
        names = said["names"].split(";")
        if names != sorted(names) or not set(names) >= NEEDED:
            return False
        if request.headers["x-amz-content-sha256"] != hashlib.sha256(content).hexdigest():
            return False
        stamp = request.headers["x-amz-date"]
        at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        if abs(datetime.datetime.now(datetime.UTC) - at) > PATIENCE or stamp[:8] != said["day"]:
            return False
        return hmac.compare_digest(said["signature"], self._signature(request, names, stamp))

    def _signature(self, request: Request, names: list[str], stamp: str) -> str:
        pairs = sorted(parse_qsl(request.url.query, keep_blank_values=True))
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
        lines = [request.method, request.scope["raw_path"].decode(), query]
        lines += [f"{name}:{request.headers[name]}" for name in names]
        lines += ["", ";".join(names), request.headers["x-amz-content-sha256"]]
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        key = b"AWS4" + self.secret_key.encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@contextlib.asynccontextmanager
async def serving_bucket() -> AsyncIterator[tuple[Bucket, str]]:
    """A bucket, and the address of its server."""
    bucket = Bucket("school-files", "AKIDEXAMPLE", "a secret/of+the store", "eu-central-1")
    async with listening(bucket) as port:
        yield bucket, f"http://127.0.0.1:{port}"
