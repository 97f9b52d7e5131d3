"""What other features may ask of this one."""

from PySide6.QtWidgets import QWidget

from lian_desk.ui.common.forms.materials_beside import PaneWish
from lian_desk.ui.common.look.page_mark import MaterialPlace
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.beside import MaterialsBeside
from lian_desk.ui.materials.integrity_dialog import IntegrityDialog
from lian_desk.ui.materials.page import MaterialsPage


def materials_beside(context: UiContext, _parent: QWidget, subject: PaneWish) -> None:
    """Hand the pane of materials over to the dialog that asked for it."""
    subject.host.take(MaterialsBeside(context, subject.file_id))


def show_material(context: UiContext, parent: QWidget, subject: MaterialPlace) -> None:
    """Show one material on the page of all materials, with a page of its original and what is marked there."""
    context.navigator.open_page(MaterialsPage.page_id)
    page = parent.findChild(MaterialsPage)
    if page is not None:
        page.panel.show_material(subject.material_id, subject.page, subject.marks)


def check_materials(context: UiContext, parent: QWidget, _subject: None) -> None:
    """Open 材料核对."""
    IntegrityDialog(context, parent).open()
