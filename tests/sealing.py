"""Keys of this run of the suite, new each time; `Settings` finds them in the environment."""

import os

from app.keys import KeyTexts, new_key, parse_key
from app.settings import environment_name
from resolvers.sealing import Keys, Sealer
from resolvers.services import Services

TEXTS = KeyTexts(f"1:{new_key()}", new_key(), None)
ENVIRONMENT = {environment_name(name): text for name, text in TEXTS.given()}
SEALER = Sealer(TEXTS.keys())
SERVICES = Services(sealer=SEALER)
os.environ.update(ENVIRONMENT)


def other_index(keys: Keys) -> Keys:
    """The same with a new key of the index, the former one known beside it."""
    return Keys(keys.sealing, parse_key(new_key()), keys.index)
