"""The store of files that the settings name."""

from app.file_bucket import FileBucket
from app.file_folder import FileFolder
from app.settings import Settings
from app.signing import Credentials
from resolvers.files.store import FileStore

FOLDER = "files"


def file_store(settings: Settings) -> FileStore:
    """A bucket, or a folder that is made when the first file comes."""
    secret = settings.s3_secret_key
    if settings.s3_endpoint and settings.s3_bucket and settings.s3_access_key and secret:
        credentials = Credentials(settings.s3_access_key, secret.get_secret_value(), settings.s3_region)
        return FileBucket(settings.s3_endpoint, settings.s3_bucket, credentials)
    return FileFolder(settings.files or settings.data / FOLDER)
