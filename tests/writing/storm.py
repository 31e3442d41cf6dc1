"""A storm of writers on one class, who come through HTTP while processes are killed under them.

Each call is sent under a key, again and again until it is acknowledged; some are sent once more after that, and some
are undone. What has no key of its own, a drop or an undoing, is given up where its answer may have been lost: it may
have been done, once. What must be true afterwards is in `tests.writing.storm_checks`.

`tests.writing.longer_storm` is a script that does it for as long as it is told.
"""

import asyncio
import datetime
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.factories import gid
from tests.writing.storm_site import Place

WRITERS = 16
# It is the second of these days at first, and at most the last: the more students have been dropped, the later.
FIRST, BEGIN, LAST = datetime.date(2025, 6, 1), datetime.date(2025, 8, 1), datetime.date(2025, 10, 30)
STATUSES = ("PRESENT", "ABSENT", "EXCUSED", "LATE")
CALL = "mutation($input: {kind}!) {{ payload: {name}(input: $input) {{ {shown} errors {{ code field message }} }} }}"
ROWS = "operation results {{ outcome row: {record} {{ id }} }}"
MARKED, ENROLLED = ROWS.format(record="mark"), ROWS.format(record="enrollment")
SPANS = "query($id: ID!) { payload: student(id: $id) { enrollments { id version status endDate } } }"
WRITTEN = ("CREATED", "UPDATED")
# Of a call that is acknowledged: whether it has done something, the rows that it has written, and what undoes it.
Answer = dict[str, Any]


def kind_of(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}Input"


def passing(errors: list[dict[str, Any]]) -> bool:
    """Whether the server gave way to others: nothing was done, and the same again may be."""
    return any(each["code"] == "TIMEOUT" or (each["code"], each["field"]) == ("CONFLICT", None) for each in errors)


