"""Which pages the window has and who answers which wish: the one place where the features meet.

To add a page: write its feature folder, then one line in ``PAGES``. To let another feature open a dialog of
yours: one line in ``ACTION_HANDLERS``, with the type of what it is about. Modules are loaded when a page is first shown.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from lian_desk.ui.assistance_files.panels import FilePanels
from lian_desk.ui.common.forms.materials_beside import PaneWish
from lian_desk.ui.common.look.page_mark import MaterialPlace
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import NOTHING, FoundPlace, RequestPlace, SubjectType, Wish
from lian_desk.ui.common.shell.navigation import PageSpec
from lian_desk.ui.common.shell.page import Page


def _page(module: str, name: str) -> Callable[[UiContext], Page]:
    """Return a factory that loads the page's module only when the page is first shown: the start stays short."""

    def build(context: UiContext) -> Page:
        page: Page = getattr(import_module(f"lian_desk.ui.{module}"), name)(context)
        return page

    return build


def _wish(subject: SubjectType, module: str, name: str) -> Wish:
    """Return a wish about a ``subject`` whose answering module is loaded when it is first asked for."""

    def answer(context: UiContext, parent: QWidget, about: Any) -> None:
        getattr(import_module(f"lian_desk.ui.{module}"), name)(context, parent, about)

    return Wish(subject, answer)


def _file_page(context: UiContext) -> Page:
    """Build the page of one file with the parts that other features own."""
    panels = FilePanels(
        request_panel=_part("service_requests.request_panel", "RequestPanel"),
        materials=_file_part("materials.panel", "MaterialsPanel"),
        bookings=_file_part("bookings.file_panel", "FileBookingsPanel"),
        follow_ups=_file_part("follow_ups.file_panel", "FollowUpPanel"),
        search=_file_part("search.panel", "SearchPanel"),
    )
    page: Page = import_module("lian_desk.ui.assistance_files.page").FilePage(context, panels)
    return page


def _part(module: str, name: str) -> Callable[[UiContext], QWidget]:
    """Return a factory of a part of a page whose module is loaded when it is built."""

    def build(context: UiContext) -> QWidget:
        built: QWidget = getattr(import_module(f"lian_desk.ui.{module}"), name)(context)
        return built

    return build


def _file_part(module: str, name: str) -> Callable[[UiContext, int], QWidget]:
    """Return a factory of a tab of the file's page; its module is loaded when the tab is first looked at."""

    def build(context: UiContext, file_id: int) -> QWidget:
        built: QWidget = getattr(import_module(f"lian_desk.ui.{module}"), name)(context, file_id)
        return built

    return build


PAGES: Final = (
    PageSpec("worklist", "工作台", "layout-dashboard", _page("worklist.page", "WorklistPage"), "Alt+1"),
    PageSpec("assistance_files", "档案", "folder-open", _page("assistance_files.list_page", "FileListPage"), "Alt+2"),
    PageSpec("bookings", "预约", "calendar-check", _page("bookings.page", "BookingsPage"), "Alt+3"),
    PageSpec("follow_ups", "随访", "phone-call", _page("follow_ups.page", "FollowUpPage"), "Alt+4"),
    PageSpec("assistance_file", "档案", "folder-open", _file_page, under="assistance_files", takes_subject=True),
    PageSpec("materials", "材料", "files", _page("materials.page", "MaterialsPage"), "Alt+5"),
    PageSpec("hospitals", "医院名录", "hospital", _page("hospitals.page", "HospitalPage"), "Alt+6"),
    PageSpec("search", "全文检索", "scan-text", _page("search.page", "SearchPage"), "Ctrl+Shift+F"),
    PageSpec("calendar", "工作日历", "calendar-days", _page("working_calendar.page", "CalendarPage"), "Alt+7"),
    PageSpec("handbook", "手册与规则", "clipboard-list", _page("handbook.page", "HandbookPage"), "Alt+8"),
    PageSpec("team", "团队", "chart-column", _page("team.page", "TeamPage"), "Alt+9"),
)

