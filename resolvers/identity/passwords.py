"""Passwords: which are accepted, and how they are hashed and checked.

argon2id takes tens of milliseconds and 64 MiB a hash, so it runs in threads of its own, of which there are few.
Accounts that came from elsewhere may have a bcrypt hash: it is checked, and replaced when its password is next seen.
"""

import asyncio
import re
import string
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from resolvers.errors import Invalid

SHORTEST = 8
MAX_BYTES = 1024
# Shorter names are part of too many good passwords.
SHORTEST_NAME = 3
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii").split())
# What people put behind a common word to make it pass.
TRIMMINGS = string.digits + string.punctuation + string.whitespace

_HASHER = PasswordHasher()
_BCRYPT = re.compile(r"\$2[aby]\$(?P<cost>\d\d)\$[./A-Za-z0-9]{53}")
# bcrypt never looks further, and its library refuses what is longer.
BCRYPT_BYTES = 72
# Each step doubles the time; 15 takes some seconds, and nobody's hash may keep a thread for a day.
BCRYPT_COST = 15
# Of a password that nobody knows, made with the parameters above.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$RWCJoPtXcQ8xoWZIGkuLZQ$XdG9a6pDl6oySsDg8Jyl/hfLrpw8qu/HJZ/aYKsrsuM"
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="passwords")


def _bytes(password: str) -> bytes:
    """One form for what looks alike, however the keyboard wrote it; half a surrogate pair has bytes too."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _too_common(password: str) -> bool:
    folded = password.casefold()
    return folded in COMMON or folded.rstrip(TRIMMINGS) in COMMON or len(set(folded)) == 1


def check_password(password: str, *, username: str | None, shortest: int = SHORTEST, field: str = "password") -> None:
    """Refuse what is easily guessed; raises Invalid, whose message never shows the password.

    `shortest` is in characters, and never less than 8; `field` is what the input calls the password.
    """
    shortest = max(shortest, SHORTEST)
    if len(password) < shortest:
        raise Invalid(f"{field}: has {len(password)} characters, at least {shortest} are needed", field=field)
    if len(_bytes(password)) > MAX_BYTES:
        raise Invalid(f"{field}: has more than {MAX_BYTES} bytes", field=field)
    if _too_common(password):
        raise Invalid(f"{field}: is one of the most common passwords", field=field)
    if username and len(username) >= SHORTEST_NAME and username.casefold() in password.casefold():
        raise Invalid(f"{field}: contains the user name", field=field)


def _matches_bcrypt(password_hash: str, password: str) -> bool:
    # As the other system was given it: that one knew nothing of forms that look alike.
    typed = password.encode("utf-8", "surrogatepass")[:BCRYPT_BYTES]
    try:
        return bcrypt.checkpw(typed, password_hash.encode("ascii"))
    except ValueError:
        return False


def _matches(password_hash: str, password: str) -> bool:
    imported = _BCRYPT.fullmatch(password_hash)
    if imported is not None:
        return int(imported["cost"]) <= BCRYPT_COST and _matches_bcrypt(password_hash, password)
    try:
        return _HASHER.verify(password_hash, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


async def hash_password(password: str) -> str:
    """The argon2id hash of an accepted password, about 100 characters."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, _bytes(password))


async def verify_password(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed; False too where the hash is none."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, password_hash, password)


def is_outdated(password_hash: str) -> bool:
    """Whether a hash that has just been verified should be replaced: another algorithm, or weaker parameters."""
    return _BCRYPT.fullmatch(password_hash) is not None or _HASHER.check_needs_rehash(password_hash)


async def verify_nobody(password: str) -> None:
    """The work of a check where there is no account, so that the answer takes as long."""
    await verify_password(_NOBODY, password)
