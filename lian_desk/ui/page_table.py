"""Which pages the window has and who answers which wish: the one place where the features meet.

To add a page: write its feature folder, then one line in ``PAGES``. To let another feature open a dialog of
yours: one line in ``ACTION_HANDLERS``. Modules are loaded when a page is first shown.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from PySide6.QtWidgets import QWidget

from lian_desk.ui.assistance_files.panels import FilePanels
from lian_desk.ui.common.context import UiContext
from lian_desk.ui.common.navigation import PageSpec
from lian_desk.ui.common.page import Page

ActionHandler = Callable[[UiContext, QWidget, object], None]


def _page(module: str, name: str) -> Callable[[UiContext], Page]:
    """Return a factory that loads the page's module only when the page is first shown: the start stays short."""

    def build(context: UiContext) -> Page:
        page: Page = getattr(import_module(f"lian_desk.ui.{module}"), name)(context)
        return page

    return build


def _handler(module: str, name: str) -> ActionHandler:
    """Return a handler whose module is loaded when it is first asked for."""

    def answer(context: UiContext, parent: QWidget, subject: object) -> None:
        getattr(import_module(f"lian_desk.ui.{module}"), name)(context, parent, subject)

    return answer


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
    PageSpec("hospitals", "医院名录", "hospital", _page("providers.page", "HospitalPage"), "Alt+6"),
    PageSpec("search", "全文检索", "scan-text", _page("search.page", "SearchPage"), "Ctrl+Shift+F"),
    PageSpec("calendar", "工作日历", "calendar-days", _page("calendar.page", "CalendarPage"), "Alt+7"),
    PageSpec("handbook", "手册与规则", "clipboard-list", _page("handbook.page", "HandbookPage"), "Alt+8"),
    PageSpec("team", "团队", "chart-column", _page("team.page", "TeamPage"), "Alt+9"),
)

