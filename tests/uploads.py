"""Lists as they come with an operation."""

from resolvers.upload import Upload
from tests.files.samples import upload


def upload_of(content: bytes | str, name: str = "students.csv") -> Upload:
    return upload(content.encode() if isinstance(content, str) else content, name)
