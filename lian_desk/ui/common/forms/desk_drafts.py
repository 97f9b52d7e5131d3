"""Drafts of a form in the desk's encrypted store: loaded at once, stored and dropped on the write lane."""

from functools import partial
from typing import Any

from lian_desk.ui.common.forms.drafts import DraftKeeper
from lian_desk.ui.common.running.context import UiContext


def desk_drafts(context: UiContext) -> DraftKeeper:
    """Return a keeper for one form; hand it to ``FormDialog.keep_draft`` with a key that names form and record."""
    drafts, runner = context.desk.drafts, context.runner

    def store(key: str, values: dict[str, Any]) -> None:
        # the runner itself is the owner: a draft is kept even when its dialog is gone by then
        runner.write(runner, partial(drafts.save, key, values), _done)

    def discard(key: str) -> None:
        runner.write(runner, partial(drafts.drop, key), _done)

    return DraftKeeper(drafts.load, store, discard)


def _done(_nothing: None) -> None:
    """Nothing to show: the words stand in the form."""
