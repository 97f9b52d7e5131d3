"""Wishes about one material become commands; what came of them goes back as signals. No widget here."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from lian_desk.adapters.rendering.renderer import Probe
from lian_desk.models.vocabulary import MaterialKind, OwnSign
from lian_desk.services.commands.changes import Changes
from lian_desk.services.commands.commands import Command, Outcome
from lian_desk.services.materials.materials import (
    AttachMaterialToRequest,
    ClassifyMaterial,
    ConfirmMaterial,
    DetachMaterialFromRequest,
    MarkMaterialDeficient,
    RecordMaterialView,
    RotateMaterial,
)
from lian_desk.services.materials.page_plans import PagePlan, write_plan
from lian_desk.services.materials.pages import ArrangePages, JoinMaterial, SplitMaterial
from lian_desk.services.materials.second_look import ShowMaterialAfterAll, look_again
from lian_desk.services.materials.trash import RestoreMaterial
from lian_desk.services.materials.views import MaterialView, check_material, export_material, load_material_view
from lian_desk.services.upkeep.stored_files import Fault
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

TABLES = frozenset({"material", "material_use", "service_request", "assistance_file", "insured_person"})


class MaterialPresenter(QObject):
    """Knows the material in front.

    Signals:
        opened(object): another material is in front (``MaterialView``).
        refreshed(object): the same one, read again.
        checked(object, object): key of the material, and its ``Fault`` or None.
        saved(): the form's values are stored.
        done(str): a sentence about what was done.
        refused(object): the error of what was not done.
        failed(object): the material could not be read.
        made(object): key of the material that a wish about pages leads to: the part split off, the bundle joined.
    """

    opened = Signal(object)
    refreshed = Signal(object)
    checked = Signal(object, object)
    saved = Signal()
    done = Signal(str)
    refused = Signal(object)
    failed = Signal(object)
    made = Signal(object)

    def __init__(self, context: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._wanted: int | None = None
        self.view: MaterialView | None = None
        self._verdict: tuple[int, Fault | None] | None = None
        self._plans_under_way = 0

    @property
    def is_arranging(self) -> bool:
        """True while an order of pages is being stored: what is read meanwhile may be older than what is shown."""
        return self._plans_under_way > 0

    def open(self, material_id: int | None) -> None:
        """Bring a material to the front; the look is recorded in the audit log."""
        self._wanted = material_id
        self.view = None
        self._verdict = None
        if material_id is None:
            return
        self._read(material_id)
        desk = self._context.desk
        self._context.runner.read(
            self, partial(check_material, desk, material_id), partial(self._checked, material_id), self.refused.emit
        )
        self._carry_out(RecordMaterialView(command_id=desk.new_id(), material_id=material_id), "")

    def apply(self, changes: Changes) -> None:
        """Read the material in front again when a change concerns it."""
        if changes.touches(TABLES):
            self.refresh()

    def refresh(self) -> None:
        """Read the material in front again."""
        if self._wanted is not None:
            self._read(self._wanted)

    def save(self, values: dict[str, Any]) -> None:
        """Store what the material is."""
        if self.view is not None:
            self._carry_out(self._classify(self.view.material_id, values), "已保存", self.saved.emit)

    def confirm(self, values: dict[str, Any]) -> None:
        """Store what the material is and confirm it."""
        if self.view is None:
            return
        material_id = self.view.material_id
        confirm = ConfirmMaterial(command_id=self._context.desk.new_id(), material_id=material_id)

        def go_on() -> None:
            self.saved.emit()
            self._carry_out(confirm, "已核对")

        self._carry_out(self._classify(material_id, values), "", go_on)

    def mark_deficient(self, reason: str) -> None:
        """Flag the material with its reason (R24)."""
        if self.view is not None:
            self._carry_out(
                MarkMaterialDeficient(
                    command_id=self._context.desk.new_id(), material_id=self.view.material_id, reason=reason
                ),
                "已标为有误",
            )

    def turn(self, rotation: int) -> None:
        """Keep how the pages are turned."""
        if self.view is not None:
            command_id = self._context.desk.new_id()
            self._carry_out(
                RotateMaterial(command_id=command_id, material_id=self.view.material_id, rotation=rotation), ""
            )

    def arrange(self, plan: PagePlan) -> None:
        """Keep the order of the pages."""
        if self.view is None:
            return
        self._plans_under_way += 1
        key = self.view.material_id
        command = ArrangePages(command_id=self._context.desk.new_id(), material_id=key, plan=write_plan(plan))
        carry_out(self._context, self, command, self._plan_stored, self._plan_refused)

    def _plan_stored(self, _outcome: Outcome) -> None:
        self._plans_under_way -= 1

    def _plan_refused(self, error: BaseException) -> None:
        self._plans_under_way -= 1
        self._refused(error)

    def split(self, pages: tuple[int, ...]) -> None:
        """Make a material of its own of some pages of the original; it comes to the front."""
        if self.view is not None:
            command_id = self._context.desk.new_id()
            self._lead_to(
                SplitMaterial(command_id=command_id, material_id=self.view.material_id, pages=pages),
                f"已拆出 {len(pages)} 页",
            )

    def join(self) -> None:
        """Give the pages back to the bundle they were split off from; the bundle comes to the front."""
        if self.view is not None:
            command_id = self._context.desk.new_id()
            self._lead_to(JoinMaterial(command_id=command_id, material_id=self.view.material_id), "已并回原扫描件")

    def restore(self) -> None:
        """Take the material out of the trash."""
        if self.view is not None:
            command_id = self._context.desk.new_id()
            self._carry_out(RestoreMaterial(command_id=command_id, material_id=self.view.material_id), "已移出回收站")

    def _lead_to(self, command: Command, words: str) -> None:
        def succeeded(outcome: Outcome) -> None:
            self.done.emit(words)
            self.made.emit(outcome.key)

        carry_out(self._context, self, command, succeeded, self._refused)

    def set_use(self, request_id: int, *, used: bool) -> None:
        """Let the material serve a request, or no longer."""
        if self.view is None:
            return
        order = AttachMaterialToRequest if used else DetachMaterialFromRequest
        self._carry_out(
            order(
                command_id=self._context.desk.new_id(),
                material_id=self.view.material_id,
                service_request_id=request_id,
            ),
            "已用于服务" if used else "已取消关联",
        )

    def export(self, target: Path) -> None:
        """Write a decrypted copy; recorded before."""
        if self.view is not None:
            work = partial(export_material, self._context.desk, self.view, target)
            self._context.runner.write(self, work, lambda _none: self.done.emit("已另存副本"), self.refused.emit)

    def look_again(self) -> None:
        """Look once more at a material that could not be shown; with pages it comes to the front anew."""
        view = self.view
        if view is not None and view.page_count is None:
            work = partial(look_again, self._context.desk, view)
            self._context.runner.read(self, work, partial(self._seen_after_all, view.material_id), self.failed.emit)

    def _seen_after_all(self, material_id: int, probe: Probe) -> None:
        command = ShowMaterialAfterAll(
            command_id=self._context.desk.new_id(),
            material_id=material_id,
            media_type=probe.media_type.value,
            page_count=probe.page_count,
            flaw=probe.flaw,
        )

        def shown() -> None:
            if self._wanted == material_id:
                self.view = None
                self.refresh()

        self._carry_out(command, "可以显示了", shown)

    def _classify(self, material_id: int, values: dict[str, Any]) -> ClassifyMaterial:
        view = self.view
        hospital_name = values["hospital_name"] or ""
        sign, note = values.get("own_sign"), values.get("own_sign_note") or ""
        if view is not None and (sign, note) == (view.own_sign, view.own_sign_note):
            # what stands already is not told again; its note is masked here
            sign = None
        return ClassifyMaterial(
            command_id=self._context.desk.new_id(),
            material_id=material_id,
            kind=MaterialKind(values["kind"]),
            document_on=values["document_on"],
            hospital_id=view.hospital_id if view is not None and view.hospital_name == hospital_name else None,
            hospital_name=hospital_name,
            department="" if view is None else view.department,
            doctor_name=values["doctor_name"] or "",
            name_matches=values["name_matches"],
            own_sign=OwnSign(sign) if sign else None,
            own_sign_note=note if sign else "",
        )

    def _carry_out(self, command: Command, words: str, then: Any = None) -> None:
        def succeeded(_outcome: object) -> None:
            if then is not None:
                then()
            if words:
                self.done.emit(words)

        carry_out(self._context, self, command, succeeded, self._refused)

    def _refused(self, error: BaseException) -> None:
        self.refused.emit(error)
        if self._wanted is not None:
            # a box that was ticked in vain shows the truth again
            self._read(self._wanted)

    def _read(self, material_id: int) -> None:
        work = partial(load_material_view, self._context.desk, material_id)
        self._context.runner.read(self, work, partial(self._take, material_id), self.failed.emit)

    def _take(self, material_id: int, view: MaterialView) -> None:
        if material_id != self._wanted:
            return
        is_new = self.view is None or self.view.material_id != material_id
        self.view = view
        (self.opened if is_new else self.refreshed).emit(view)
        if is_new and self._verdict is not None:
            self.checked.emit(*self._verdict)

    def _checked(self, material_id: int, fault: Fault | None) -> None:
        """The file was checked, perhaps before its details were read."""
        if material_id != self._wanted:
            return
        self._verdict = (material_id, fault)
        if self.view is not None:
            self.checked.emit(material_id, fault)
