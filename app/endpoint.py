"""/graphql: an HTTP request → one operation → one JSON response.

    negotiate → read → document → operation → viewer → execute → encode

Each step may raise a Refusal, a resolver anything; every way ends in `respond` with a JSON body, or with nothing when
the client has gone. The operation is cancelled when its time is up and when its client disconnects.
"""

import contextlib
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from graphql import OperationType
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.answers import Answer, completed, refused, respond
from app.bound import Bound, Disconnected
from app.calls import Call, read_call, slow_body
from app.credentials import set_cookie, signed_in, trusts, viewer_of
from app.documents import Documents
from app.engine import Engine
from app.failures import OPERATION_RESOLUTION_FAILURE, Refusal, timed_out
from app.form_parts import UploadBounds
from app.limits import Limits
from app.negotiation import negotiate
from app.operation_log import OperationLine
from app.request_ids import current, id_header, id_of, identify
from app.status import GRAPHQL_RESPONSE, LEGACY, Outcome
from app.tables.gate import Gate
from app.uploads import brings_files, check_preflight, read_files
from resolvers.client import Client
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from resolvers.institution.upload_size import largest_upload
from resolvers.viewer import Viewer
from schema.execution.operation import Operation

AGENT_CHARACTERS, ADDRESS_CHARACTERS = 500, 50
# Mutations of thousands of records, or of all that is known of one.
BULK = frozenset({"applyRollover", "eraseSubject", "importStudents", "planRollover", "undo"})


class Contexts(Protocol):
    """What the endpoint needs of the database."""

    async def viewer(self, token: str, address: str | None) -> Viewer:
        """Who holds a token; raises Unauthenticated when nobody does, or no longer.

        Raises RateLimited where the address brings too many such tokens.
        """

    def context(
        self, viewer: Viewer | None, *, request_id: str, timeout: float, client: Client | None = None
    ) -> AbstractAsyncContextManager[Context]:
        """The context of one operation; `timeout` in seconds."""


@dataclass(frozen=True)
class Bounds:
    """What a request may take: bytes of body, seconds of time. An operation over `slow` seconds is logged as such.

    `bulk` seconds are for mutations that are about a whole school.

    A request may bring so many `files`, and take `upload` seconds to bring them; so many `uploads` are taken at once.
    """

    body: int
    read: float
    mutation: float
    slow: float
    files: int
    upload: float
    uploads: int
    bulk: float

    def seconds(self, operation: Operation) -> float:
        """How long an operation may take."""
        if operation.kind is not OperationType.MUTATION:
            return self.read
        return self.bulk if _is_bulk(operation) else self.mutation


