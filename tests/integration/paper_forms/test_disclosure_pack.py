"""就诊资料包: chosen pages in one PDF, covered or in clear, refused without authorization, logged, read back (R21)."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.vocabulary import (
    DocumentKind,
    MaskingLevel,
    MaterialKind,
    MaterialSource,
    MaterialState,
    OwnSign,
    TextOrigin,
)
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.covering.page_bars import bars
from lian_desk.services.materials.materials import AddMaterial, ClassifyMaterial, ConfirmMaterial
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.names.masking import spans_to_hide
from lian_desk.services.papers.issuing import fetch_issued, issue, preview
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.recognition.page_words import READING, PageWords, WordLine
from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.desk_world import World

#: Lines of an invented page: words, left, top, width, height in fractions.
LINES = (
    WordLine("上海市第一医院 出院小结", 0.2, 0.05, 0.6, 0.04, 0.99),
    WordLine("姓名：王淑兰 性别：女", 0.1, 0.15, 0.4, 0.03, 0.97),
    WordLine("联系电话：13812346620", 0.1, 0.25, 0.4, 0.03, 0.97),
    WordLine("诊断：左肺上叶结节", 0.1, 0.4, 0.4, 0.03, 0.95),
)
RED = (220, 30, 30)
SIZE = (600, 800)


def photograph() -> bytes:
    """Return a picture with red ink exactly where the lines stand: what is covered is black, what is not stays red."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    for line in LINES:
        box = (line.left * SIZE[0], line.top * SIZE[1], line.right * SIZE[0], line.bottom * SIZE[1])
        pen.rectangle(box, fill=RED)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def own(world: World) -> Iterator[World]:  # noqa: F811 - the fixture
    """Give the world with its renderer closed at the end."""
    yield world
    world.desk.renderer.close()


def paper(world: World, file_id: int, *, is_read: bool = True) -> int:  # noqa: F811
    """Take in the picture as a confirmed paper of the file; its page has been read."""
    kept = world.desk.materials.keep(photograph())
    material_id = world.run(
        AddMaterial,
        assistance_file_id=file_id,
        sha256=kept.sha256,
        sealed_sha256=kept.sealed_sha256,
        byte_size=kept.size,
        original_name="出院小结.png",
        media_type="image/png",
        page_count=1,
        source=MaterialSource.BUTTON,
    )
    world.run(
        ClassifyMaterial,
        material_id=material_id,
        kind=MaterialKind.DISCHARGE_SUMMARY,
        name_matches=True,
        own_sign=OwnSign.NAME_READ,
    )
    world.run(ConfirmMaterial, material_id=material_id)
    if is_read:
        words = PageWords(TextOrigin.RECOGNISED, 0, LINES)
        with world.desk.database.write_session() as session:
            session.add(
                MaterialPageText(
                    id=world.desk.new_id(),
                    material_id=material_id,
                    page=0,
                    origin=words.origin,
                    turned=0,
                    text=words.text,
                    lines=words.as_json(),
                    read_at=world.clock.moment,
                    reading=READING,
                    unexplained=0.0,
                )
            )
            session.commit()
    return material_id


def order(file_id: int, *material_ids: int, masking: MaskingLevel = MaskingLevel.HOSPITAL) -> ExportOrder:
    return ExportOrder(
        kind=DocumentKind.DISCLOSURE_PACK,
        file_id=file_id,
        masking=masking,
        recipient="复旦大学附属中山医院 呼吸科",
        purpose="预约专家门诊",
        pages=tuple(PagesGiven(material_id=key) for key in material_ids),
    )


