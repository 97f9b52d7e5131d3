"""Drafts of forms kept in the desk's encrypted database, written on the write lane."""

from functools import partial

from PySide6.QtCore import QObject

from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.drafts import DraftKeeper


def desk_keeper(context: UiContext, owner: QObject) -> DraftKeeper:
    """Return a keeper for the forms of ``owner``; a draft that cannot be written is told by the form's next save.

    Loading reads one row by its unique key, well below a frame.
    """
    drafts = context.desk.drafts

    def store(key: str, values: dict[str, object]) -> None:
        context.runner.write(context.bus, partial(drafts.save, key, values), _nothing)

    def discard(key: str) -> None:
        context.runner.write(context.bus, partial(drafts.drop, key), _nothing)

    return DraftKeeper(drafts.load, store, discard, owner)


def _nothing(_result: object) -> None:
    """Nothing follows a kept draft."""
