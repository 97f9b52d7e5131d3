"""Every button of a file's page and tabs has somebody who answers it."""

import re
from pathlib import Path

from lian_desk.ui.assistance_files import page
from lian_desk.ui.page_table import ACTION_HANDLERS, PAGES

FOLDER = Path(page.__file__).parent
WISH = re.compile(r'_start(?:\(|, )"([a-z_]+)"')


def test_every_wish_of_the_tabs_has_an_answer() -> None:
    paths = [*FOLDER.glob("*_tab.py"), FOLDER / "disclosure_card.py"]
    wishes = {wish for path in paths for wish in WISH.findall(path.read_text(encoding="utf-8"))}
    assert wishes == {
        "add_disease",
        "add_history",
        "verify_policy",
        "suspend_policy",
        "reinstate_policy",
        "terminate_policy",
        "policy_terms",
        "reverse_termination",
        "record_disclosure",
        "disclosure_pack",
        "export_whole_file",
        "record_complaint",
        "record_guardian",
        "change_phone",
        "change_former_names",
        "record_authorization",
        "verify_authorization",
        "withdraw_authorization",
    }
    assert wishes <= set(ACTION_HANDLERS)


def test_every_button_of_the_page_has_an_answer() -> None:
    assert {action_id for action_id, _words in page._QUIET_ACTIONS} | page._WRITING <= set(ACTION_HANDLERS)


def test_one_page_takes_a_subject() -> None:
    assert [spec.page_id for spec in PAGES if spec.takes_subject] == ["assistance_file"]