def texts_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def last_page(content: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        return document[len(document) - 1].render(scale=2).to_pil().convert("RGB")
    finally:
        document.close()


def red_share(image: Image.Image) -> float:
    return _share(image, lambda red, green, blue: red > 150 and green < 100 and blue < 100)


def black_share(image: Image.Image) -> float:
    return _share(image, lambda red, green, blue: max(red, green, blue) < 40)


def _share(image: Image.Image, is_so: Callable[[int, int, int], bool]) -> float:
    content = image.tobytes()
    pixels = zip(content[0::3], content[1::3], content[2::3], strict=True)
    return sum(is_so(*pixel) for pixel in pixels) / (len(content) // 3)


def test_a_pack_in_clear_says_to_whom_what_for_and_on_which_authorization(own: World, tmp_path: Path) -> None:
    file_id = own.open_file()
    first, second = paper(own, file_id), own.material(file_id, MaterialKind.PATHOLOGY_REPORT)
    issued = issue(own.desk, order(file_id, first), tmp_path)
    assert issued.number.startswith("HP-26-01-")
    written = (tmp_path / issued.file_name).read_bytes()
    assert written == issued.content == fetch_issued(own.desk, issued.key)
    cover, page = texts_of(written)
    for words in ("就诊资料包", "复旦大学附属中山医院 呼吸科", "预约专家门诊", "已授权", "王淑兰", "13812346620"):
        assert words in cover
    assert "出院小结" in cover
    assert "手册" in cover
    assert issued.number in cover
    assert "出院小结 · 第 1 页" in page
    assert red_share(last_page(written)) > 0.02
    with own.desk.read() as session:
        (row,) = session.scalars(select(Disclosure))
    assert row.recipient == "复旦大学附属中山医院 呼吸科"
    assert row.page_list == f"{first}:all"
    assert "证件号码" in row.field_names
    assert str(second) not in row.page_list
    view = load_file_view(own.desk, file_id)
    assert view is not None
    assert {"导出就诊资料包", "向复旦大学附属中山医院 呼吸科提供信息"} <= {line.title for line in view.feed}


def test_a_covered_pack_shows_no_name_and_hides_no_text_below(own: World, tmp_path: Path) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    clear = issue(own.desk, order(file_id, key), tmp_path)
    issued = issue(own.desk, order(file_id, key, masking=MaskingLevel.INTERNAL), tmp_path)
    written = (tmp_path / issued.file_name).read_bytes()
    whole = "".join(texts_of(written))
    for secret in ("王淑兰", "13812346620", "诊断：左肺"):
        assert secret not in whole
    assert secret_free(written)
    page = last_page(written)
    assert black_share(page) > black_share(last_page(clear.content)) + 0.003
    assert 0 < red_share(page) < red_share(last_page(clear.content))
    with own.desk.read() as session:
        row = session.scalars(select(Disclosure).order_by(Disclosure.id.desc())).first()
    assert row is not None
    assert row.field_names == "姓名（已遮盖）"


def secret_free(content: bytes) -> bool:
    """Tell whether no name stands anywhere in the bytes, metadata included."""
    encodings = [text.encode(coding) for text in ("王淑兰", "13812346620") for coding in ("utf-8", "utf-16-be", "gbk")]
    return not any(secret in content for secret in encodings)


def test_a_page_turned_for_the_viewer_is_covered_in_the_same_places(own: World) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    upright = last_page(preview(own.desk, order(file_id, key, masking=MaskingLevel.INTERNAL))[0])
    with own.desk.database.write_session() as session:
        session.get_one(Material, key).rotation = 90
        session.commit()
    turned = last_page(preview(own.desk, order(file_id, key, masking=MaskingLevel.INTERNAL))[0])
    assert covered_share(turned) == pytest.approx(covered_share(upright), rel=0.3)
    assert 0.1 < covered_share(upright) < 0.6


def covered_share(image: Image.Image) -> float:
    """Return how much of the ink is covered."""
    black, red = black_share(image), red_share(image)
    return black / (black + red)


def test_a_page_that_was_not_read_cannot_be_covered_and_is_named(own: World) -> None:
    file_id = own.open_file()
    key = paper(own, file_id, is_read=False)
    with pytest.raises(RuleViolation) as refused:
        preview(own.desk, order(file_id, key, masking=MaskingLevel.INTERNAL))
    assert refused.value.code is ErrorCode.PAGES_NOT_READ
    assert refused.value.parameters["pages"] == "出院小结第 1 页"
    assert len(texts_of(preview(own.desk, order(file_id, key))[0])) == 2


def test_refused_without_a_verified_authorization_recipient_or_page(own: World, tmp_path: Path) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    with pytest.raises(RuleViolation) as refused:
        issue(own.desk, order(file_id), tmp_path)
    assert refused.value.code is ErrorCode.FIELD_REQUIRED
    nobody = ExportOrder(
        kind=DocumentKind.DISCLOSURE_PACK,
        file_id=file_id,
        masking=MaskingLevel.INTERNAL,
        pages=(PagesGiven(material_id=key),),
    )
    with pytest.raises(RuleViolation) as refused:
        issue(own.desk, nobody, tmp_path)
    assert refused.value.code is ErrorCode.FIELD_REQUIRED
    view = load_file_view(own.desk, file_id)
    assert view is not None
    assert view.authorization is not None
    own.later(hours=1)
    own.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="客户要求")
    own.clock.moment += timedelta(minutes=1)
    for masking in (MaskingLevel.HOSPITAL, MaskingLevel.INTERNAL):
        with pytest.raises(RuleViolation) as refused:
            issue(own.desk, order(file_id, key, masking=masking), tmp_path)
        assert refused.value.code is ErrorCode.AUTHORIZATION_MISSING
    assert not list(tmp_path.glob("*.pdf"))


@pytest.mark.parametrize("state", [MaterialState.QUARANTINED, MaterialState.DEFICIENT])
def test_what_is_kept_back_does_not_leave_the_desk(own: World, tmp_path: Path, state: MaterialState) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    with own.desk.database.write_session() as session:
        session.get_one(Material, key).state = state
        session.commit()
    with pytest.raises(RuleViolation):
        issue(own.desk, order(file_id, key), tmp_path)
    with own.desk.read() as session:
        assert session.scalars(select(Disclosure)).all() == []


@pytest.mark.parametrize("where", ["trash", "another file"])
def test_what_lies_in_the_trash_or_in_another_file_goes_into_no_pack(own: World, where: str) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    in_clear, masked = (order(file_id, key, masking=level) for level in (MaskingLevel.HOSPITAL, MaskingLevel.INTERNAL))
    preview(own.desk, in_clear)
    preview(own.desk, masked)
    if where == "trash":
        own.run(MoveMaterialToTrash, material_id=key, reason="重复")
    else:
        stranger = own.open_file()
        with own.desk.database.write_session() as session:
            session.get_one(Material, key).assistance_file_id = stranger
            session.commit()
    for asked in (in_clear, masked):
        with pytest.raises(RuleViolation) as refused:
            preview(own.desk, asked)
        assert refused.value.code is ErrorCode.NOT_FOUND


def test_a_page_that_the_paper_has_not_goes_into_no_pack(own: World) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    for masking in (MaskingLevel.HOSPITAL, MaskingLevel.INTERNAL):
        for page in (0, 2, -1):
            asked = replace(order(file_id, masking=masking), pages=(PagesGiven(material_id=key, pages=(page,)),))
            with pytest.raises(RuleViolation) as refused:
                preview(own.desk, asked)
            assert refused.value.code is ErrorCode.VALUE_NOT_UNDERSTOOD


def test_a_folder_that_is_not_there_leaves_nothing_half_written_and_no_disclosure(own: World, tmp_path: Path) -> None:
    file_id = own.open_file()
    key = paper(own, file_id)
    with pytest.raises(EnvironmentProblem) as refused:
        issue(own.desk, order(file_id, key), tmp_path / "gone" / "pack.pdf")
    assert refused.value.code is ErrorCode.TARGET_FOLDER_MISSING
    assert list(tmp_path.iterdir()) == [tmp_path / "workspace"]
    with own.desk.read() as session:
        assert session.scalars(select(Disclosure)).all() == []


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("姓名：王淑兰 性别：女", ["王淑兰"]),
        ("姓 名：王 淑 兰", ["王", "王 淑 兰"]),
        ("患者王淑兰入院", ["王淑兰"]),
        ("患者王椒兰入院", ["王椒兰"]),
        ("王主任查房", []),
        ("联系电话：13812346620", ["13812346620"]),
        ("身份证号:320102197401011458", ["320102197401011458"]),
        ("住院号：ZY0012", ["ZY0012"]),
        ("病案号: 88-1", ["88-1"]),
        ("病理号：BL9172655 科室：消化内科", ["BL9172655"]),
        ("编号: QR02", ["QR02"]),
        ("诊断：急性左心衰", []),
        ("家庭住址：南京市鼓楼区中山路1号", ["南京市鼓楼区中山路1号"]),
        ("日期 2026-09-28 10:30", []),
        ("癌胚抗原 6.82 0.00-5.00 ng/mL", []),
        ("诊断：左肺上叶结节", []),
        ("邮箱 wang@example.org", ["wang@example.org"]),
    ],
)
def test_what_is_hidden_of_a_line(text: str, hidden: list[str]) -> None:
    spans = spans_to_hide(text, ("王淑兰",))
    assert {text[first:last] for first, last in spans} == set(hidden)


