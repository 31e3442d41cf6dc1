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
    execute,
    specified_rules,
    validate,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

# Made once: rule classes are what validation is made of, and a new one each time could never be cached.
RULES = (*specified_rules, MaybeNullValidationRule)


class Engine:
    """A schema, ready to judge and to run documents."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema = schema._schema
        self.executor_class = schema.execution_context_class

    def validate(self, document: DocumentNode, max_errors: int) -> list[GraphQLError]:
        """The standard's errors, at most `max_errors`; never with a guess at what the client may have meant."""
        return validate(self.schema, document, RULES, max_errors=max_errors - 1, hide_suggestions=True)

    async def execute(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any], context: object
    ) -> ExecutionResult:
        """Run one operation. Errors without a path are about the variables: nothing was executed then."""
        result = execute(
            self.schema,
            document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name.value if operation.name else None,
            executor_class=self.executor_class,
            is_awaitable=cast(Any, optimized_is_awaitable),
            hide_suggestions=True,
            max_coercion_errors=5,
        )
        return await result if isawaitable(result) else result