ACTION_HANDLERS: Final[Mapping[str, ActionHandler]] = {
    "disclosure_pack": _handler("documents.pack_dialog", "open_pack"),
    "export_whole_file": _handler("documents.file_export_dialog", "open_file_export"),
    "ask_for_material": _handler("completeness.dialog", "ask_for_material"),
    "open_found_text": _handler("search.opening", "open_found_text"),
    "record_follow_up": _handler("follow_ups.record_dialog", "open_record_dialog"),
    "plan_follow_up": _handler("follow_ups.care_dialogs", "open_plan_dialog"),
    "phrases": _handler("follow_ups.phrases_dialog", "open_phrases"),
    "care_plans": _handler("follow_ups.care_plan_dialog", "open_care_plans"),
    "emergency": _handler("follow_ups.emergency_handler", "open_emergency"),
    "record_education": _handler("follow_ups.care_dialogs", "open_education_dialog"),
    "plan_reminder": _handler("follow_ups.care_dialogs", "open_reminder_dialog"),
    "export_record": _handler("documents.handlers", "open_export_record"),
    "print_summary": _handler("documents.handlers", "open_export_summary"),
    "medical_sheet": _handler("documents.handlers", "open_medical_sheet"),
    "booking_notice": _handler("documents.handlers", "open_booking_notice"),
    "education_leaflet": _handler("documents.handlers", "open_education_leaflet"),
    "team_summary": _handler("documents.handlers", "open_team_summary"),
    "batch_papers": _handler("documents.handlers", "open_batch"),
    "verify_papers": _handler("documents.handlers", "open_register"),
    "new_application": _handler("applications.handlers", "record_application"),
    "respond_to_application": _handler("applications.handlers", "respond_to_application"),
    "settle_application": _handler("applications.handlers", "settle_application"),
    "new_request": _handler("service_requests.handlers", "new_request"),
    "request_review": _handler("service_requests.handlers", "review"),
    "request_material_arrived": _handler("service_requests.handlers", "material_arrived"),
    "request_confirm_requirement": _handler("service_requests.handlers", "confirm_requirement"),
    "request_give_feedback": _handler("service_requests.handlers", "give_feedback"),
    "request_pause": _handler("service_requests.handlers", "pause"),
    "request_resume": _handler("service_requests.handlers", "resume"),
    "request_archive": _handler("service_requests.handlers", "archive"),
    "request_withdraw": _handler("service_requests.handlers", "withdraw"),
    "request_revise_requirement": _handler("service_requests.handlers", "confirm_requirement"),
    "request_record_attempt": _handler("bookings.handlers", "record_attempt"),
    "request_confirm_start": _handler("bookings.handlers", "confirm_start"),
    "request_record_booking": _handler("bookings.handlers", "record_booking"),
    "request_send_instructions": _handler("bookings.handlers", "send_instructions"),
    "request_record_attendance": _handler("bookings.handlers", "record_attendance"),
    "request_complete_service": _handler("bookings.handlers", "complete_service"),
    "request_record_no_show": _handler("bookings.handlers", "record_no_show"),
    "request_cancel_by_insured": _handler("bookings.handlers", "cancel_by_insured"),
    "request_reschedule_by_hospital": _handler("bookings.handlers", "reschedule_by_hospital"),
    "request_record_not_booked": _handler("bookings.handlers", "record_not_booked"),
    "request_reverse_start": _handler("bookings.handlers", "reverse_start"),
    "request_reopen": _handler("bookings.handlers", "reopen"),
    "request_correct_start": _handler("bookings.handlers", "correct_start"),
    "request_correct_booking": _handler("bookings.handlers", "correct_booking"),
    "request_record_restriction": _handler("bookings.handlers", "record_restriction"),
    "declare_force_majeure": _handler("handbook.handlers", "declare_force_majeure"),
    "new_file": _handler("assistance_files.handlers", "new_file"),
    "open_file_for_application": _handler("assistance_files.handlers", "open_file_for_application"),
    "show_request": _handler("assistance_files.handlers", "show_request"),
    "add_disease": _handler("assistance_files.handlers", "add_disease"),
    "add_history": _handler("assistance_files.handlers", "add_history"),
    "record_guardian": _handler("assistance_files.handlers", "record_guardian"),
    "change_phone": _handler("assistance_files.handlers", "change_phone"),
    "change_former_names": _handler("assistance_files.handlers", "change_former_names"),
    "record_authorization": _handler("assistance_files.handlers", "record_authorization"),
    "verify_authorization": _handler("assistance_files.handlers", "verify_authorization"),
    "withdraw_authorization": _handler("assistance_files.handlers", "withdraw_authorization"),
    "add_note": _handler("assistance_files.handlers", "add_note"),
    "record_disclosure": _handler("assistance_files.handlers", "record_disclosure"),
    "record_complaint": _handler("assistance_files.handlers", "record_complaint"),
    "reassign_file": _handler("assistance_files.handlers", "reassign_file"),
    "materials_beside": _handler("materials.handlers", "materials_beside"),
    "show_material": _handler("materials.handlers", "show_material"),
    "check_materials": _handler("materials.handlers", "check_materials"),
    "hand_over_file": _handler("assistance_files.handlers", "hand_over_file"),
    "take_back_file": _handler("assistance_files.handlers", "take_back_file"),
    "place_legal_hold": _handler("assistance_files.handlers", "place_legal_hold"),
    "lift_legal_hold": _handler("assistance_files.handlers", "lift_legal_hold"),
    "erase_file": _handler("assistance_files.handlers", "erase_file"),
    "sensitive_event": _handler("assistance_files.handlers", "sensitive_event"),
    "request_record_sensitive_event": _handler("assistance_files.handlers", "sensitive_event_of_request"),
    "reversal_report": _handler("policies.handlers", "reversal_report"),
    "verify_policy": _handler("policies.handlers", "verify_policy"),
    "suspend_policy": _handler("policies.handlers", "suspend_policy"),
    "reinstate_policy": _handler("policies.handlers", "reinstate_policy"),
    "terminate_policy": _handler("policies.handlers", "terminate_policy"),
    "policy_terms": _handler("policies.handlers", "policy_terms"),
    "reverse_termination": _handler("policies.handlers", "reverse_termination"),
}