def test_a_value_beside_its_label_is_covered_too() -> None:
    lines = (
        WordLine("门诊号：", 0.1, 0.2, 0.1, 0.02, 0.9),
        WordLine("MZ155 内科", 0.22, 0.2, 0.2, 0.02, 0.9),
        WordLine("诊断：", 0.1, 0.3, 0.1, 0.02, 0.9),
        WordLine("结节", 0.22, 0.3, 0.1, 0.02, 0.9),
    )
    found = bars(PageWords(TextOrigin.RECOGNISED, 0, lines), ())
    assert max(right for _left, _top, right, _bottom in found) > 0.3
    for left, top, right, bottom in found:
        assert 0.2 < left < 0.22, "the label and what stands in other rows stay"
        assert right < 0.36
        assert 0.18 < top < 0.2
        assert 0.22 < bottom < 0.24


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_bars_lie_on_the_words_however_the_writing_lies(turned: int) -> None:
    line = WordLine("姓名：王淑兰", 0.2, 0.3, 0.48, 0.04, 0.9)
    if turned in {90, 270}:
        line = WordLine("姓名：王淑兰", 0.3, 0.2, 0.04, 0.48, 0.9)
    ((left, top, right, bottom),) = bars(PageWords(TextOrigin.RECOGNISED, turned, (line,)), ("王淑兰",))
    along = {0: (left, right), 90: (top, bottom), 180: (left, right), 270: (top, bottom)}[turned]
    is_far_half = turned in {0, 90}
    middle = 0.2 + 0.48 / 2
    # of the label no more than what the widest type could make of the name
    begin, end = (middle, 0.68) if is_far_half else (0.2, middle)
    assert begin - 0.06 <= along[0] <= begin
    assert end <= along[1] <= end + 0.06