class Endpoint:
    """An ASGI application for one path; finds the database in the application's `state.database`.

    Pages of the `origins` may use the session cookie, besides its own.
    """

    def __init__(self, engine: Engine, limits: Limits, bounds: Bounds, origins: Collection[str] = ()) -> None:
        self.engine = engine
        self.origins = origins
        self.documents = Documents(engine, limits)
        self.bounds = bounds
        # Neither a user nor a school has all places, though they send nothing for as long as they may.
        self.gate = Gate(bounds.uploads, "upload", each=bounds.uploads // 4 or 1, shared=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = identify(scope)
        token = current.set(request_id)
        request = Request(scope, receive)
        line = OperationLine(self.bounds.slow)
        try:
            media_type = negotiate(request.headers.get("accept"))
            answer = await self._answer(request, line, media_type)
            await respond(answer, media_type or LEGACY, line, send, id_header(request_id))
        except Disconnected:
            line.status = None
        finally:
            line.write()
            current.reset(token)

    async def _answer(self, request: Request, line: OperationLine, media_type: str | None) -> Answer:
        """What the client is told, whatever happens: the last place where an exception can be."""
        try:
            if media_type is None:
                message = f"No media type of the answer is accepted: accept {GRAPHQL_RESPONSE} or {LEGACY}"
                raise Refusal.of(Outcome.NOT_ACCEPTABLE, message)
            return await self._serve(request, line)
        except Disconnected:
            raise
        except Exception as error:
            return refused(Refusal.whatever(error))

    async def _serve(self, request: Request, line: OperationLine) -> Answer:
        """The body and the operation each have their time; one `Bound` measures both."""
        files = brings_files(request)
        seconds = self.bounds.upload if files else self.bounds.read
        try:
            with Bound(request.receive, seconds) as bound, contextlib.ExitStack() as place:
                call = await self._call(request, place, files=files)
                operation = self._operation(request, line, call)
                seconds = self.bounds.seconds(operation)
                bound.listen(seconds)
                return await self._execute(request, line, call, operation, seconds)
        except TimeoutError:
            raise (slow_body(seconds) if line.kind is None else timed_out(seconds)) from None

    async def _call(self, request: Request, place: contextlib.ExitStack, *, files: bool) -> Call:
        """What is asked; `place` is left, and files are closed, when it has been answered."""
        if not files:
            return await read_call(request, max_bytes=self.bounds.body)
        check_preflight(request)
        contexts: Contexts = request.app.state.database
        viewer = await signed_in(request, contexts.viewer, self.origins)
        if viewer is None:
            raise Unauthenticated("Sign in first: files are taken from nobody else")
        place.enter_context(self.gate.entered(viewer))
        opening = contexts.context(viewer, request_id=id_of(request.scope), timeout=self.bounds.read)
        async with opening as context:
            megabytes = await largest_upload(context)
        call = await read_files(request, UploadBounds(self.bounds.body, self.bounds.files, megabytes))
        place.callback(call.close)
        return call

    def _operation(self, request: Request, line: OperationLine, call: Call) -> Operation:
        operation = self.documents.load(call.query).operation(call.operation_name)
        line.operation = operation.name
        line.kind = operation.kind.value
        _check_method(request.method, operation.kind)
        return operation

    async def _execute(
        self, request: Request, line: OperationLine, call: Call, operation: Operation, seconds: float
    ) -> Answer:
        contexts: Contexts = request.app.state.database
        viewer = await viewer_of(request, contexts.viewer, operation, self.origins)
        # A read keeps no record of where it came from.
        client = _client(request, self.origins) if operation.kind is OperationType.MUTATION else None
        opening = contexts.context(viewer, request_id=id_of(request.scope), timeout=seconds, client=client)
        async with opening as context:
            context.patient = _is_bulk(operation)
            try:
                answer = completed(await self.engine.execute(operation, call.variables, context))
            finally:
                line.statements = context.statements
        if context.cookie is None:
            return answer
        return replace(answer, headers={**answer.headers, "set-cookie": set_cookie(request.headers, context.cookie)})


def _is_bulk(operation: Operation) -> bool:
    return operation.kind is OperationType.MUTATION and bool(operation.roots & BULK)


def _client(request: Request, origins: Collection[str]) -> Client:
    """Where a request comes from, for the record of sign-ins, which has only so much room."""
    agent = request.headers.get("user-agent", "")[:AGENT_CHARACTERS]
    address = request.client.host[:ADDRESS_CHARACTERS] if request.client else ""
    return Client(address or None, agent or None, cookies=trusts(request.headers, origins))


def _check_method(method: str, kind: OperationType) -> None:
    if kind is OperationType.SUBSCRIPTION:
        outcome, headers = (Outcome.METHOD, {"allow": "POST"}) if method == "GET" else (Outcome.MALFORMED, None)
        message = "Subscriptions are not served over a single HTTP request"
        raise Refusal.of(outcome, message, code=OPERATION_RESOLUTION_FAILURE, headers=headers)
    if method == "GET" and kind is not OperationType.QUERY:
        message = "Only queries are served by GET: send a mutation by POST"
        raise Refusal.of(Outcome.METHOD, message, code=OPERATION_RESOLUTION_FAILURE, headers={"allow": "POST"})
