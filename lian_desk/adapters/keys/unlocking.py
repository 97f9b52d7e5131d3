"""The ways to the keys, as values that can be handed to ``open_workspace``."""

from collections.abc import Callable

from lian_desk.adapters.keys import keyring_wrap, password_wrap, throw_away_wrap
from lian_desk.adapters.keys.envelope import Envelope
from lian_desk.adapters.keys.keyring_wrap import SystemKeyring, open_by_keyring
from lian_desk.adapters.keys.password_wrap import open_by_password
from lian_desk.adapters.keys.throw_away_wrap import open_throw_away
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys

Unlock = Callable[[Envelope], WorkspaceKeys]
"""Takes an envelope and gives the keys, or raises ``EnvironmentProblem``."""

FindKeyring = Callable[[], SystemKeyring]


def by_password(password: str) -> Unlock:
    """Unlock with the operator's password."""

    def unlock(envelope: Envelope) -> WorkspaceKeys:
        return open_by_password(envelope, password)

    return unlock


def by_keyring(find: FindKeyring = SystemKeyring.find) -> Unlock:
    """Unlock with what the system's keyring remembers."""

    def unlock(envelope: Envelope) -> WorkspaceKeys:
        return open_by_keyring(envelope, find())

    return unlock


def by_throw_away_key() -> Unlock:
    """Unlock a demo workspace, whose envelope carries its own key."""
    return open_throw_away


def has_password(envelope: Envelope) -> bool:
    """True when a password opens this envelope."""
    return envelope.wrap_of(password_wrap.KIND) is not None


def is_remembered(envelope: Envelope) -> bool:
    """True when the system's keyring was asked to remember this workspace."""
    return envelope.wrap_of(keyring_wrap.KIND) is not None


def opens_by_itself(envelope: Envelope) -> bool:
    """True for a demo workspace that needs no password."""
    return envelope.identity.is_demo and envelope.wrap_of(throw_away_wrap.KIND) is not None
