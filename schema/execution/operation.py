"""An operation of a document, and what is remembered of it from one execution to the next.

A query that plans answer whole is carried out without graphql-core's executor, whose setting up costs more than a
small read. Its fields are still collected, and its variables coerced, by graphql-core; and where either finds a fault,
or the work does, the operation is left to the executor, which says what there is to say.
"""

import asyncio
import logging
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    coerce_input_value,
    is_input_object_type,
    is_list_type,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.type import get_nullable_type

from resolvers.connection import ConnectionLost
from resolvers.context import Context
from resolvers.errors import DomainError
from resolvers.pieces import Unclear
from schema.execution.cache import Plans, conditions
from schema.execution.executor import PlanningExecutor
from schema.execution.kept import Kept
from schema.execution.plan import Call, NotPlanned, ObjectPlan, PagePlan
from schema.execution.root_names import root_names
from schema.execution.roots import ROOTS, reads_of, root_plan
from schema.execution.run import Run
from schema.execution.steps import Steps, carry_out
from schema.execution.told import Told
from schema.reads import Lookup, Made, Pages, Singleton, is_own
from schema.redactions import Redaction, hides, redactions

log = logging.getLogger("schoolgraph.execution")

# Combinations of what `@skip` and `@include` read; an operation with more of them in use builds its plans again.
KEPT = 16


@dataclass(frozen=True)
class Root:
    """A root field with its plan; without one it is `__typename`."""

    response: str
    reads: Any
    plan: Any
    call: Call | None


@dataclass(frozen=True)
class Plan:
    roots: tuple[Root, ...]
    alone: bool
    own: bool


@dataclass(frozen=True)
class Running:
    """What a run asks of graphql-core's executor."""

    schema: GraphQLSchema
    variable_values: VariableValues
    hide_suggestions: bool = True


class Operation:
    """One operation of a valid document; `selections` are the plans of what lies below fields that functions resolve.

    It lives as long as its document is remembered, and so do its plans.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self.schema = schema
        self.document = document
        self.node = operation
        self.kind = operation.operation
        self.name = operation.name.value if operation.name else None
        self.selections = Plans()
        self.plans: Kept[tuple[Any, ...], Plan | None] = Kept(KEPT)
        self.hidden: Kept[tuple[Any, ...], tuple[Redaction, ...]] = Kept(KEPT)
        self.planned = self.kind is OperationType.QUERY and not operation.directives
        self.decisive: tuple[str, ...] | None = None
        self.signatures = [_signature(schema, node) for node in operation.variable_definitions or ()]

    @cached_property
    def roots(self) -> frozenset[str]:
        """Names of its root fields."""
        return root_names(self.document, self.node)

    async def run(self, variables: Mapping[str, Any], context: Context) -> dict[str, Any] | None:
        """The answer; None where graphql-core has to give it, whether or not something is wrong.

        Raises TimeoutError and ConnectionLost, after which nothing is to be run again.
        """
        if context.alone:
            # An earlier operation of the context was one statement, and left no snapshot to go back to.
            await context.recover()
        values = self.values(variables) if self.planned else None
        plan = self.plan(values, context) if values is not None else None
        if plan is None or values is None or (context.away and plan.own):
            return None
        context.alone = plan.alone and not context.walking
        before = frozenset(context.students)
        try:
            answer = await self.carried_out(plan.roots, Run(Running(self.schema, values), context), before)
        except (asyncio.CancelledError, TimeoutError, ConnectionLost):
            raise
        except Exception as error:
            if not isinstance(error, NotPlanned | DomainError | GraphQLError):
                log.warning("a plan failed, and its operation is left to graphql-core", exc_info=error)
            context.planning = False
            await context.recover(before)
            return None
        context.planned += len(plan.roots)
        return answer

    async def carried_out(self, roots: tuple[Root, ...], run: Run, before: frozenset[int | None]) -> dict[str, Any]:
        run.single = len(roots) == 1
        try:
            return await carry_out(run.context, _together(run, roots))
        except Unclear:
            # Where there was no transaction it is another snapshot, in which others than before may be shown.
            await run.context.recover(before)
            run.texts = False
            return await carry_out(run.context, _together(run, roots))

    def values(self, given: Mapping[str, Any]) -> VariableValues | None:
        """The variables as graphql-core makes them, with less ado where they are plain; None where one does not fit."""
        sources, coerced = {}, {}
        for name, signature in self.signatures:
            if signature is None or name not in given:
                return self.standard(given)
            value = coerce_input_value(given[name], signature.type)
            if value is Undefined:
                return None
            sources[name] = VariableValueSource(signature, given[name])
            coerced[name] = value
        return VariableValues(sources, coerced)

    def standard(self, given: Mapping[str, Any]) -> VariableValues | None:
        found = get_variable_values(self.schema, self.node.variable_definitions or (), dict(given))
        return None if isinstance(found, list) else found

    def decided(self, values: VariableValues, context: Context) -> tuple[Any, ...]:
        """The values of what `@skip` and `@include` read."""
        if self.decisive is None:
            self.decisive = conditions(self.executor(values, context))
        return tuple(values.coerced.get(name) for name in self.decisive)

    def redactions(self, variables: Mapping[str, Any], context: Context) -> tuple[Redaction, ...]:
        """What is selected that the viewer may not see."""
        roles, away = context.signed_in.roles if context.signed_in else None, context.away
        if roles is None or not (away or hides(roles)):
            return ()
        if self.decisive == () and (known := self.hidden.find(((), roles, away))) is not None:
            return known
        values = self.values(variables)
        if values is None:
            return ()
        key = (self.decided(values, context), roles, away)
        known = self.hidden.find(key)
        if known is None:
            known = self.hidden.keep(key, redactions(self.executor(values, context), roles, away=away))
        return known

    def plan(self, values: VariableValues, context: Context) -> Plan | None:
        decided = self.decided(values, context)
        if decided in self.plans:
            self.plans.move_to_end(decided)
            return self.plans[decided]
        try:
            plan = _plan(self.executor(values, context))
        except (NotPlanned, GraphQLError):
            plan = None
        return self.plans.keep(decided, plan)

    def executor(self, values: VariableValues, context: Context) -> PlanningExecutor:
        """graphql-core's executor for this operation, with which plans are built."""
        raw = {name: source.value for name, source in values.sources.items() if source.value is not Undefined}
        executor = PlanningExecutor.build(
            self.schema, self.document, None, context, raw, self.name, hide_suggestions=True
        )
        if isinstance(executor, list):
            raise executor[0]
        return cast(PlanningExecutor, executor)