@dataclass
class Storm:
    """`told` are the answers by key, `unsure` the keys of calls whose answer was lost; `counts` what there was."""

    place: Place
    told: dict[str, Answer] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    over: bool = False
    turns: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    client: httpx.AsyncClient = field(init=False)

    async def rage(self, seconds: float, disturbances: list[str]) -> None:
        """Let all write, and these things happen one after the other, for so long at least.

        What has been begun then is brought to its end.
        """
        self.over = False
        headers = {"authorization": f"Bearer {self.place.key}"}
        client = httpx.AsyncClient(headers=headers, timeout=20)
        async with client as self.client, asyncio.TaskGroup() as group:
            for number in range(WRITERS):
                group.create_task(self._write(number))
            group.create_task(self._disturb(seconds, disturbances))

    async def _disturb(self, seconds: float, disturbances: list[str]) -> None:
        known = self.place.site.disturbances()
        pause = seconds / (len(disturbances) + 1)
        for what in disturbances:
            await asyncio.sleep(pause * self.place.chance.uniform(0.5, 1))
            await known[what]()
            self.counts[what] += 1
        await asyncio.sleep(pause)
        self.over = True

    async def _write(self, number: int) -> None:
        while not self.over:
            key = f"{number}-{next(self.turns)}"
            if self.place.chance.random() < 0.3:
                await self._move(key)
            else:
                await self._mark(key)

    async def _mark(self, key: str) -> None:
        """Mark some of the class, now and then twice; and take it back, now and then."""
        name, asked = self._marks(key)
        answer = await self._keyed(key, name, asked, MARKED)
        if answer["operation"] and self.place.chance.random() < 0.1:
            await self._once(f"undo-{key}", "undo", {"operation": answer["operation"]}, "removed")

    def _marks(self, key: str) -> tuple[str, dict[str, Any]]:
        chance, given = self.place.chance, self.place.given
        students = chance.sample(given.students, chance.randint(1, len(given.students)))
        asked = {"course": gid(given.course), "date": str(self._day()), "idempotencyKey": key, "mode": "VALID_ROWS"}
        if chance.random() < 0.3:
            marks = [{"student": gid(each), "score": str(chance.randint(0, 10))} for each in students]
            return "recordGrades", {**asked, "subject": self.place.subject, "marks": marks}
        marks = [{"student": gid(each), "status": chance.choice(STATUSES)} for each in students]
        return "recordAttendance", {**asked, "session": chance.choice(("AM", "PM")), "marks": marks}

    @property
    def today(self) -> datetime.date:
        """The day on which students are dropped: all marks are of this day and before."""
        return min(BEGIN + datetime.timedelta(days=self.counts["dropEnrollment"] // 2), LAST)

    def _day(self) -> datetime.date:
        """One of a few, so that marks are given again; or the last days, on which some have just been dropped."""
        if self.place.chance.random() < 0.5:
            return FIRST + datetime.timedelta(days=self.place.chance.randint(0, 3))
        return self.today - datetime.timedelta(days=self.place.chance.randint(0, 1))

    async def _move(self, key: str) -> None:
        """Drop a student who is in the course, or enrol again who was dropped."""
        student = gid(self.place.chance.choice(self.place.given.students))
        last = (await self._read(SPANS, {"id": student}))["enrollments"][-1]
        if last["status"] == "DROPPED":
            begin = datetime.date.fromisoformat(last["endDate"]) + datetime.timedelta(days=1)
            asked = {"course": gid(self.place.given.course), "students": [student], "beginDate": str(begin)}
            await self._keyed(key, "enrollStudents", {**asked, "mode": "VALID_ROWS", "idempotencyKey": key}, ENROLLED)
        else:
            asked = {"id": last["id"], "version": last["version"], "dropDate": str(self.today), "dropReason": key}
            await self._once(f"drop-{key}", "dropEnrollment", asked, "enrollment { id }")

    async def _keyed(self, key: str, name: str, asked: dict[str, Any], shown: str) -> Answer:
        """Sent until it is acknowledged, and perhaps once more, when it must be answered as before."""
        answer = self.told[key] = await self._until_told(key, name, asked, shown)
        self.counts[name] += 1
        if self.place.chance.random() < 0.2:
            assert await self._until_told(key, name, asked, shown) == answer, key
            self.counts["told again"] += 1
        return answer

    async def _until_told(self, key: str, name: str, asked: dict[str, Any], shown: str) -> Answer:
        while True:
            payload = await self._send(key, CALL.format(kind=kind_of(name), name=name, shown=shown), {"input": asked})
            if payload is not None and not payload["errors"]:
                rows = [(each["outcome"], each["row"] and each["row"]["id"]) for each in payload["results"]]
                made = payload["operation"]
                return {"operation": made, "done": made is not None, "rows": [row for row in rows if row[0] in WRITTEN]}
            assert payload is None or passing(payload["errors"]), (key, payload)
            self.counts["sent again"] += 1
            await asyncio.sleep(self.place.chance.uniform(0.1, 0.4))

    async def _once(self, key: str, name: str, asked: dict[str, Any], shown: str) -> None:
        """Sent once: refused, done, or it is not known."""
        payload = await self._send(key, CALL.format(kind=kind_of(name), name=name, shown=shown), {"input": asked})
        if payload is None:
            self.unsure.add(key)
        elif not payload["errors"]:
            self.told[key] = {"done": True, "rows": []}
            self.counts[name] += 1
        else:
            assert {each["code"] for each in payload["errors"]} <= {"CONFLICT", "TIMEOUT", "BAD_USER_INPUT"}, payload
            self.counts[f"{name} refused"] += 1

    async def _read(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        while True:
            found = await self._send("reading", document, variables)
            if found is not None:
                return found
            await asyncio.sleep(0.1)

    async def _send(self, key: str, document: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """The payload; None where the operation failed, and where its answer was lost."""
        body = {"query": document, "variables": variables}
        try:
            address = self.place.chance.choice(self.place.site.addresses)
            response = await self.client.post(f"{address}/graphql", json=body, headers={"x-request-id": key})
        except httpx.TransportError:
            self.counts["answers lost"] += 1
            return None
        answer = response.json()
        assert response.status_code != 400, answer
        return None if not answer.get("data") else answer["data"]["payload"]
