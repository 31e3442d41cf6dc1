"""Files as they come with an operation."""

import hashlib
import io

from resolvers.upload import Upload


def upload_of(content: bytes | str, name: str = "file.csv") -> Upload:
    data = content.encode() if isinstance(content, str) else content
    return Upload(name, len(data), hashlib.sha256(data).digest(), io.BytesIO(data))
