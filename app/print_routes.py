"""Printed reports over HTTP, for whoever may ask the API for the same figures.

    GET /reports/card?course=…&semester=…[&student=…[&edition=…]]     report cards of a class, or of one student
    GET /reports/class?course=…&semester=…                a class at a glance
    GET /reports/attendance?course=…&from=…&to=…          the attendance of a course between two days

Each takes `format` (pdf, html or csv; pdf where it is absent) and `language` (the school's own where it is absent).
Ids and days are written as in the API. Errors are the API's own, in JSON.
"""

import asyncio
import datetime
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.bound import Bound, Disconnected
from app.credentials import signed_in
from app.endpoint import Contexts
from app.failures import Refusal, timed_out
from app.operation_log import OperationLine
from app.printing.parts import Document
from app.printing.report import PURPOSES, Printed, compose, logo_for, write
from app.printing.wanted import Format, Kind, Wanted
from app.request_ids import id_of
from app.status import GRAPHQL_RESPONSE, LEGACY, Outcome
from app.tables.gate import Gate
from resolvers.errors import Invalid, Unauthenticated

# Laying out takes the processor and no breaks, so a process does one at a time, beside what else it serves.
_PRINTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
# So many wait for the printer or are printed; whoever comes then is told to come again.
MOST = 8
PARAMETERS: Mapping[Kind, Collection[str]] = {
    Kind.CARD: ("course", "semester", "student", "edition"),
    Kind.CLASS: ("course", "semester"),
    Kind.ATTENDANCE: ("course", "from", "to"),
}
COMMON = ("format", "language")
# A page that somebody's own words stand in runs nothing and loads nothing, whatever the words are.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
GUARDS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def print_routes(seconds: float, slow: float, origins: Collection[str]) -> list[BaseRoute]:
    """A report may take `seconds`, and is logged as slow after `slow` ones; `origins` are the endpoint's."""
    gate = Gate(MOST, "report")
    return [Route(f"/reports/{kind.value}", Printing(kind, seconds, slow, origins, gate)) for kind in Kind]


class Abandoned(Exception):
    """Nobody waits for the report any more."""


class Printing:
    """An ASGI application for one report; finds the database in the application's `state.database`.

    The `gate` is that of all reports.
    """

    def __init__(self, kind: Kind, seconds: float, slow: float, origins: Collection[str], gate: Gate) -> None:
        self.kind = kind
        self.seconds = seconds
        self.slow = slow
        self.origins = origins
        self.gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        line = OperationLine(self.slow, operation=PURPOSES[self.kind], kind="report")
        try:
            response = await self._answer(request, line)
            line.status, line.size = response.status_code, len(response.body)
            await response(scope, receive, send)
        except Disconnected:
            line.status = None
        finally:
            line.write()

    async def _answer(self, request: Request, line: OperationLine) -> Response:
        """What the client is told, whatever happens: the last place where an exception can be."""
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refusal.of(Outcome.METHOD, "Reports are served by GET", headers={"allow": "GET, HEAD"})
            return _response(await self._print(request, line))
        except Disconnected:
            raise
        except Exception as error:
            return _refused(Refusal.whatever(error), line)

    async def _print(self, request: Request, line: OperationLine) -> Printed:
        try:
            with Bound(request.receive, self.seconds, listening=True):
                wanted, format_ = self._wanted(request)
                return await self._printed(request, line, wanted, format_)
        except TimeoutError:
            raise timed_out(self.seconds) from None

    async def _printed(self, request: Request, line: OperationLine, wanted: Wanted, format_: Format) -> Printed:
        contexts: Contexts = request.app.state.database
        viewer = await signed_in(request, contexts.viewer, self.origins)
        if viewer is None:
            raise Unauthenticated("Sign in first: reports are printed for nobody else")
        opening = contexts.context(viewer, request_id=id_of(request.scope), timeout=self.seconds)
        with ExitStack() as place:
            place.enter_context(self.gate.entered(viewer))
            async with opening as context:
                try:
                    document = await compose(context, wanted)
                finally:
                    line.statements = context.statements
            # The connection is given back before the store is asked, which may be slow.
            logo = await logo_for(document, format_, context)
            return await _laid_out(document, format_, logo, place)

    def _given(self, request: Request) -> Mapping[str, str]:
        known = (*PARAMETERS[self.kind], *COMMON)
        given: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if name not in known:
                raise Invalid(f"{name}: is not one of {', '.join(known)}", field=name)
            if name in given:
                raise Invalid(f"{name}: is given twice", field=name)
            given[name] = value
        return given

    def _wanted(self, request: Request) -> tuple[Wanted, Format]:
        """What the address asks for. Raises Invalid naming the parameter."""
        given = self._given(request)
        if "course" not in given:
            raise Invalid("course: is missing", field="course")
        wanted = Wanted(
            self.kind,
            course=given["course"],
            semester=given.get("semester"),
            student=given.get("student"),
            since=_day(given, "from"),
            to=_day(given, "to"),
            language=given.get("language"),
            edition=_number(given, "edition"),
        )
        return wanted, _format(given.get("format", Format.PDF.value))


async def _laid_out(document: Document, format_: Format, logo: bytes | None, place: ExitStack) -> Printed:
    """Has the printer write it; `place` is left when the printer is done with it, however soon nobody waits."""
    abandoned = threading.Event()

    def advance(_: int) -> None:
        if abandoned.is_set():
            raise Abandoned

    loop = asyncio.get_running_loop()
    job = _PRINTER.submit(partial(write, document, format_, advance, logo=logo))
    leave = place.pop_all().close
    job.add_done_callback(lambda _: loop.call_soon_threadsafe(leave))
    try:
        return await asyncio.wrap_future(job)
    finally:
        abandoned.set()


def _format(text: str) -> Format:
    try:
        return Format(text)
    except ValueError:
        known = ", ".join(each.value for each in Format)
        raise Invalid(f"format: {text!r} is not one of {known}", field="format") from None


def _number(given: Mapping[str, str], name: str) -> int | None:
    if name not in given:
        return None
    # Longer ones are no 32-bit integers.
    if not (given[name].isascii() and given[name].isdecimal() and len(given[name]) < 10):
        raise Invalid(f"{name}: {given[name]!r} is not a number such as 1", field=name)
    return int(given[name])


def _day(given: Mapping[str, str], name: str) -> datetime.date | None:
    if name not in given:
        return None
    try:
        return datetime.date.fromisoformat(given[name])
    except ValueError:
        raise Invalid(f"{name}: {given[name]!r} is not a day such as 2025-06-01", field=name) from None


def _response(printed: Printed) -> Response:
    headers = {**GUARDS, "content-disposition": f'inline; filename="{_plain(printed.name)}"'}
    return Response(printed.content, headers=headers, media_type=printed.media_type)


def _plain(name: str) -> str:
    """As much of a file's name as every client understands."""
    return name.encode("ascii", "ignore").decode().strip("-") or "report"


def _refused(refusal: Refusal, line: OperationLine) -> Response:
    line.codes = tuple(sorted({error["extensions"]["code"] for error in refusal.errors}))
    body = orjson.dumps({"errors": refusal.errors})
    status = refusal.outcome.status(GRAPHQL_RESPONSE)
    return Response(body, status, {**GUARDS, **refusal.headers}, LEGACY)
