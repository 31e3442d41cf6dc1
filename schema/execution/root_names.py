"""Which root fields an operation names, before anything is known of its variables."""

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
)


def root_names(document: DocumentNode, operation: OperationDefinitionNode) -> frozenset[str]:
    """Names of the fields that an operation of a valid document may ask for, in fragments too, aliases aside."""
    left = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    found, waiting = set[str](), [operation.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                found.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            # A fragment is looked through once, however often it is spread.
            elif isinstance(node, FragmentSpreadNode) and (fragment := left.pop(node.name.value, None)) is not None:
                waiting.append(fragment.selection_set)
    return frozenset(found)
