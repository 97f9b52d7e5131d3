"""A follow-up is recorded from the worklist with the keyboard alone; the key actions besides the text are counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.vocabulary import FollowUpOutcome
from tests.integration.follow_ups.conftest import Case
from tests.integration.follow_ups.test_follow_up_window import plan
from tests.window_fixture import hands, shown  # noqa: F401

if TYPE_CHECKING:
    from tests.window_fixture import Hands

MOST_KEYS = 12
ALT, CONTROL, PLAIN = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)


class Keyboard:
    """Counts every key action; words are typed by an input method and are not counted."""

    def __init__(self, with_hands: Hands) -> None:
        self._hands = with_hands
        self.count = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.count += 1
        self._hands.bot.keyClick(self.focused(), key, modifier)
        self._hands.settle()

    def words(self, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.focused(), event)

    def letters(self, text: str) -> None:
        """Type letters that stand for a phrase: key actions, each of them."""
        self.count += len(text)
        self._hands.bot.keyClicks(self.focused(), text)

    def focused(self) -> QWidget:
        """Return what has the keyboard; an empty worklist has nothing to type in, the window takes the keys."""
        return QApplication.focusWidget() or self._hands.shown.window


@pytest.fixture
def due(case: Case) -> int:
    return plan(case, date(2026, 11, 23), "就诊后第 1 个工作日")


@pytest.fixture
def keyboard(due: int, hands: Hands) -> Keyboard:  # noqa: F811
    hands.shown.context.navigator.open_page("worklist")
    hands.settle()
    return Keyboard(hands)


def _recorded(case: Case, key: int) -> FollowUp:
    with case.desk.read() as session:
        return session.scalars(select(FollowUp).where(FollowUp.id == key)).one()


def test_reached_and_everything_told_in_at_most_twelve_key_actions(case: Case, due: int, keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_4, ALT)
    keyboard.press(Qt.Key.Key_Down)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.words("自述精神可，食欲一般。")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.words("按医嘱服药，无漏服。")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.words("乏力")
    keyboard.press(Qt.Key.Key_Tab)
    keyboard.words("2026-12-08")
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    row = _recorded(case, due)
    assert row.outcome is FollowUpOutcome.REACHED
    assert (row.condition_text, row.medication_text) == ("自述精神可，食欲一般。", "按医嘱服药，无漏服。")
    assert (row.symptoms, row.next_visit_on) == ("乏力", date(2026, 12, 8))
    assert QApplication.activeModalWidget() is None
    assert keyboard.count <= MOST_KEYS


def test_a_contact_told_in_one_phrase_takes_seven(case: Case, due: int, keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_4, ALT)
    keyboard.press(Qt.Key.Key_Down)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.letters("js")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    assert _recorded(case, due).condition_text == "精神食欲可，睡眠可。"
    assert keyboard.count == 7


def test_nobody_answered_takes_few_keys_too(case: Case, due: int, keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_4, ALT)
    keyboard.press(Qt.Key.Key_Down)
    keyboard.press(Qt.Key.Key_Return)
    # the outcome stands above: a digit with Alt chooses it from any field
    keyboard.press(Qt.Key.Key_2, ALT)
    keyboard.press(Qt.Key.Key_Return, CONTROL)
    assert _recorded(case, due).outcome is FollowUpOutcome.NO_ANSWER
    assert keyboard.count <= MOST_KEYS
