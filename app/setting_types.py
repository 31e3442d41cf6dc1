"""What a setting may be: kinds of values, each with the check that names what is wrong with it."""

import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from app.keys import parse_key, parse_keys
from app.tls import is_local


class SmtpSecurity(StrEnum):
    """How a connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _file(path: Path) -> Path:
    path = path.expanduser().absolute()
    if not path.is_file():
        raise ValueError(f"no file {path}")
    return path


def _key_file(path: Path) -> Path:
    path = _file(path)
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} can be read or written by others: chmod 600 {path}")
    return path


def _program_folder(path: Path) -> Path:
    path = path.expanduser().absolute()
    if not (path / "postgres").is_file():
        raise ValueError(f"no program called postgres in {path}")
    return path


def _kept_folder(path: Path) -> Path:
    path = path.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is not a folder")
    return path


def _sealing_keys(text: SecretStr) -> SecretStr:
    parse_keys(text.get_secret_value())
    return text


def _key(text: SecretStr) -> SecretStr:
    parse_key(text.get_secret_value())
    return text


def _metrics_token(text: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]{20,}", text.get_secret_value()):
        raise ValueError("not 20 or more printable ASCII characters without spaces")
    return text


def _network(text: str) -> str:
    return str(ipaddress.ip_network(text))


MetricsToken = Annotated[SecretStr, AfterValidator(_metrics_token)]
Proxy = Annotated[str, AfterValidator(_network)]
SealingKeys = Annotated[SecretStr, AfterValidator(_sealing_keys)]
Key = Annotated[SecretStr, AfterValidator(_key)]
CertFile = Annotated[Path, AfterValidator(_file)]
KeyFile = Annotated[Path, AfterValidator(_key_file)]


def _reset_url(text: str) -> str:
    if not text.startswith(("https://", "http://")) or "{token}" not in text:
        raise ValueError("not an address with {token} in it, such as https://app.example.org/password#{token}")
    return text


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("not the address of a server, such as https://s3.eu-central-1.amazonaws.com")
    if parts.scheme == "http" and not is_local(parts.hostname):
        raise ValueError("a store on another machine is reached by https")
    return text.rstrip("/")


Endpoint = Annotated[str, AfterValidator(_endpoint)]
ResetUrl = Annotated[str, AfterValidator(_reset_url)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Port = Annotated[int, Field(ge=1, le=65535)]
ProgramFolder = Annotated[Path, AfterValidator(_program_folder)]
KeptFolder = Annotated[Path, AfterValidator(_kept_folder)]
