"""Hashing and checking of passwords: argon2id, in a thread, since a hash takes tens of milliseconds."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("the password of nobody")


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def verify_password(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    return await asyncio.to_thread(_matches, password_hash, password)


async def verify_nobody(password: str) -> None:
    """The work of a check where there is no account, so that the answer takes as long."""
    await asyncio.to_thread(_matches, _NOBODY, password)
