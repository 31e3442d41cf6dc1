"""Lists of values → PostgreSQL's text of arrays, which `$1::text::bigint[]` takes.

The driver asks of each value of an array twice whether it is an array itself, which costs more than sending it. JSON is
nearly that text: null is NULL in any case of letters, and a backslash before a quote or a backslash means the same.
"""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

# What JSON writes with a letter: arrays have the character itself.
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
# Floats are none of them: JSON has null for those that are no number.
_KINDS = (str, int, Decimal, datetime.date, bytes, type(None))
_ESCAPE = re.compile(rb"\\(?:u00(..)|(.))", re.DOTALL)


def array_text(values: Sequence[Any]) -> str:
    """One array of texts, numbers, answers, days, instants or bytes; None is NULL. Raises TypeError for all else."""
    kinds = set(map(type, values))
    for kind in kinds:
        if not issubclass(kind, _KINDS):
            raise TypeError(f"values of an array cannot be {kind.__name__}")
    text = orjson.dumps(values, default=_other)
    # Of bytes each has a backslash, and none is of JSON's own.
    if b"\\" in text and bytes not in kinds:
        text = _ESCAPE.sub(_written, text)
    return f"{{{text[1:-1].decode()}}}"


def _written(escape: re.Match[bytes]) -> bytes:
    code, letter = escape.groups()
    if code is not None:
        return bytes.fromhex(code.decode())
    return _LETTERS.get(letter, escape[0])


def _other(value: bytes | Decimal) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
