"""Wrap the keys by a password: Argon2id, with its parameters kept in the envelope."""

import base64
import binascii
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from typing import Final

from lian_desk.adapters.keys.envelope import Envelope, Fields, WorkspaceIdentity, Wrap, open_wrap, seal_keys
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

KIND: Final = "password"
SHORTEST: Final = 8
_SALT_BYTES: Final = 16
_WRAPPING_BYTES: Final = 32
_ARGON2_VERSION: Final = 19
# an envelope is a file that anyone may have edited: it must not make the program ask for all memory
_LARGEST_MEMORY_KIB: Final = 1024 * 1024
_LARGEST_TIME: Final = 64
_LARGEST_LANES: Final = 64


@dataclass(frozen=True)
class PasswordCost:
    """How dear one guess is: memory in KiB, passes, lanes. The default takes about 0.2 s on a desk machine."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


def require_length(password: str) -> None:
    """Refuse a password that is too short to set.

    Raises:
        EnvironmentProblem: ``PASSWORD_TOO_SHORT`` with the least number of characters.
    """
    if len(_normal(password)) < SHORTEST:
        raise EnvironmentProblem(ErrorCode.PASSWORD_TOO_SHORT, least=SHORTEST)


def wrap_by_password(
    identity: WorkspaceIdentity, keys: WorkspaceKeys, password: str, cost: PasswordCost | None = None
) -> Wrap:
    """Wrap the keys under a new password.

    Raises:
        EnvironmentProblem: ``PASSWORD_TOO_SHORT``.
    """
    require_length(password)
    cost = cost or PasswordCost()
    salt = secrets.token_bytes(_SALT_BYTES)
    fields: Fields = {"kdf": "argon2id", **asdict(cost), "salt": base64.b64encode(salt).decode("ascii")}
    return seal_keys(identity, KIND, fields, _derive(password, salt, cost), keys)


def open_by_password(envelope: Envelope, password: str) -> WorkspaceKeys:
    """The keys behind a password; takes a fifth of a second and 64 MiB, so never on the UI thread.

    Raises:
        EnvironmentProblem: ``PASSWORD_NOT_SET`` (no such wrap), ``PASSWORD_WRONG``, ``ENVELOPE_DAMAGED``.
    """
    wrap = envelope.wrap_of(KIND)
    if wrap is None:
        raise EnvironmentProblem(ErrorCode.PASSWORD_NOT_SET)
    cost, salt = _parameters(wrap.fields)
    keys = open_wrap(envelope.identity, wrap, _derive(password, salt, cost))
    if keys is None:
        raise EnvironmentProblem(ErrorCode.PASSWORD_WRONG)
    return keys


def _parameters(fields: Fields) -> tuple[PasswordCost, bytes]:
    try:
        cost = PasswordCost(int(fields["memory_kib"]), int(fields["passes"]), int(fields["lanes"]))
        salt = base64.b64decode(fields["salt"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED) from error
    bounded = (
        1 <= cost.lanes <= _LARGEST_LANES
        and 1 <= cost.passes <= _LARGEST_TIME
        and 8 * cost.lanes <= cost.memory_kib <= _LARGEST_MEMORY_KIB
    )
    if fields.get("kdf") != "argon2id" or not bounded or len(salt) < _SALT_BYTES:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    return cost, salt


def _derive(password: str, salt: bytes, cost: PasswordCost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - a start by the keyring needs no Argon2

    return hash_secret_raw(
        _normal(password).encode("utf-8", "surrogatepass"),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_WRAPPING_BYTES,
        type=Type.ID,
        version=_ARGON2_VERSION,
    )


def _normal(password: str) -> str:
    # two input methods may write the same sign in two ways (full width, combined marks)
    return unicodedata.normalize("NFKC", password)
