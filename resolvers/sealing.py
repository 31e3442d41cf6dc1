"""Sealed texts: what the database keeps of national ids, health notes and identifying marks.

    sealed    1 | key id, 2 bytes | nonce, 12 bytes | AES-256-GCM of the text in UTF-8, its tag of 16 bytes last
    index     HMAC-SHA-256 of the text under a key of its own, for equality and uniqueness within one institution

The first three bytes, the institution, the table, the column and the record are authenticated with the text: a value
that was moved to another record, column or school cannot be opened. An index is bound to institution, table and
column, so that one person's is not the same in two schools. Several sealing keys may be known: the first one seals,
all of them open. While the index's key is changed the former one is known beside it.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from resolvers.secret import Secret

FORMAT = 1
KEY_BYTES = 32
HEADER_BYTES, NONCE_BYTES, TAG_BYTES = 3, 12, 16


class SealError(Exception):
    """A sealed value cannot be opened; the message says which one and by which key, never what it says."""


class Place(NamedTuple):
    """Where values are sealed for: a column of a table, in one institution."""

    institution_id: int
    table: str
    column: str


@dataclass(frozen=True, repr=False)
class Keys:
    """`sealing` by key id, 1 to 65535, the current one first; each key has 32 bytes."""

    sealing: Mapping[int, bytes]
    index: bytes
    former_index: bytes | None = None


def header(key_id: int) -> bytes:
    """What values begin with that were sealed with this key."""
    return bytes([FORMAT]) + key_id.to_bytes(2, "big")


def key_id_of(sealed: bytes) -> int:
    """Which key a value was sealed with; raises SealError where it is no sealed value."""
    if len(sealed) < HEADER_BYTES + NONCE_BYTES + TAG_BYTES or sealed[0] != FORMAT:
        raise SealError("not a sealed value")
    return int.from_bytes(sealed[1:HEADER_BYTES], "big")


def _bound(head: bytes, place: Place, record: int) -> bytes:
    return head + f"{place.institution_id}/{place.table}/{place.column}/{record}".encode()


class Sealer:
    """Seals and opens with the keys of this process."""

    def __init__(self, keys: Keys) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.sealing.items()}
        self.current = next(iter(keys.sealing))
        self._index_keys = [keys.index] + ([keys.former_index] if keys.former_index else [])

    @property
    def indexing_anew(self) -> bool:
        """Whether values may still stand under the former key of the index."""
        return len(self._index_keys) > 1

    def seal(self, place: Place, record: int, text: str) -> bytes:
        """The text as the database keeps it for this record; never twice the same."""
        head, nonce = header(self.current), os.urandom(NONCE_BYTES)
        return head + nonce + self._ciphers[self.current].encrypt(nonce, text.encode(), _bound(head, place, record))

    def open(self, place: Place, record: int, sealed: bytes) -> str:
        """The text that was sealed for this record; raises SealError where it was not, or the key is not known."""
        key_id = key_id_of(sealed)
        cipher = self._ciphers.get(key_id)
        where = f"{place.table}.{place.column} of record {record} in institution {place.institution_id}"
        if cipher is None:
            raise SealError(f"{where} was sealed with key {key_id}, which is not among the keys of this process")
        nonce, text = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES], sealed[HEADER_BYTES + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, _bound(sealed[:HEADER_BYTES], place, record)).decode()
        except InvalidTag:
            raise SealError(f"{where} was not sealed for it, or not with the key that is known as {key_id}") from None

    def index(self, place: Place, secret: Secret) -> bytes:
        """What the text is looked up by in this column."""
        return self.indexes(place, secret)[0]

    def indexes(self, place: Place, secret: Secret) -> list[bytes]:
        """All that the text may stand under: while the index is made anew, under the former key's too."""
        said = f"{place.institution_id}/{place.table}/{place.column}/{secret.reveal()}".encode()
        return [hmac.digest(key, said, hashlib.sha256) for key in self._index_keys]
