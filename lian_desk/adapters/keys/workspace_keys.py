"""The three keys of a workspace: database, stored files, seals. Made once, never changed, never shown."""

import json
import secrets
from dataclasses import dataclass
from typing import Final

from lian_desk.adapters.machine.sqlcipher import KEY_BYTES, DatabaseKey
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

_AGE_PREFIX: Final = "AGE-SECRET-KEY-1"


@dataclass(frozen=True, repr=False)
class WorkspaceKeys:
    """What a successful unlock yields; ``repr`` shows nothing of it.

    Attributes:
        database: raw key of the encrypted database.
        file_identity: age identity (x25519) of the file store, as ``AGE-SECRET-KEY-1…``.
        seal_key: key of the HMAC chain of the audit log.
    """

    database: DatabaseKey
    file_identity: str
    seal_key: bytes

    @classmethod
    def generate(cls) -> "WorkspaceKeys":
        """New random keys."""
        import pyrage  # noqa: PLC0415 - needed only when a workspace is made

        return cls(
            database=DatabaseKey(secrets.token_bytes(KEY_BYTES)),
            file_identity=str(pyrage.x25519.Identity.generate()),
            seal_key=secrets.token_bytes(KEY_BYTES),
        )

    def to_bytes(self) -> bytes:
        """The form that is sealed in the envelope."""
        content = {"database": self.database.secret.hex(), "files": self.file_identity, "seal": self.seal_key.hex()}
        return json.dumps(content, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "WorkspaceKeys":
        """Read the sealed form back.

        Raises:
            EnvironmentProblem: ``ENVELOPE_DAMAGED`` when it is not what ``to_bytes`` writes.
        """
        try:
            fields = json.loads(content)
            keys = cls(
                database=DatabaseKey(bytes.fromhex(fields["database"])),
                file_identity=str(fields["files"]),
                seal_key=bytes.fromhex(fields["seal"]),
            )
        except (ValueError, KeyError, TypeError):
            # "from None": the text of the cause would quote the keys
            raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED) from None
        if not keys.file_identity.startswith(_AGE_PREFIX) or len(keys.seal_key) != KEY_BYTES:
            raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
        return keys