def _signature(schema: GraphQLSchema, node: Any) -> tuple[str, GraphQLVariableSignature | None]:
    """Of a variable of a plain type; lists and inputs may be nested, of which graphql-core takes care."""
    found = get_variable_signature(schema, node)
    if isinstance(found, GraphQLError):
        return node.variable.name.value, None
    kind = get_nullable_type(found.type)
    return found.name, None if is_list_type(kind) or is_input_object_type(kind) else found


def _plan(executor: Any) -> Plan:
    kind = executor.schema.query_type
    found = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, kind, executor.operation, hide_suggestions=True
    )
    roots = tuple(_root(executor, kind, response, details) for response, details in found.grouped_field_set.items())
    own = any(root.call is not None and is_own(root.call.definition) for root in roots)
    return Plan(roots, len(roots) == 1 and _one_statement(roots[0]), own)


def _root(executor: Any, kind: Any, response: str, details: Any) -> Root:
    name = details[0].node.name.value
    if name == "__typename":
        return Root(response, None, kind.name, None)
    definition = kind.fields.get(name)
    reads = reads_of(definition)
    if definition is None or not isinstance(reads, ROOTS):
        raise NotPlanned(f"{name} is resolved by a function")
    return Root(response, reads, *root_plan(executor, reads, definition, details))


def _one_statement(root: Root) -> bool:
    plan = root.plan
    if isinstance(root.reads, Made):
        return root.reads.alone and isinstance(plan, Told) and plan.flat
    if isinstance(root.reads, Lookup | Singleton):
        return isinstance(plan, ObjectPlan) and not plan.children
    if not isinstance(root.reads, Pages) or not isinstance(plan, PagePlan) or root.call is None:
        return False
    if any(argument.name.value == "search" for argument in root.call.details.node.arguments or ()):
        return False
    return not (plan.rows and plan.counted) and not any(part.children for part in plan.objects)


def _together(run: Run, roots: tuple[Root, ...]) -> Steps[dict[str, Any]]:
    if len(roots) == 1 and (call := roots[0].call):
        return {roots[0].response: (yield from run.root(roots[0].reads, roots[0].plan, call))}
    found = yield [run.root(root.reads, root.plan, root.call) if root.call else _constant(root.plan) for root in roots]
    return {root.response: value for root, value in zip(roots, found, strict=True)}


def _constant(value: Any) -> Generator[Any, Any, Any]:
    return value
    yield
