"""A second look at a material that could not be shown when it came: the machine was busy, a component was missing."""

from dataclasses import dataclass

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.rendering.renderer import Probe
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.views import MaterialView, render_source


@dataclass(frozen=True, kw_only=True)
class ShowMaterialAfterAll(Command):
    """A material that had no pages can be shown after all: how many it has, and what of it is missing."""

    material_id: int
    media_type: str
    page_count: int
    flaw: Flaw | None = None


@handles(ShowMaterialAfterAll)
def show_material_after_all(command: ShowMaterialAfterAll, context: CommandContext) -> int:
    """Write down the pages; allowed on a closed file too, as it changes nothing of the material.

    Raises:
        RuleViolation: ``CHANGED_MEANWHILE`` where its pages are known already; ``MATERIAL_ERASED``.
    """
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    if row.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    if row.page_count is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    if command.page_count < 1:
        raise ValueError("a material that can be shown has a page")
    row.media_type, row.page_count = command.media_type, command.page_count
    if command.flaw is not None:
        row.flaw, row.flaw_page, row.flaw_line, row.flaw_lines = command.flaw
    return row.id


def look_again(desk: Desk, view: MaterialView) -> Probe:
    """Look at a material's file once more, whatever became of earlier looks. Takes up to half a minute.

    Raises:
        RuleViolation: truncated, locked, unreadable.
        EnvironmentProblem: ``MATERIAL_NOT_PREVIEWABLE`` again, or as little to be shown as before.
    """
    source = render_source(desk, view)
    desk.renderer.forgive(source)
    probe = desk.renderer.probe(source)
    if not probe.page_count:
        raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)
    return probe
