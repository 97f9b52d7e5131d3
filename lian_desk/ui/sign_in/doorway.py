"""Waits for the way in: shows the dialogs and comes back with an open workspace, or with the wish to leave."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop

from lian_desk.services.clock import Clock
from lian_desk.services.keys.keyring_wrap import SystemKeyring
from lian_desk.services.keys.password_wrap import PasswordCost
from lian_desk.services.keys.unlocking import FindKeyring
from lian_desk.ui.common.task_runner import TaskRunner
from lian_desk.ui.sign_in.flow import SignInFlow
from lian_desk.ui.sign_in.presenter import SignedIn, SignInPresenter


@dataclass(frozen=True)
class WayIn:
    """How it ended: an open workspace, the wish to see the demo, or neither when the user left."""

    signed_in: SignedIn | None
    wants_demo: bool


@dataclass(frozen=True)
class Doorway:
    """What the way in stands on; the application must be dressed already."""

    runner: TaskRunner
    clock: Clock
    find_keyring: FindKeyring = SystemKeyring.find
    cost: PasswordCost | None = None

    def enter(self, folder: Path) -> WayIn:
        """Go the shortest way into ``folder``, asking what has to be asked; returns when it is decided."""
        loop = QEventLoop()
        flow = SignInFlow(SignInPresenter(self.runner, self.clock, self.find_keyring), cost=self.cost)
        ends: list[WayIn] = []

        def end(way_in: WayIn) -> None:
            ends.append(way_in)
            loop.quit()

        flow.signed_in.connect(lambda signed_in: end(WayIn(signed_in, wants_demo=False)))
        flow.demo_wanted.connect(lambda: end(WayIn(None, wants_demo=True)))
        flow.left.connect(lambda: end(WayIn(None, wants_demo=False)))
        flow.start(folder)
        loop.exec()
        # an application that is ending stops every loop
        return ends[0] if ends else WayIn(None, wants_demo=False)
