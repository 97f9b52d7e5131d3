"""「依据」: clauses and facts in a small window, and the link beneath a refusal that has a clause."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.services.desk.explanations import Explanation
from lian_desk.services.rules.clause_lines import clause_lines
from lian_desk.services.rules.rule_packs import load_current_pack
from lian_desk.ui.common.explain.explain import ExplainPopover, explain_clauses, explain_refusal, install_explainer
from lian_desk.ui.common.forms.fields import FieldSpec, LineField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.look.theme import Scheme

pytestmark = pytest.mark.usefixtures("theme")


def explained(clause_ids, facts):
    pack = load_current_pack()
    known = [clause_id for clause_id in clause_ids if clause_id in pack.clauses]
    return Explanation(clause_lines(known, pack), tuple(facts), pack.label)


@pytest.fixture
def explainer() -> Iterator[None]:
    install_explainer(explained)
    yield
    install_explainer(None)


@pytest.fixture
def dialog(qtbot):
    made = FormDialog("确认开启服务")
    made.form.add_row(LineField(FieldSpec(name="note", label="通话要点", optional=True)))
    made.fit()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_popover_shows_facts_clauses_places_and_edition(qtbot):
    shown = ExplainPopover(explained(["R46", "A8"], ["余 0 次"]))
    qtbot.addWidget(shown)
    pack = load_current_pack()
    for words in ("余 0 次", pack.clause("R46").text, f"手册 {pack.clause('R46').place}", pack.label):
        assert words in shown.words
    assert f"手册 {pack.clause('A8').place}" not in shown.words


def test_a_popover_stays_on_the_screen_and_closes_with_esc(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    room = host.screen().availableGeometry()
    for place in (QRect(room.right() - 10, room.bottom() - 10, 10, 10), QRect(0, 0, 10, 10)):
        shown = ExplainPopover(explained(["R46"], ()), host)
        shown.show_beside(place, host)
        assert room.contains(shown.geometry())
        QTest.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_popover_needs_no_scroll_bar_for_a_few_words(qtbot, theme, scheme):
    theme.set_scheme(scheme)
    try:
        shown = ExplainPopover(explained(["R46"], ["确认开启服务即扣除权益次数"]))
        qtbot.addWidget(shown)
        shown.show()
        assert not shown.grab().isNull()
        area = shown.findChild(QWidget, "body").parent().parent()
        assert area.verticalScrollBar().maximum() == 0
    finally:
        theme.set_scheme(Scheme.LIGHT)


@pytest.mark.usefixtures("explainer")
def test_a_refusal_in_the_banner_offers_its_clause(dialog):
    dialog.refuse(RuleViolation(ErrorCode.ENTITLEMENT_EXHAUSTED, clause="R47"))
    assert dialog.basis.isVisible()
    dialog.basis.click()
    shown = dialog.findChild(ExplainPopover)
    assert load_current_pack().clause("R47").text in shown.words
    assert dialog.banner.text in shown.words
    shown.close()


@pytest.mark.usefixtures("explainer")
def test_a_refusal_beneath_a_field_takes_the_link_there_and_the_next_letter_takes_it_away(dialog):
    field = dialog.form.fields["note"]
    dialog.refuse(RuleViolation(ErrorCode.FIELD_REQUIRED, clause="R45", field="note"))
    assert dialog.basis.parentWidget() is field
    assert dialog.basis.isVisible()
    QTest.keyClicks(field.input, "a")
    assert not dialog.basis.isVisible()
    dialog.refuse(RuleViolation(ErrorCode.ENTITLEMENT_EXHAUSTED, clause="R47"))
    assert dialog.basis.parentWidget() is dialog
    assert dialog.basis.isVisible()


@pytest.mark.usefixtures("explainer")
def test_without_a_clause_there_is_no_link(dialog):
    dialog.refuse(RuleViolation(ErrorCode.ENTITLEMENT_EXHAUSTED, clause="R47"))
    dialog.refuse(EnvironmentProblem(ErrorCode.DISK_FULL))
    assert not dialog.basis.isVisible()
    dialog.refuse(RuleViolation(ErrorCode.CHANGED_MEANWHILE))
    assert not dialog.basis.isVisible()
    dialog.refuse(RuleViolation(ErrorCode.WRONG_STATUS, clause="R999"))
    assert not dialog.basis.isVisible()


def test_without_an_explainer_nothing_is_offered(dialog):
    install_explainer(None)
    assert explain_clauses(["R46"]) is None
    assert explain_refusal(RuleViolation(ErrorCode.WRONG_STATUS, clause="R46")) is None
    dialog.refuse(RuleViolation(ErrorCode.WRONG_STATUS, clause="R46"))
    assert not dialog.basis.isVisible()
