"""Texts that must not be seen: neither in a log, nor in an error, nor in the output of a debugger."""

import hmac
import re
from typing import NoReturn

SHOWN = "***"
# Twelve digits in three groups, however they are set apart.
NATIONAL_ID = re.compile(r"(?<![0-9])[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])")
SHORTEST = 12
# Of a session, an API key or a new password; what stands before the secret part may be told.
TOKEN = re.compile(r"(sg[skr]_[0-9]{1,18}_)[A-Za-z0-9_-]{20,}", re.ASCII)


class Secret:
    """A text that shows itself to nobody but who calls `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


def masked(text: str) -> str:
    """The text without what could be a national id or a token in it."""
    if len(text) < SHORTEST:
        return text
    text = NATIONAL_ID.sub(SHOWN, text)
    # Nearly every message has none, and putting back what stands before one costs more than looking.
    return TOKEN.sub(rf"\1{SHOWN}", text) if TOKEN.search(text) else text
