"""Wrap the keys of a demo workspace by a key that stands in the envelope itself, and says so.

It protects nothing. It exists so that a demo, in which every person is invented, opens with one click.
"""

import base64
import binascii
import secrets
from typing import Final

from lian_desk.adapters.keys.envelope import Envelope, WorkspaceIdentity, Wrap, open_wrap, seal_keys
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

KIND: Final = "throw_away"
_WRAPPING_BYTES: Final = 32


def wrap_throw_away(identity: WorkspaceIdentity, keys: WorkspaceKeys) -> Wrap:
    """Wrap the keys of a demo workspace.

    Raises:
        EnvironmentProblem: ``THROW_AWAY_REFUSED`` for any workspace that is no demo.
    """
    if not identity.is_demo:
        raise EnvironmentProblem(ErrorCode.THROW_AWAY_REFUSED)
    wrapping_key = secrets.token_bytes(_WRAPPING_BYTES)
    fields = {"wrapping_key": base64.b64encode(wrapping_key).decode("ascii")}
    return seal_keys(identity, KIND, fields, wrapping_key, keys)


def open_throw_away(envelope: Envelope) -> WorkspaceKeys:
    """The keys of a demo workspace.

    Raises:
        EnvironmentProblem: ``THROW_AWAY_REFUSED`` when the workspace is no demo or has no such wrap;
            ``ENVELOPE_DAMAGED``.
    """
    wrap = envelope.wrap_of(KIND)
    if wrap is None or not envelope.identity.is_demo:
        raise EnvironmentProblem(ErrorCode.THROW_AWAY_REFUSED)
    try:
        wrapping_key = base64.b64decode(wrap.fields["wrapping_key"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED) from error
    if len(wrapping_key) != _WRAPPING_BYTES:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    keys = open_wrap(envelope.identity, wrap, wrapping_key)
    if keys is None:
        raise EnvironmentProblem(ErrorCode.ENVELOPE_DAMAGED)
    return keys
