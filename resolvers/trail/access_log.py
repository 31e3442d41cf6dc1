"""Relations of AccessEntry."""

from models import User
from resolvers.batches import one

actor = one(User, parent="actor")
