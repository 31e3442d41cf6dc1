"""The profile of the viewer's school: its own row, with what the institution and the settings say beside it."""

from models import Institution
from resolvers.batches import one

institution = one(Institution, parent="institution_id")
