"""graphql-core's executor with plans in it: what can be planned is not resolved field by field.

Whatever is not covered is executed by graphql-core unchanged. A plan composes no error and hides none: a query in
which anything went wrong is executed again without plans, in the same snapshot, and that answer counts. So which errors
are reported, where several fields failed side by side, is graphql-core's say alone. Of a mutation only the selection
whose plan failed is executed again. Nothing is run again after a time-out or a cancel.
"""

import asyncio
from collections.abc import Awaitable, Callable
from copy import copy
from functools import partial
from typing import Any

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.at_home import at_home
from resolvers.connection import ConnectionLost
from resolvers.context import Context
from resolvers.permissions import refused_root
from resolvers.rows import Row
from schema.execution.build import Builder
from schema.execution.cache import Plans
from schema.execution.plan import Call, ObjectPlan
from schema.execution.repeats import Repeats
from schema.execution.roots import ROOTS, reads_of, root_plan
from schema.execution.run import Run
from schema.execution.steps import carry_out
from schema.execution.told import Told, tellable, teller
from schema.reads import is_own


class PlanningExecutor(StrawberryGraphQLCoreExecutionContext):
    """Given to Strawberry as its execution context class. `plans` are those that the operation remembers."""

    def __init__(self, *args: Any, plans: Plans | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = Plans() if plans is None else plans

    @property
    def planning(self) -> bool:
        return isinstance(self.context_value, Context) and self.context_value.planning

    def execute_operation(self, serially: bool | None = None) -> Any:
        before = frozenset(self.context_value.students) if self.planning else frozenset()
        result = super().execute_operation(serially)
        if self.operation.operation is not OperationType.QUERY or not self.planning or not self.is_awaitable(result):
            return result
        return self.checked(result, partial(super().execute_operation, serially), before)

    async def checked(self, result: Awaitable[Any], again: Callable[[], Any], before: frozenset[int | None]) -> Any:
        """A query's answer; the standard's where anything went wrong. `before` are students read by earlier ones."""
        answer = await result
        context: Context = self.context_value
        if not answer.errors and context.planning:
            return answer
        if any(map(ending, answer.errors or ())):
            return answer
        await context.recover(before)
        context.planning = False
        self.collected_errors = CollectedErrors()
        standard = again()
        return await standard if self.is_awaitable(standard) else standard

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        resolve = partial(super().execute_field, parent_type, source, field_details_list, path, position_context)
        definition = parent_type.fields.get(field_details_list[0].node.name.value)
        if definition is not None and path.prev is None and isinstance(self.context_value, Context):
            if parent_type is self.schema.mutation_type:
                return self.whole(resolve, definition, field_details_list, path)
            if refusal := refused_root(self.context_value.signed_in, field_details_list[0].node.name.value):
                return self.handle_field_error(refusal, definition.type, field_details_list, path)
        if definition is not None and self.away and is_own(definition):
            return self.at_home().execute_field(parent_type, source, field_details_list, path, position_context)
        reads = reads_of(definition)
        if definition is None or not isinstance(reads, ROOTS) or not self.planning:
            return resolve()
        found = self.plans.find(
            self, field_details_list, partial(root_plan, self, reads, definition, field_details_list)
        )
        return resolve() if found is None else self.attempt(partial(self.root, reads, *found), resolve)

    @property
    def away(self) -> bool:
        return isinstance(self.context_value, Context) and self.context_value.away

    def at_home(self) -> "PlanningExecutor":
        """The executor of what is selected of the viewer's own account; errors are those of the whole operation."""
        found = copy(self)
        found.context_value = at_home(self.context_value)
        return found

    async def whole(
        self, resolve: Callable[[], Any], definition: GraphQLField, details: list[FieldDetails], path: Path
    ) -> Any:
        """A top-level mutation field with its payload, committed as a whole; with an error in it nothing is.

        It is done again from its beginning where that may help.
        """
        before, repeats = list(self.collected_errors.errors), Repeats(self.context_value)
        while True:
            answer, transaction = None, None
            try:
                async with self.context_value.mutation() as transaction:
                    answer = resolve()
                    answer = await answer if self.is_awaitable(answer) else answer
                    if len(self.collected_errors.errors) > len(before) and transaction.opened is not None:
                        await transaction.undo()
                        answer = None
            except Exception as error:
                answer = None
                self.handle_field_error(error, definition.type, details, path)
            new = self.collected_errors.errors[len(before) :]
            if transaction is None or not await repeats.wanted(new, repeatable=transaction.repeatable):
                return answer
            self.collected_errors = CollectedErrors()
            self.collected_errors.errors.extend(before)

    def complete_list_value(
        self,
        return_type: Any,
        field_details_list: list[FieldDetails],
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Rows that a resolver gave: what is selected of them is planned for all of them at once."""
        complete = partial(
            super().complete_list_value, return_type, field_details_list, info, path, result, position_context
        )
        target = _object(return_type.of_type)
        if target is None or not self.planning or _listed(path):
            return complete()
        if self.operation.operation is OperationType.QUERY and tellable(result):
            told = self.plans.find(self, field_details_list, partial(teller, self, target, field_details_list))
            return complete() if told is None else self.attempt(partial(self.tell, told, result), complete)
        if not _same_rows(result):
            return complete()
        model = result[0].model
        build = partial(_rows_plan, self, model, target, field_details_list)
        found = self.plans.find(self, field_details_list, build, model)
        return complete() if found is None else self.attempt(partial(self.rows, found, result), complete)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """The row that a resolver gave; below a list it is left to loaders, which serve all its rows at once."""
        complete = partial(
            super().complete_object_value, return_type, field_details_list, info, path, result, position_context
        )
        if not isinstance(result, Row) or not self.planning or _listed(path):
            return complete()
        build = partial(_rows_plan, self, result.model, return_type, field_details_list)
        found = self.plans.find(self, field_details_list, build, result.model)
        return complete() if found is None else self.attempt(partial(self.row, found, result), complete)

    async def row(self, plan: ObjectPlan, row: Row) -> Any:
        return (await self.rows(plan, [row]))[0]

    async def root(self, reads: Any, plan: Any, call: Call) -> Any:
        return await carry_out(self.context_value, Run(self, self.context_value).root(reads, plan, call))

    async def rows(self, plan: ObjectPlan, rows: list[Row]) -> Any:
        # A resolver's rows have their columns in an order of their own.
        placed = [tuple(row[name] for name in plan.columns) for row in rows]
        return await carry_out(self.context_value, Run(self, self.context_value, scoped=False).objects(plan, placed))

    async def tell(self, told: Told, objects: list[Any]) -> Any:
        return await carry_out(self.context_value, told.steps(Run(self, self.context_value, scoped=False), [objects]))

    async def attempt(self, planned: Callable[[], Awaitable[Any]], standard: Callable[[], Any]) -> Any:
        """The plan's answer, or graphql-core's where the plan has none."""
        context: Context = self.context_value
        try:
            answer = await planned()
        except (asyncio.CancelledError, TimeoutError, ConnectionLost):
            raise
        except Exception:
            # What hangs below goes the standard's way too: a plan for each parent would be a statement for each.
            context.planning = False
            if self.operation.operation is OperationType.QUERY:
                return None
            await context.recover()
            result = standard()
            return await result if self.is_awaitable(result) else result
        context.planned += 1
        return answer


def ending(error: GraphQLError) -> Exception | None:
    """What leaves nothing to be read again: the time is up, or the connection is gone."""
    cause = error.original_error
    return cause if isinstance(cause, TimeoutError | ConnectionLost) else None


def _rows_plan(executor: Any, model: Any, target: GraphQLObjectType, details: list[FieldDetails]) -> ObjectPlan:
    return Builder(executor).settled(model, target, details)


def _listed(path: Path | None) -> bool:
    """Whether a place stands in a list, or below one."""
    while path is not None:
        if isinstance(path.key, int):
            return True
        path = path.prev
    return False


def _same_rows(result: Any) -> bool:
    kinds = {type(row) for row in result} if isinstance(result, list) else set()
    return len(kinds) == 1 and issubclass(kinds.pop(), Row)


def _object(kind: Any) -> GraphQLObjectType | None:
    kind = getattr(kind, "of_type", kind)
    return kind if isinstance(kind, GraphQLObjectType) else None
