"""Pages of materials that go with a paper: rendered, made JPEG, each with a caption (R21, R67: chosen pages only)."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from lian_desk.adapters.exchange.page_images import PageImage
from lian_desk.adapters.paper_forms.paper_views import AttachedPage
from lian_desk.adapters.storage.thumbnails import StoredSource
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.vocabulary import MaterialState
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.page_plans import read_plan
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.words.format_words import format_name, is_kept_only
from lian_desk.services.words.wording import phrase

MOST_PAGES: Final = 60
"""Pages that one sheet takes along; more belong into a pack of their own."""
GIVEN_STATES: Final = frozenset({MaterialState.RECEIVED, MaterialState.CONFIRMED})
"""What is found wrong or kept back for another person's name does not leave the desk (R1, R24)."""
_DOTS_PER_INCH: Final = 150
_POINTS_PER_INCH: Final = 72
_LONGEST: Final = 2_000
_QUALITY: Final = 82


Cover = Callable[[Material, int, Image.Image], Image.Image]
"""Paints over what a page must not show; gets the material, the page of its original (from 0) and the upright picture."""


def attached_pages(
    desk: Desk,
    file_id: int | None,
    chosen: Sequence[PagesGiven],
    *,
    cover: Cover | None = None,
    most: int = MOST_PAGES,
) -> tuple[AttachedPage, ...]:
    """Render the chosen pages of the file's materials, in the order chosen. Takes its time: a tenth of a second a page.

    ``cover`` paints over parts of each page before it becomes a picture, so that nothing lies below.

    Raises:
        RuleViolation: ``NOT_FOUND`` for a material of another file or one that is kept back; ``VALUE_NOT_UNDERSTOOD``
            for a page that is not there or too many of them; what the renderer refuses.
        EnvironmentProblem: the stored file is missing or damaged.
    """
    pages: list[AttachedPage] = []
    for given in chosen:
        material = _material(desk, file_id, given.material_id)
        if is_kept_only(material.media_type):
            name = format_name(material.media_type)
            raise RuleViolation(ErrorCode.MATERIAL_NOT_READABLE, field="pages", format=name)
        plan = read_plan(material.page_plan or "", material.page_count or 1).shown
        numbers = given.pages or tuple(range(1, len(plan) + 1))
        if not all(1 <= number <= len(plan) for number in numbers) or len(pages) + len(numbers) > most:
            expected = f"页码为 1 至 {len(plan)}，一份最多附 {most} 页"
            raise RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, clause="R21", field="pages", expected=expected)
        source = StoredSource(desk.materials, material.sha256, material.byte_size)
        for number in numbers:
            planned = plan[number - 1]
            turn = (material.rotation + planned.rotation) % 360
            picture = _image(desk.renderer.render_page(source, planned.page, _DOTS_PER_INCH / _POINTS_PER_INCH))
            if cover is not None:
                picture = cover(material, planned.page, picture)
            # the renderer counts clockwise, the library against the clock
            pages.append(_page(material, number, picture.rotate(-turn, expand=True) if turn else picture))
    return tuple(pages)


def _material(desk: Desk, file_id: int | None, key: int) -> Material:
    with desk.read() as session:
        material = session.get(Material, key)
        if material is None or material.assistance_file_id != file_id or material.trashed_at is not None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="material")
        if material.state not in GIVEN_STATES:
            raise RuleViolation(ErrorCode.NOT_FOUND, clause="R1", kind="material")
        session.expunge(material)
    return material


def _image(picture: PageImage) -> Image.Image:
    size = (picture.width, picture.height)
    return Image.frombuffer("RGB", size, picture.pixels, "raw", "RGB", picture.stride, 1)


def _page(material: Material, number: int, image: Image.Image) -> AttachedPage:
    image = image.copy()
    image.thumbnail((_LONGEST, _LONGEST))
    target = BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    parts = (phrase(material.kind), material.document_on.isoformat() if material.document_on else "", f"第 {number} 页")
    caption = " · ".join(part for part in parts if part)
    return AttachedPage(caption=caption, jpeg=target.getvalue(), width=image.width, height=image.height)
