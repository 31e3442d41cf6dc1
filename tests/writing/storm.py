"""A storm of writers on one class, and what must be true after it.

Each call has a key and is sent until it is acknowledged; some are sent again after that. Meanwhile sessions are ended
under them. Afterwards every acknowledged call must have been done exactly once, as it was answered, and the audit must
lead from the rows before to the rows after.

`tests.writing.longer_storm` is a script that does it for longer, and has PostgreSQL crash and recover in between.
"""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from resolvers.context import Context
from tests.academics.marking import Class
from tests.answers import ENGINE, NOW, operation
from tests.audited import _json, compare, tracked
from tests.factories import gid
from tests.writing.conftest import Committed

WRITERS = 16
DAYS = ("2025-09-01", "2025-09-02")
STATUSES = ("PRESENT", "ABSENT", "EXCUSED", "LATE")
MARK = "mutation($input: {kind}!) {{ payload: {name}(input: $input) {{ operation {rows} errors {{ code field }} }} }}"
ROWS = "results { outcome mark { id version } } created updated"
UNDO = "mutation($input: UndoInput!) { payload: undo(input: $input) { removed restored errors { code field } } }"
Disturb = Callable[[], Awaitable[None]]


@dataclass
class Storm:
    """`told` are the answers by key; `counts` say how much of what there was."""

    committed: Committed
    given: Class
    subject: str
    chance: random.Random
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    over: bool = False
    turns: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def rage(self, seconds: float, disturb: Disturb) -> None:
        """Let all write for so long; what has been begun then is brought to its end."""
        self.over = False
        writers = [asyncio.create_task(self._write(number)) for number in range(WRITERS)]
        disturbing = asyncio.create_task(self._disturb(disturb))
        await asyncio.sleep(seconds)
        self.over = True
        await asyncio.gather(*writers, disturbing)

    async def _disturb(self, disturb: Disturb) -> None:
        while not self.over:
            await asyncio.sleep(self.chance.uniform(0.1, 0.6))
            await disturb()
            self.counts["disturbed"] += 1

    async def _write(self, number: int) -> None:
        while not self.over:
            key = f"{number}-{next(self.turns)}"
            name, asked = self._call(key)
            answer = self.told[key] = await self._until_told(key, name, asked)
            self.counts["acknowledged"] += 1
            if self.chance.random() < 0.2:
                assert await self._until_told(key, name, asked) == answer, key
                self.counts["again"] += 1
            if answer["operation"] and self.chance.random() < 0.1:
                await self._undo(key, answer["operation"])

    def _call(self, key: str) -> tuple[str, dict[str, Any]]:
        chance = self.chance
        students = chance.sample(self.given.students, chance.randint(1, len(self.given.students)))
        asked = {"course": gid(self.given.course), "date": chance.choice(DAYS), "idempotencyKey": key}
        if chance.random() < 0.3:
            marks = [{"student": gid(each), "score": str(chance.randint(0, 10))} for each in students]
            return "recordGrades", {**asked, "subject": self.subject, "marks": marks}
        marks = [{"student": gid(each), "status": chance.choice(STATUSES)} for each in students]
        return "recordAttendance", {**asked, "session": chance.choice(("AM", "PM")), "marks": marks}

    async def _until_told(self, key: str, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer that was acknowledged, without the versions, which move on."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        while True:
            payload = await self._send(key, MARK.format(kind=kind, name=name, rows=ROWS), asked)
            if payload is not None and not payload["errors"]:
                rows = [(each["outcome"], each["mark"] and each["mark"]["id"]) for each in payload["results"]]
                return {"operation": payload["operation"], "rows": rows}
            errors = payload["errors"] if payload else []
            assert all((each["code"], each["field"]) == ("CONFLICT", None) for each in errors), errors
            self.counts["sent again"] += 1
            await asyncio.sleep(0.05)

    async def _undo(self, key: str, made: str) -> None:
        payload = await self._send(f"undo-{key}", UNDO, {"operation": made})
        errors = payload["errors"] if payload else []
        assert all(each["code"] == "CONFLICT" for each in errors), errors
        self.counts["undone"] += bool(payload and not errors)

    async def _send(self, key: str, document: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """The payload; None where the operation failed, and where the payload was lost with the connection."""
        committed = self.committed
        async with Context(committed.database, committed.viewer, now=NOW, timeout=20, request_id=key) as context:
            result = await ENGINE.execute(operation(document), {"input": asked}, context)
        data: Any = result.data
        return None if result.errors or data is None else data["payload"]


async def rows_of(committed: Committed) -> dict[tuple[str, int], Any]:
    found = {}
    async with committed.owner() as owner:
        for table in tracked():
            column = "id" if table.name == "institution" else "institution_id"
            sql = f"SELECT t.id, to_jsonb(t)::text AS row FROM {table.name} t WHERE t.{column} = $1"
            for record in await owner.fetch(sql, committed.institution_id):
                found[table.name, record["id"]] = _json(record["row"])
    return found


async def check(storm: Storm, before: dict[tuple[str, int], Any]) -> None:
    """Fail unless nothing that was acknowledged is lost or doubled, and audit and rows agree."""
    async with storm.committed.owner() as owner:
        entries = await owner.fetch(
            "SELECT table_name, record_id, operation, before::text, after::text, request_id FROM audit_log ORDER BY id"
        )
        done = Counter(
            record["request_id"]
            for record in await owner.fetch("SELECT request_id FROM activity_log WHERE action LIKE '%.record'")
        )
    compare(before, await rows_of(storm.committed), list(entries))
    _check_answers(storm, entries, done)


def _check_answers(storm: Storm, entries: list[Any], done: Counter[str]) -> None:
    audited: dict[str, Counter[tuple[str, int]]] = {}
    for entry in entries:
        if entry["table_name"] in ("attendance", "grade"):
            place = entry["operation"], entry["record_id"]
            audited.setdefault(entry["request_id"], Counter())[place] += 1
    assert max(done.values()) == 1
    assert {key for key, answer in storm.told.items() if answer["operation"]} == set(done)
    operations = {"CREATED": "INSERT", "UPDATED": "UPDATE"}
    for key, answer in storm.told.items():
        found = audited.get(key, Counter())
        rows = [(operations[outcome], mark) for outcome, mark in answer["rows"] if outcome in operations]
        assert len(rows) == sum(found.values()), key
        # A mark that was taken back since is shown no more.
        told = {(how, int(mark.rsplit("_", 1)[1])) for how, mark in rows if mark is not None}
        assert told <= set(found), key
