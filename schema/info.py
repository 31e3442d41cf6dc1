"""What a field of the schema is given: the operation's context."""

import strawberry

from resolvers.context import Context

Info = strawberry.Info[Context, None]