ACTION_HANDLERS: Final[Mapping[str, Wish]] = {
    "disclosure_pack": _wish(int, "papers.pack_dialog", "open_pack"),
    "export_whole_file": _wish(int, "papers.file_export_dialog", "open_file_export"),
    "ask_for_material": _wish(int, "completeness.dialog", "ask_for_material"),
    "search_texts": _wish(str, "search.page", "search_texts"),
    "open_found_text": _wish(FoundPlace, "search.opening", "open_found_text"),
    "record_follow_up": _wish(int, "follow_ups.record_dialog", "open_record_dialog"),
    "plan_follow_up": _wish(int, "follow_ups.care_dialogs", "open_plan_dialog"),
    "phrases": _wish(NOTHING, "follow_ups.phrases_dialog", "open_phrases"),
    "care_plans": _wish(NOTHING, "follow_ups.care_plan_dialog", "open_care_plans"),
    "emergency": _wish(int | None, "follow_ups.emergency_handler", "open_emergency"),
    "record_education": _wish(int, "follow_ups.care_dialogs", "open_education_dialog"),
    "plan_reminder": _wish(int, "follow_ups.care_dialogs", "open_reminder_dialog"),
    "export_record": _wish(int, "papers.handlers", "open_export_record"),
    "print_summary": _wish(int, "papers.handlers", "open_export_summary"),
    "medical_sheet": _wish(int, "papers.handlers", "open_medical_sheet"),
    "booking_notice": _wish(int, "papers.handlers", "open_booking_notice"),
    "education_leaflet": _wish(int, "papers.handlers", "open_education_leaflet"),
    "team_summary": _wish(NOTHING, "papers.handlers", "open_team_summary"),
    "batch_papers": _wish(NOTHING, "papers.handlers", "open_batch"),
    "verify_papers": _wish(int | None, "papers.handlers", "open_register"),
    "new_application": _wish(NOTHING, "applications.handlers", "record_application"),
    "respond_to_application": _wish(int, "applications.handlers", "respond_to_application"),
    "settle_application": _wish(int, "applications.handlers", "settle_application"),
    "new_request": _wish(int | None, "service_requests.handlers", "new_request"),
    "request_review": _wish(int, "service_requests.handlers", "review"),
    "request_material_arrived": _wish(int, "service_requests.handlers", "material_arrived"),
    "request_confirm_requirement": _wish(int, "service_requests.handlers", "confirm_requirement"),
    "request_give_feedback": _wish(int, "service_requests.handlers", "give_feedback"),
    "request_pause": _wish(int, "service_requests.handlers", "pause"),
    "request_resume": _wish(int, "service_requests.handlers", "resume"),
    "request_archive": _wish(int, "service_requests.handlers", "archive"),
    "request_withdraw": _wish(int, "service_requests.handlers", "withdraw"),
    "request_revise_requirement": _wish(int, "service_requests.handlers", "confirm_requirement"),
    "request_record_attempt": _wish(int, "bookings.handlers", "record_attempt"),
    "request_confirm_start": _wish(int, "bookings.handlers", "confirm_start"),
    "request_record_booking": _wish(int, "bookings.handlers", "record_booking"),
    "request_send_instructions": _wish(int, "bookings.handlers", "send_instructions"),
    "request_record_attendance": _wish(int, "bookings.handlers", "record_attendance"),
    "request_complete_service": _wish(int, "bookings.handlers", "complete_service"),
    "request_record_no_show": _wish(int, "bookings.handlers", "record_no_show"),
    "request_cancel_by_insured": _wish(int, "bookings.handlers", "cancel_by_insured"),
    "request_reschedule_by_hospital": _wish(int, "bookings.handlers", "reschedule_by_hospital"),
    "request_record_not_booked": _wish(int, "bookings.handlers", "record_not_booked"),
    "request_reverse_start": _wish(int, "bookings.handlers", "reverse_start"),
    "request_reopen": _wish(int, "bookings.handlers", "reopen"),
    "request_correct_start": _wish(int, "bookings.handlers", "correct_start"),
    "request_correct_booking": _wish(int, "bookings.handlers", "correct_booking"),
    "request_record_restriction": _wish(int, "bookings.handlers", "record_restriction"),
    "declare_force_majeure": _wish(NOTHING, "handbook.handlers", "declare_force_majeure"),
    "new_file": _wish(NOTHING, "assistance_files.handlers", "new_file"),
    "open_file_for_application": _wish(int, "assistance_files.handlers", "open_file_for_application"),
    "show_request": _wish(RequestPlace, "assistance_files.handlers", "show_request"),
    "add_disease": _wish(int, "assistance_files.handlers", "add_disease"),
    "add_history": _wish(int, "assistance_files.handlers", "add_history"),
    "record_guardian": _wish(int, "assistance_files.handlers", "record_guardian"),
    "change_phone": _wish(int, "assistance_files.handlers", "change_phone"),
    "change_former_names": _wish(int, "assistance_files.handlers", "change_former_names"),
    "record_authorization": _wish(int, "assistance_files.handlers", "record_authorization"),
    "verify_authorization": _wish(int, "assistance_files.handlers", "verify_authorization"),
    "withdraw_authorization": _wish(int, "assistance_files.handlers", "withdraw_authorization"),
    "add_note": _wish(int, "assistance_files.handlers", "add_note"),
    "record_disclosure": _wish(int, "assistance_files.handlers", "record_disclosure"),
    "record_complaint": _wish(int, "assistance_files.handlers", "record_complaint"),
    "reassign_file": _wish(int, "assistance_files.handlers", "reassign_file"),
    "materials_beside": _wish(PaneWish, "materials.handlers", "materials_beside"),
    "show_material": _wish(MaterialPlace, "materials.handlers", "show_material"),
    "check_materials": _wish(NOTHING, "materials.handlers", "check_materials"),
    "hand_over_file": _wish(int, "assistance_files.handlers", "hand_over_file"),
    "take_back_file": _wish(int, "assistance_files.handlers", "take_back_file"),
    "place_legal_hold": _wish(int, "assistance_files.handlers", "place_legal_hold"),
    "lift_legal_hold": _wish(int, "assistance_files.handlers", "lift_legal_hold"),
    "erase_file": _wish(int, "assistance_files.handlers", "erase_file"),
    "sensitive_event": _wish(int, "assistance_files.handlers", "sensitive_event"),
    "request_record_sensitive_event": _wish(int, "assistance_files.handlers", "sensitive_event_of_request"),
    "reversal_report": _wish(NOTHING, "policies.handlers", "reversal_report"),
    "verify_policy": _wish(int, "policies.handlers", "verify_policy"),
    "suspend_policy": _wish(int, "policies.handlers", "suspend_policy"),
    "reinstate_policy": _wish(int, "policies.handlers", "reinstate_policy"),
    "terminate_policy": _wish(int, "policies.handlers", "terminate_policy"),
    "policy_terms": _wish(int, "policies.handlers", "policy_terms"),
    "reverse_termination": _wish(int, "policies.handlers", "reverse_termination"),
}
