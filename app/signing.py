"""AWS Signature Version 4, as S3 and what speaks like it ask for it: a request is signed with a key of the day."""

import datetime
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

ALGORITHM, SERVICE, TERMINATOR = "AWS4-HMAC-SHA256", "s3", "aws4_request"


@dataclass(frozen=True)
class Credentials:
    """Who signs, and for which region."""

    access_key: str
    secret_key: str
    region: str


def signed(
    method: str,
    host: str,
    path: str,
    credentials: Credentials,
    now: datetime.datetime,
    *,
    content: bytes = b"",
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a request, `headers` and their signature included; `now` is in UTC, `path` not encoded yet."""
    digest = hashlib.sha256(content).hexdigest()
    given = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}", **(headers or {})}
    named = ";".join(sorted(given))
    request = "\n".join(
        [
            method,
            quote(path),
            canonical_query(query or {}),
            *(f"{name}:{given[name].strip()}" for name in sorted(given)),
            "",
            named,
            digest,
        ]
    )
    scope = f"{now:%Y%m%d}/{credentials.region}/{SERVICE}/{TERMINATOR}"
    text = "\n".join([ALGORITHM, given["x-amz-date"], scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = hmac.digest(_key(credentials, now), text.encode(), "sha256").hex()
    authorization = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope},SignedHeaders={named},Signature={signature}"
    )
    return given | {"authorization": authorization}


def canonical_query(query: Mapping[str, str]) -> str:
    """The query as it is signed, and must be sent."""
    return "&".join(f"{quote(name, safe='')}={quote(query[name], safe='')}" for name in sorted(query))


def _key(credentials: Credentials, now: datetime.datetime) -> bytes:
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (f"{now:%Y%m%d}", credentials.region, SERVICE, TERMINATOR):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
