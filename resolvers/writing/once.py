"""A call that is sent twice under one key is carried out once: its answer is kept, and told again.

The key is claimed before anything else is done, and the answer kept in the same transaction. Whoever sends the same key
meanwhile waits for it, and then finds the answer; where the first has refused, and so left nothing, the second does it.
Answers are kept for as long as the school's setting RETENTION_DAYS_IDEMPOTENCY_KEY says.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol, Self, TypeVar

import orjson

from models import IdempotencyKey
from resolvers.constraints import Rule
from resolvers.errors import Conflict, Invalid
from resolvers.unit_of_work import UnitOfWork
from resolvers.upload import Upload
from resolvers.writing.bounds import check_bounds
from resolvers.writing.content import table_of
from resolvers.writing.json_values import as_json

FIELD = "idempotencyKey"
OTHERS = Rule(Conflict, FIELD, "has been used for another request")
ERASED = Rule(Conflict, FIELD, "has been used, and its answer has been erased since")
# What the erasure of a person leaves of a value.
BLOTTED = "[erased]"
_CLAIM = (
    "INSERT INTO idempotency_key (institution_id, actor_kind, actor_id, key, request_hash, answer, created_at)"
    " VALUES ($1, $2, $3, $4, $5, '{}', $6)"
    " ON CONFLICT (institution_id, actor_kind, actor_id, key) DO NOTHING RETURNING id"
)
_PLACE = "institution_id = $1 AND actor_kind = $2 AND actor_id = $3 AND key = $4"
_FIND = f"SELECT request_hash, answer::text FROM idempotency_key WHERE {_PLACE}"
_KEEP = f"UPDATE idempotency_key SET answer = $5 WHERE {_PLACE}"


class Keepable(Protocol):
    """What a mutation returns and may be told again, where it is more than the key of a record."""

    def kept(self) -> dict[str, Any]:
        """All that its payload is made of, as JSON."""

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> Self:
        """The same again."""


K = TypeVar("K", bound=type[Keepable])
_kinds: dict[str, type[Keepable]] = {}


def keepable(kind: K) -> K:
    """Let results of this class be kept."""
    _kinds[kind.__name__] = kind
    return kind


@dataclasses.dataclass(frozen=True)
class Call:
    """What is asked of which mutation, under which key of the caller's."""

    key: str
    mutation: str
    asked: Mapping[str, Any]

    def check(self) -> None:
        """Raise Invalid on a key that is none."""
        if not self.key.strip():
            raise Invalid(f"{FIELD}: is empty; send null for none", field=FIELD)
        try:
            check_bounds(table_of(IdempotencyKey).columns["key"], self.key)
        except Invalid as error:
            raise Invalid(error.message.replace("key:", f"{FIELD}:", 1), field=FIELD) from error

    def digest(self, unit: UnitOfWork) -> bytes:
        """SHA-256 of what is asked, and by what kind of actor: users and API keys are counted apart."""
        text = as_json([self.mutation, unit.author.kind.value, _plain(self.asked)])
        return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    """Mappings in the order of their names, and numbers alike however they are written; files by their content."""
    if isinstance(value, Upload):
        return value.sha256.hex()
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, type):
        return value.__name__
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _place(unit: UnitOfWork, call: Call) -> tuple[int, str, int | None, str]:
    """What an answer is kept under: a user and an API key of the same number are two."""
    return unit.institution_id, unit.author.kind.value, unit.author.id, call.key


async def claim(unit: UnitOfWork, call: Call) -> Callable[[], Any] | None:
    """Take the key, and give what tells the answer that is kept under it; None: the call is new.

    Raises Conflict where the key was for another call, or the answer has been erased.
    """
    call.check()
    driver, digest = await unit.driver(), call.digest(unit)
    place = _place(unit, call)
    if await driver.fetchval(_CLAIM, *place, digest, unit.author.at) is not None:
        return None
    found = await driver.fetchrow(_FIND, *place)
    if found is None or found["request_hash"] != digest:
        raise OTHERS.error(call.key)
    return lambda: _read(call, found["answer"])


def _read(call: Call, text: str) -> Any:
    if BLOTTED in text:
        raise ERASED.error(call.key)
    kept = orjson.loads(text)
    return kept["key"] if "key" in kept else _kinds[kept["kind"]].told(kept["value"])


async def keep_answer(unit: UnitOfWork, call: Call, result: Any) -> None:
    """Keep what a mutation returned: the key of a record, None, or a result of a class that can be kept."""
    if result is None or isinstance(result, int):
        answer: dict[str, Any] = {"key": result}
    else:
        kind = type(result).__name__
        if kind not in _kinds:
            raise TypeError(f"{call.mutation} takes a key, but nothing says how to keep its {kind}")
        answer = {"kind": kind, "value": result.kept()}
    await (await unit.driver()).execute(_KEEP, *_place(unit, call), as_json(answer))
