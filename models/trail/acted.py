"""Who did what an entry of the trail tells: a user, an API key, or a program of the server."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case

from models.base import Choice
from models.computed import Test, computed


class ActorKind(Choice):
    USER = "USER", "A signed-in user."
    API_KEY = "API_KEY", "A program with an API key."
    IMPORT = "IMPORT", "An import of files."
    MIGRATION = "MIGRATION", "A change of the database's structure."
    SYSTEM = "SYSTEM", "The server itself."


def _by_user(row: Any, test: Test) -> ColumnElement[bool]:
    return and_(row.actor_kind == ActorKind.USER, test(row.actor_id))


class Acted:
    """Mixin of entries with `actor_kind` and `actor_id`, which is the key of a user or of an API key."""

    @computed("User who did it", target="app_user", lookup=_by_user)
    def actor(self: Any) -> ColumnElement[Any]:
        return case((self.actor_kind == ActorKind.USER, self.actor_id))

    @computed("API key that did it", target="api_key")
    def api_key_id(self: Any) -> ColumnElement[Any]:
        return case((self.actor_kind == ActorKind.API_KEY, self.actor_id))
