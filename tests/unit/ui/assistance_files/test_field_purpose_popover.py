"""ⓘ beside a field: why it is asked, whether it may be left out, how long it is kept (R20)."""

from PySide6.QtCore import Qt

from lian_desk.ui.assistance_files import file_fields
from lian_desk.ui.common.forms.fields import FieldSpec, LineField


def test_the_mark_and_f1_open_why_a_field_is_asked(qtbot):
    number = file_fields.identity_fields()[1]
    qtbot.addWidget(number)
    number.show()
    popover = number.show_purpose()
    assert "实名预约" in popover.words
    assert "必填" in popover.words
    assert "保存 10 年" in popover.words
    assert "（R" not in popover.words
    popover.close()
    opened = []
    number.show_purpose = lambda: opened.append(True)
    qtbot.keyClick(number.input, Qt.Key.Key_F1)
    assert opened == [True]


def test_a_field_that_is_asked_of_nobody_has_no_mark(qtbot):
    field = LineField(FieldSpec(name="title", label="标题"))
    qtbot.addWidget(field)
    field.show()
    assert field.show_purpose() is None
    qtbot.keyClick(field.input, Qt.Key.Key_F1)
    assert "ⓘ" not in [part.text() for part in field.findChildren(type(field._mark))]
