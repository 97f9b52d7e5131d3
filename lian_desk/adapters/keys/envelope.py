"""The envelope beside the database: who the database is, and its keys wrapped in several ways.

The envelope is the record outside the database that says "a database must be here". Each wrap holds all three keys,
sealed with AES-GCM under a wrapping key that a password, the system's keyring or (demo only) the envelope itself
yields. A further way (recovery code, key of the organisation) is one more kind of wrap; kinds that this version
does not know are kept when the envelope is written again.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lian_desk.adapters.disk.durable_files import write_durably
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.adapters.machine.environment_problems import foreseen_problems
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

ENVELOPE_NAME: Final = "envelope.json"
PREVIOUS_NAME: Final = "envelope.previous.json"
FORMAT: Final = "lian_desk envelope"
VERSION: Final = 1
LARGEST_BYTES: Final = 256 * 1024
_NONCE_BYTES: Final = 12

Fields = dict[str, Any]


@dataclass(frozen=True)
class WorkspaceIdentity:
    """Which workspace this is; nothing in it is secret.

    Attributes:
        database_id: random name, also written inside the database.
        workstation_code: short code in the numbers that people read.
        is_demo: invented people only; may carry its own key.
        key_mark: first 16 bytes of every database file of this workspace, hexadecimal.
        created_at: aware time.
    """

    database_id: str
    workstation_code: str
    is_demo: bool
    key_mark: str
    created_at: datetime


@dataclass(frozen=True, repr=False)
class Wrap:
    """The keys sealed in one way: the ``kind``, its own ``fields``, a nonce and the sealed bytes."""

    kind: str
    fields: Fields
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, repr=False)
class Envelope:
    """Identity and wraps of one workspace."""

    identity: WorkspaceIdentity
    wraps: tuple[Wrap, ...]

    def wrap_of(self, kind: str) -> Wrap | None:
        """The wrap of a kind, or None."""
        return next((wrap for wrap in self.wraps if wrap.kind == kind), None)

    def with_wrap(self, wrap: Wrap) -> "Envelope":
        """The same envelope with this wrap instead of the one of its kind, if any."""
        return replace(self, wraps=(*(old for old in self.wraps if old.kind != wrap.kind), wrap))

    def without(self, kind: str) -> "Envelope":
        """The same envelope without the wrap of a kind."""
        return replace(self, wraps=tuple(wrap for wrap in self.wraps if wrap.kind != kind))


def seal_keys(identity: WorkspaceIdentity, kind: str, fields: Fields, wrapping_key: bytes, keys: WorkspaceKeys) -> Wrap:
    """Wrap the keys under a 32-byte wrapping key; the identity and the fields are bound to the result."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(wrapping_key).encrypt(nonce, keys.to_bytes(), _bound(identity, kind, fields))
    return Wrap(kind, fields, nonce, sealed)


def open_wrap(identity: WorkspaceIdentity, wrap: Wrap, wrapping_key: bytes) -> WorkspaceKeys | None:
    """The keys, or None when the wrapping key does not fit this wrap of this workspace."""
    try:
        content = AESGCM(wrapping_key).decrypt(wrap.nonce, wrap.sealed, _bound(identity, wrap.kind, wrap.fields))
    except InvalidTag:
        return None
    keys = WorkspaceKeys.from_bytes(content)
    return keys if keys.database.mark.hex() == identity.key_mark else None


def envelope_path(folder: Path) -> Path:
    """Where the envelope of a workspace lies."""
    return folder / ENVELOPE_NAME


def read_envelope(path: Path) -> Envelope:
    """Read an envelope.

    Raises:
        EnvironmentProblem: ``ENVELOPE_MISSING``, ``ENVELOPE_DAMAGED``, ``ENVELOPE_TOO_NEW`` or a problem of disk
            and rights.
    """
    with foreseen_problems():
        if not path.is_file():
            raise EnvironmentProblem(ErrorCode.ENVELOPE_MISSING)
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    try:
        fields = json.loads(content)
        if fields["format"] != FORMAT:
            raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
        if fields["version"] > VERSION:
            raise EnvironmentProblem(ErrorCode.ENVELOPE_TOO_NEW, found=fields["version"], known=VERSION)
        return _from_fields(fields)
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED) from error


def write_envelope(path: Path, envelope: Envelope) -> None:
    """Write an envelope so that a crash leaves the old or the new one whole.

    Raises:
        EnvironmentProblem: disk full, read-only or gone; the old envelope is untouched.
    """
    with foreseen_problems():
        write_durably(path, envelope_bytes(envelope))


def envelope_bytes(envelope: Envelope) -> bytes:
    """The file's content."""
    identity = envelope.identity
    fields = {
        "format": FORMAT,
        "version": VERSION,
        **_identity_fields(identity),
        "created_at": identity.created_at.isoformat(),
        "wraps": [
            {"kind": wrap.kind, **wrap.fields, "nonce": _text(wrap.nonce), "sealed": _text(wrap.sealed)}
            for wrap in envelope.wraps
        ],
    }
    return (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()


def _identity_fields(identity: WorkspaceIdentity) -> Fields:
    return {
        "database_id": identity.database_id,
        "workstation_code": identity.workstation_code,
        "demo": identity.is_demo,
        "key_mark": identity.key_mark,
    }


def _bound(identity: WorkspaceIdentity, kind: str, fields: Fields) -> bytes:
    bound = {"format": FORMAT, **_identity_fields(identity), "kind": kind, "fields": fields}
    return json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()


def _from_fields(fields: Fields) -> Envelope:
    created_at = datetime.fromisoformat(fields["created_at"])
    if created_at.tzinfo is None:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    identity = WorkspaceIdentity(
        database_id=str(fields["database_id"]),
        workstation_code=str(fields["workstation_code"]),
        is_demo=fields["demo"] is True,
        key_mark=bytes.fromhex(fields["key_mark"]).hex(),
        created_at=created_at,
    )
    return Envelope(identity, tuple(_wrap_from(dict(wrap)) for wrap in fields["wraps"]))


def _wrap_from(fields: Fields) -> Wrap:
    kind = str(fields.pop("kind"))
    nonce = _raw(fields.pop("nonce"))
    sealed = _raw(fields.pop("sealed"))
    if len(nonce) != _NONCE_BYTES:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    return Wrap(kind, fields, nonce, sealed)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
