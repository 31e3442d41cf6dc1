"""/export: an HTTP request → a file of a query's rows.

    read → document → operation → viewer → gate → walk → file

What happens before the first byte is answered as an error like any of /graphql, with its status; what happens later
breaks the response off. The client's going away ends the walk, its transaction and what was written of files.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from graphql import GraphQLError, OperationType
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.answers import refused, respond
from app.bound import Bound, Disconnected
from app.calls import Call, slow_body
from app.credentials import signed_in
from app.endpoint import ADDRESS_CHARACTERS, Contexts, Endpoint
from app.failures import OPERATION_RESOLUTION_FAILURE, Refusal, timed_out
from app.operation_log import OperationLine
from app.request_ids import id_of
from app.status import GRAPHQL_RESPONSE, Outcome
from app.tables.asking import Asked, read_asked
from app.tables.gate import Gate
from app.tables.job import ExportBounds, Job, send_whole
from app.tables.sending import BrokenOff, Sending
from app.tables.walk import Failed
from resolvers.errors import Forbidden, Unauthenticated
from resolvers.viewer import Viewer
from schema.execution.operation import Operation


class Exports:
    """An ASGI application for one path; documents, credentials and bounds of requests are those of `endpoint`."""

    def __init__(self, endpoint: Endpoint, bounds: ExportBounds, at_once: int) -> None:
        self.endpoint = endpoint
        self.bounds = bounds
        self.gate = Gate(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        line = OperationLine(self.bounds.seconds)
        line.kind = "export"
        sending = Sending(scope, send, line)
        try:
            await self._serve(request, sending)
        except Disconnected:
            line.status = None
        except Exception as error:
            refusal = refusal_of(error)
            if sending.begun:
                line.codes = tuple(sorted({each["extensions"]["code"] for each in refusal.errors}))
                raise BrokenOff(f"an export ended before its end: {', '.join(line.codes)}") from None
            await respond(refused(refusal), GRAPHQL_RESPONSE, line, send)
        finally:
            line.write()

    async def _serve(self, request: Request, sending: Sending) -> None:
        """The body and the export each have their time; one `Bound` measures both."""
        asked, seconds = None, self.endpoint.bounds.read
        try:
            with Bound(request.receive, seconds) as bound:
                asked = await read_asked(request, max_bytes=self.endpoint.bounds.body)
                operation = self._operation(asked.call, sending.line)
                viewer = await self._viewer(request, asked)
                with self.gate.entered(viewer):
                    seconds = self.bounds.seconds
                    bound.listen(seconds)
                    await self._export(request, asked, operation, viewer, sending)
                    # When this is sent the client may go; it has everything.
                    bound.let_go()
                    await sending.end()
        except TimeoutError:
            raise (slow_body(seconds) if asked is None else timed_out(seconds)) from None

    def _operation(self, call: Call, line: OperationLine) -> Operation:
        operation = self.endpoint.documents.load(call.query).operation(call.operation_name)
        line.operation = operation.name
        check_is_query(operation)
        return operation

    async def _viewer(self, request: Request, asked: Asked) -> Viewer:
        contexts: Contexts = request.app.state.database
        if asked.token is not None:
            return await contexts.viewer(asked.token, request.client.host if request.client else None)
        viewer = await signed_in(request, contexts.viewer, self.endpoint.origins)
        if viewer is None:
            raise Unauthenticated("Sign in first: nothing is exported to nobody")
        return viewer

    async def _export(
        self, request: Request, asked: Asked, operation: Operation, viewer: Viewer, sending: Sending
    ) -> None:
        contexts: Contexts = request.app.state.database
        # Each statement has the time of a query; the export as a whole has more.
        seconds = self.endpoint.bounds.read

        async def check() -> None:
            """A session that was revoked, and roles that were taken away, end what they have begun."""
            if await self._viewer(request, asked) != viewer:
                raise Forbidden("Your account has changed since the export began: export it again")

        opening = contexts.context(viewer, request_id=id_of(request.scope), timeout=seconds)
        with ExitStack() as stack:
            async with opening as context:
                job = Job(self.endpoint.engine, asked, operation, self.bounds, context, stack, check)
                try:
                    made = await job.run(sending)
                except BaseException as error:
                    self._tell(request, job, sending.line, complete=False)
                    if isinstance(error, TimeoutError):
                        raise timed_out(seconds) from None
                    raise
                self._tell(request, job, sending.line, complete=True)
            # The snapshot is given back before a file that is whole goes to a client who may be slow.
            if made is not None:
                await send_whole(made, job.headers, sending)

    def _tell(self, request: Request, job: Job, line: OperationLine, *, complete: bool) -> None:
        """Have the log and the school's trail know of an export."""
        line.statements = job.context.statements
        line.more = job.tell(request.client.host[:ADDRESS_CHARACTERS] if request.client else None, complete=complete)


def check_is_query(operation: Operation) -> None:
    """Raise Refusal of what is no query."""
    if operation.kind is not OperationType.QUERY:
        message = f"An export is of a query, not of a {operation.kind.value}"
        raise Refusal.of(Outcome.MALFORMED, message, code=OPERATION_RESOLUTION_FAILURE)


def refusal_of(error: Exception) -> Refusal:
    """What whoever exports is told of an error."""
    errors: Sequence[GraphQLError] = error.errors if isinstance(error, Failed) else []
    if isinstance(error, GraphQLError):
        errors = [error]
    return Refusal.for_errors(errors) if errors else Refusal.whatever(error)
