"""Keys as settings write them: 32 random bytes in base64; of sealing keys several, each behind its id.

    2:q83vEjRW…=,1:AAECAwQF…=        the first one seals, all of them open

What could be guessed is refused. No message shows a key or a part of one.
"""

import base64
import binascii
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, fields

from resolvers.sealing import KEY_BYTES, Keys

LARGEST_ID = 65535
# Of 32 random bytes about 30 differ; fewer than 20 come once in many millions of millions.
FEWEST_DIFFERENT = 20


def new_key() -> str:
    """A key that nobody can guess."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """Raises ValueError where the text is no key, or one that could be guessed."""
    try:
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a key is 32 bytes in base64; `python -m app keys generate` makes one") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, this one has {len(key)}")
    if _guessable(key):
        raise ValueError("a key is random, this one could be guessed; `python -m app keys generate` makes one")
    return key


def _guessable(key: bytes) -> bool:
    """All alike, counted up, repeated, or a text: none of it comes about by chance."""
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    text = all(32 <= byte < 127 for byte in key)
    return len(steps) == 1 or len(set(key)) < FEWEST_DIFFERENT or text


def parse_keys(text: str) -> dict[int, bytes]:
    """Sealing keys by id, the current one first; raises ValueError."""
    found: dict[int, bytes] = {}
    for part in text.split(","):
        name, colon, key = part.strip().partition(":")
        if not colon or not (name.isascii() and name.isdigit()) or not 1 <= int(name) <= LARGEST_ID:
            raise ValueError(f"each key is written id:key, the id from 1 to {LARGEST_ID}, with a comma between keys")
        if int(name) in found:
            raise ValueError(f"two keys have the id {int(name)}")
        try:
            found[int(name)] = parse_key(key)
        except ValueError as error:
            raise ValueError(f"key {int(name)}: {error}") from None
    check_different(list(found.values()))
    return found


def check_different(keys: list[bytes]) -> None:
    """Raises ValueError where one key does two things."""
    if len(set(keys)) < len(keys):
        raise ValueError("two keys are the same; each must be its own")


@dataclass(frozen=True, repr=False)
class KeyTexts:
    """The settings of the keys, by the names of their fields."""

    sealing_keys: str | None
    blind_index_key: str | None
    former_blind_index_key: str | None

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))

    def given(self) -> Iterator[tuple[str, str]]:
        for name in self.fields():
            if text := getattr(self, name):
                yield name, text

    def keys(self) -> Keys:
        """Raises ValueError where one of them is no good, or is missing."""
        if not self.sealing_keys or not self.blind_index_key:
            raise ValueError("sealing keys and the key of the blind index are both needed")
        former = parse_key(self.former_blind_index_key) if self.former_blind_index_key else None
        found = Keys(parse_keys(self.sealing_keys), parse_key(self.blind_index_key), former)
        check_different([*found.sealing.values(), found.index, *([former] if former else [])])
        return found
