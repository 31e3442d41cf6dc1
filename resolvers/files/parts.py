"""What the readers of the forms of pictures have in common."""

from dataclasses import dataclass


class Broken(Exception):
    """The content is not what it begins as; says what is wrong."""


@dataclass(frozen=True)
class Parts:
    """Size in pixels as the picture is shown, and the content with nothing but what shows it."""

    width: int
    height: int
    content: bytes


def piece(content: bytes, start: int, size: int) -> bytes:
    """So many bytes; raises Broken where the content ends before."""
    found = content[start : start + size]
    if len(found) < size:
        raise Broken("it ends too early")
    return found
