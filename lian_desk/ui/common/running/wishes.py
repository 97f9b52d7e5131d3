"""Wishes of one feature to another: each names what it is about by a type, checked at one place before anybody answers.

A wish is asked by the id of an action (``Navigator.start``), because features do not know each other. Who answers takes
a subject of exactly the declared type; a registry test holds the declaration against the answering function.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, TypeVar

from PySide6.QtWidgets import QDialog, QWidget

from lian_desk.services.search.text_search import TextHit
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.running.context import UiContext

_LOG: Final = logging.getLogger(__name__)
NOT_CHOSEN: Final = "先打开一份档案或一条服务，再做这一步。"
NOT_FOUND: Final = "没有找到这一步所指的记录；请从档案或列表里重新打开。"

SubjectType = type[object] | UnionType
NOTHING: Final = NoneType
"""The wish is about nothing in particular."""

_FoundT = TypeVar("_FoundT")
Answer = Callable[[UiContext, QWidget, Any], None]


class RequestPlace(NamedTuple):
    """An assistance file by its key, and one of its requests, None for whichever is at work."""

    file_id: int
    request_id: int | None


class FoundPlace(NamedTuple):
    """A place in a text, and the question that found it."""

    hit: TextHit
    question: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Who answers, and the type of what it is about: ``int`` is the key of a record."""

    subject: SubjectType
    answer: Answer


def refusal(action_id: str, wish: Wish | None, subject: object) -> str | None:
    """Return the sentence for a wish that cannot be about ``subject``, None for one that can.

    A subject of another kind is a fault of the program: it goes to the log by its kind, never by its value.
    """
    if wish is None:
        _LOG.warning("nobody answers the action %s", action_id)
        return NOT_FOUND
    if _fits(subject, wish.subject):
        return None
    if subject is None:
        return NOT_CHOSEN
    _LOG.warning("the action %s was asked about a %s", action_id, type(subject).__name__)
    return NOT_FOUND


def open_found(
    context: UiContext, parent: QWidget, work: Callable[[], _FoundT | None], make: Callable[[_FoundT], QDialog]
) -> None:
    """Read what a dialog is about and open it; a record that is not there is said instead."""

    def show(found: _FoundT | None) -> None:
        if found is not None:
            make(found).open()
            return
        toast = getattr(parent.window(), "toast", None)
        if isinstance(toast, Toast):
            toast.say(NOT_FOUND)

    context.runner.read(parent, work, show)


def _fits(subject: object, declared: SubjectType) -> bool:
    # a truth value is an integer to Python and the key of nothing
    return isinstance(subject, declared) and not isinstance(subject, bool)
