"""The one place that knows how Strawberry's schema is validated and executed by graphql-core.

Strawberry has no public name for the schema it converts to; everything else here is graphql-core's public interface.
"""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any, cast

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    specified_rules,
    validate,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from resolvers.context import Context
from resolvers.errors import DomainError
from resolvers.trail.alarms import refuses
from resolvers.trail.notes import PURPOSE_LENGTH
from schema.execution.executor import PlanningExecutor, ending
from schema.execution.operation import Operation

# Made once: rule classes are what validation is made of, and a new one each time could never be cached.
RULES = (*specified_rules, MaybeNullValidationRule)


class Engine:
    """A schema, ready to judge and to run documents."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema = schema._schema
        self.executor_class = schema.execution_context_class
        self.planning = issubclass(self.executor_class or object, PlanningExecutor)

    def validate(self, document: DocumentNode, max_errors: int) -> list[GraphQLError]:
        """The standard's errors, at most `max_errors`; never with a guess at what the client may have meant."""
        return validate(self.schema, document, RULES, max_errors=max_errors - 1, hide_suggestions=True)

    def operations(self, document: DocumentNode) -> dict[str | None, Operation]:
        """The operations of a valid document by name."""
        nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        found = [Operation(self.schema, document, node) for node in nodes]
        return {operation.name: operation for operation in found}

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Context) -> ExecutionResult:
        """Run one operation. Errors without a path are about the variables: nothing was executed then.

        Raises TimeoutError when a read took too long, and ConnectionLost; of a mutation each is an error of its field,
        as others may be done.
        """
        answer = await self._answer(operation, variables, context)
        if answer.errors:
            context.refusals += refuses(filter(None, map(_refusal, answer.errors)))
        context.tell_refusals()
        executed = all(error.path is not None for error in answer.errors or ())
        if executed and (hidden := operation.redactions(variables, context)):
            answer.extensions = {**(answer.extensions or {}), "redactions": hidden}
        return answer

    async def _answer(self, operation: Operation, variables: Mapping[str, Any], context: Context) -> ExecutionResult:
        # It is kept for minutes, and the client's to choose.
        context.purpose = operation.name and operation.name[:PURPOSE_LENGTH]
        if self.planning and context.planning and not context.restricted:
            data = await operation.run(variables, context)
            if data is not None:
                return ExecutionResult(data=data)
        kept: dict[str, Any] = {"plans": operation.selections} if self.planning else {}
        result = execute(
            self.schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
            executor_class=self.executor_class,
            is_awaitable=cast(Any, optimized_is_awaitable),
            hide_suggestions=True,
            max_coercion_errors=5,
            **kept,
        )
        answer = await result if isawaitable(result) else result
        if operation.kind is OperationType.QUERY and (causes := [*filter(None, map(ending, answer.errors or ()))]):
            raise causes[0]
        return answer


def _refusal(error: GraphQLError) -> DomainError | None:
    """What was raised first, where that was a refusal; graphql-core wraps it, sometimes twice."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause if isinstance(cause, DomainError) else None
