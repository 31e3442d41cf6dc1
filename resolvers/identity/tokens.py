"""Secrets that somebody outside holds: tokens of sessions, API keys, and tokens with which a password is set.

    sgs_<institution>_<secret>    a session          sgk_… an API key          sgr_… a new password

The institution stands in them so that the tenant can be set before the secret is looked up. They are shown once and
stored as their SHA-256: a secret of 256 random bits needs no slow hash.
"""

import hashlib
import re
import secrets
from enum import StrEnum

_FORM = re.compile(r"(sg[skr])_(\d{1,18})_[A-Za-z0-9_-]{20,100}", re.ASCII)
SECRET_BYTES = 32


class Kind(StrEnum):
    SESSION = "sgs"
    KEY = "sgk"
    RESET = "sgr"


def new_token(kind: Kind, institution_id: int) -> str:
    return f"{kind}_{institution_id}_{secrets.token_urlsafe(SECRET_BYTES)}"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def read_token(token: str) -> tuple[Kind, int] | None:
    """The kind and the institution that a token names; None where it cannot be one. Says nothing of it being good."""
    match = _FORM.fullmatch(token)
    return (Kind(match[1]), int(match[2])) if match else None
