"""Files that are named and kept: documents of office programs, OFD, other archives, voice and video."""

import bz2
import io
import lzma
import struct
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.adapters.file_kinds.sniffing import HEAD_BYTES, MediaType, sniff
from lian_desk.adapters.file_kinds.sound_heads import is_framed_sound
from lian_desk.adapters.rendering.renderer import Probe, Renderer
from lian_desk.models.errors import DeskError, EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.requests.service_request import Evidence
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import EvidenceForm, MaterialFlaw, MaterialKind, MaterialState
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeOutcome, IntakeResult, MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem, items_from
from lian_desk.services.materials.materials import ClassifyMaterial
from lian_desk.services.materials.recordings import ExportRecording, require_folder, write_recording
from lian_desk.services.materials.second_look import ShowMaterialAfterAll, look_again
from lian_desk.services.materials.views import load_material_view, render_source
from lian_desk.services.papers.attached_pages import attached_pages
from lian_desk.services.papers.pack_choices import load_pack_choices
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.reading_queue.jobs import unread_materials
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.service_requests.starting import ConfirmStart
from lian_desk.services.words.format_words import advice, format_name, is_kept_only, kept_note
from lian_desk.services.words.wording import sentence
from tests import material_corpus as corpus
from tests.desk_world import World

CASES = Path(__file__).parents[2] / "cases" / "archives"


def boxes(brand: bytes, *more: bytes) -> bytes:
    content = brand + bytes(4) + b"".join(more)
    return (len(content) + 8).to_bytes(4, "big") + b"ftyp" + content + bytes(200)


def packed_tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as packed:
        info = tarfile.TarInfo("a.pdf")
        info.size = 4
        packed.addfile(info, io.BytesIO(b"%PDF"))
    return target.getvalue()


def raw_photo(order: str, *entries: tuple[int, int, int]) -> bytes:
    """Return the beginning of a file of a camera: its first directory, of a preview."""
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    lines = b"".join(struct.pack(f"{order}HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return mark + struct.pack(f"{order}IH", 8, len(entries)) + lines + bytes(600)


MAIL = "From: =?UTF-8?B?5Yy76Zmi?= <a@b.cn>\r\nTo: c@d.cn\r\nSubject: x\r\nContent-Type: multipart/mixed\r\n\r\n%PDF"
SAVED_PAGE = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x\r\nSubject: y\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n'
)
SAMPLES = {
    "发票.ofd": (MediaType.OFD, (CASES / "发票.ofd").read_bytes()),
    "病历.docx": (MediaType.WORD, (CASES / "病历.docx").read_bytes()),
    "清单.xlsx": (MediaType.EXCEL, corpus.archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})),
    "讲座.pptx": (MediaType.POWERPOINT, corpus.archive({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})),
    "其他.vsdx": (MediaType.OFFICE, corpus.archive({"[Content_Types].xml": b"<x/>"})),
    "病历.doc": (MediaType.OLD_WORD, corpus.compound("WordDocument", "1Table")),
    "病历.wps": (MediaType.OLD_WORD, corpus.compound("WordDocument")),
    "清单.xls": (MediaType.OLD_EXCEL, corpus.compound("a", "b", "c", "d", "e", "f", "Workbook")),
    "很旧.xls": (MediaType.OLD_EXCEL, corpus.compound("Book")),
    "讲座.ppt": (MediaType.OLD_POWERPOINT, corpus.compound("PowerPoint Document")),
    "加密.docx": (MediaType.LOCKED_OFFICE, corpus.compound("EncryptionInfo", "EncryptedPackage")),
    "邮件.msg": (MediaType.OUTLOOK, corpus.compound("__properties_version1.0")),
    "未知.doc": (MediaType.OFFICE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "文档.odt": (MediaType.OPEN_DOCUMENT, corpus.archive({"mimetype": b"application/vnd.oasis.opendocument.text"})),
    "书.epub": (MediaType.EPUB, corpus.archive({"mimetype": b"application/epub+zip"})),
    "文稿.pages": (MediaType.IWORK, corpus.archive({"Index/Document.iwa": b"x", "preview.jpg": b"x"})),
    "旧稿.pages": (MediaType.IWORK, corpus.archive({"index.xml": b"x", "QuickLook/Preview.pdf": b"x"})),
    "文档.rtf": (MediaType.RTF, b"{\\rtf1 x}"),
    "材料.rar": (MediaType.RAR, b"Rar!\x1a\x07\x01\x00" + bytes(60)),
    "材料.7z": (MediaType.SEVEN_ZIP, b"7z\xbc\xaf\x27\x1c" + bytes(60)),
    "材料.gz": (MediaType.GZIP, b"\x1f\x8b\x08" + bytes(60)),
    "材料.tar": (MediaType.TAR, packed_tar()),
    "材料.bz2": (MediaType.BZIP2, bz2.compress(b"x" * 500)),
    "材料.xz": (MediaType.XZ, lzma.compress(b"x" * 500)),
    "材料.zst": (MediaType.ZSTANDARD, b"\x28\xb5\x2f\xfd" + bytes(60)),
    "材料.lz4": (MediaType.LZ4, b"\x04\x22\x4d\x18" + bytes(60)),
    "材料.cab": (MediaType.CABINET, b"MSCF\x00\x00\x00\x00" + bytes(60)),
    "winmail.dat": (MediaType.WINMAIL, b"\x78\x9f\x3e\x22" + bytes(60)),
    "邮件.eml": (MediaType.MAIL, MAIL.encode()),
    "QQ邮件.eml": (MediaType.MAIL, b"Received: from a\r\n\tby b; Tue\r\nX-QQ-mid: 1\r\nFrom: a@b\r\n\r\nx"),
    "带标记.eml": (MediaType.MAIL, b"\xef\xbb\xbf\r\n" + MAIL.encode()),
    "网页.mht": (MediaType.WEB_ARCHIVE, SAVED_PAGE.encode()),
    "网页.html": (MediaType.WEB_PAGE, "\ufeff<!-- a --><!-- b -->\n<!DOCTYPE html><html>报告</html>".encode()),
    "旧网页.htm": (MediaType.WEB_PAGE, "<HTML><BODY>报告".encode("gbk")),
    "宽.html": (MediaType.WEB_PAGE, "\ufeff<html>报告</html>".encode("utf-16-le")),
    "文献.caj": (MediaType.CAJ, b"CAJ\x00" + bytes(60)),
    "文献.kdh": (MediaType.CAJ, b"KDH " + bytes(60)),
    "文献.nh": (MediaType.CAJ, b"HN\x00\x00" + bytes(60)),
    "文档.xps": (MediaType.XPS, corpus.archive({"[Content_Types].xml": b"<x/>", "FixedDocSeq.fdseq": b"<x/>"})),
    "图.eps": (MediaType.POSTSCRIPT, b"%!PS-Adobe-3.0 EPSF-3.0" + bytes(60)),
    "照片.jxl": (MediaType.JPEG_XL, b"\xff\x0a" + bytes(60)),
    "盒.jxl": (MediaType.JPEG_XL, b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(60)),
    "照片.cr2": (MediaType.CAMERA_RAW, b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(60)),
    "照片.cr3": (MediaType.CAMERA_RAW, boxes(b"crx ", b"isom")),
    "照片.dng": (MediaType.CAMERA_RAW, raw_photo("<", (254, 4, 1), (50706, 1, 0x0401))),
    "照片.nef": (MediaType.CAMERA_RAW, raw_photo(">", (254, 4, 1), (330, 4, 900))),
    "照片.raf": (MediaType.CAMERA_RAW, b"FUJIFILMCCD-RAW 0201" + bytes(60)),
    "照片.orf": (MediaType.CAMERA_RAW, b"IIRO" + bytes(60)),
    "照片.rw2": (MediaType.CAMERA_RAW, b"IIU\x00" + bytes(60)),
    "扫描.djvu": (MediaType.DJVU, b"AT&TFORM\x00\x00\x00\x20DJVM" + bytes(60)),
    "图.psd": (MediaType.PHOTOSHOP, b"8BPS\x00\x01" + bytes(60)),
    "图.svg": (MediaType.SVG, b'<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "图.wmf": (MediaType.METAFILE, b"\xd7\xcd\xc6\x9a" + bytes(60)),
    "图.emf": (MediaType.METAFILE, b"\x01\x00\x00\x00" + bytes(36) + b" EMF\x00\x00\x01\x00" + bytes(60)),
    "图.cdr": (MediaType.COREL, b"RIFF\x00\x01\x00\x00CDRAvrsn" + bytes(60)),
    "新图.cdr": (MediaType.COREL, corpus.archive({"content/riffData.cdr": b"x", "mimetype": b"application/x-vnd"})),
    "图纸.dwg": (MediaType.AUTOCAD, b"AC1032" + bytes(60)),
    "表格.et": (MediaType.OLD_EXCEL, corpus.compound("Workbook")),
    "讲座.dps": (MediaType.OLD_POWERPOINT, corpus.compound("Current User", "PowerPoint Document")),
    "微信.slk": (MediaType.SILK, b"#!SILK_V3" + bytes(60)),
    "语音.opus": (MediaType.OGG, b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(60)),
    "语音.amr": (MediaType.AMR, b"#!AMR\n" + bytes(60)),
    "语音宽.amr": (MediaType.AMR, b"#!AMR-WB\n" + bytes(60)),
    "微信.silk": (MediaType.SILK, b"\x02#!SILK_V3" + bytes(60)),
    "录音.mp3": (MediaType.MP3, corpus.mp3()),
    "带标签.mp3": (MediaType.MP3, b"ID3\x04\x00" + bytes(100)),
    "录音.m4a": (MediaType.M4A, boxes(b"M4A ", b"isom")),
    "录音.aac": (MediaType.AAC, (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 20),
    "录音.wav": (MediaType.WAV, b"RIFF\x00\x01\x00\x00WAVEfmt " + bytes(60)),
    "录音.ogg": (MediaType.OGG, b"OggS" + bytes(60)),
    "录音.flac": (MediaType.FLAC, b"fLaC" + bytes(60)),
    "录音.caf": (MediaType.CAF, b"caff\x00\x01" + bytes(60)),
    "视频.mp4": (MediaType.MP4, boxes(b"isom", b"mp42")),
    "微信.mp4": (MediaType.MP4, boxes(b"wxyz", b"mp42")),
    "视频.mov": (MediaType.QUICKTIME, boxes(b"qt  ")),
    "旧.mov": (MediaType.QUICKTIME, b"\x00\x00\x00\x08wide\x00\x00\x00\x20mdat" + bytes(60)),
    "视频.3gp": (MediaType.THREE_GP, boxes(b"3gp4")),
    "视频.avi": (MediaType.AVI, b"RIFF\x00\x01\x00\x00AVI LIST" + bytes(60)),
    "视频.mkv": (MediaType.MATROSKA, b"\x1aE\xdf\xa3" + bytes(60)),
    "视频.wmv": (MediaType.WINDOWS_MEDIA, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(60)),
    "视频.mpg": (MediaType.MPEG, b"\x00\x00\x01\xba" + bytes(60)),
    "视频.ts": (MediaType.MPEG, (b"G" + bytes(187)) * 6),
    "视频.flv": (MediaType.FLASH_VIDEO, b"FLV\x01\x05" + bytes(60)),
}


def lay(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def take(intake: MaterialIntake, name: str, content: bytes) -> IntakeResult:
    return intake.take_in(IntakeItem(name, content))


def added(intake: MaterialIntake, name: str, content: bytes) -> int:
    result = take(intake, name, content)
    assert result.outcome is IntakeOutcome.ADDED, result.sentence
    assert result.material_id is not None
    return result.material_id


def test_every_kept_format_is_named_and_kept_sealed(desk: Desk, intake: MaterialIntake) -> None:
    for name, (kind, content) in SAMPLES.items():
        result = take(intake, name, content)
        assert result.outcome is IntakeOutcome.ADDED, (name, result.sentence)
        assert result.sentence == kept_note(kind.value), name
        assert result.material_id is not None
        view = load_material_view(desk, result.material_id)
        assert (view.media_type, view.page_count, view.flaw) == (kind.value, None, None), name
        assert desk.materials.fetch(view.sha256) == content
    with desk.read() as session:
        # the queue of recognition never sees a file without pages
        assert session.scalars(unread_materials()).all() == []


def test_every_kept_format_has_its_name_and_its_way_out() -> None:
    assert {kind for kind, _content in SAMPLES.values()} == {kind for kind in MediaType if not kind.is_shown}
    for kind in MediaType:
        assert format_name(kind.value)
        assert kind.ending.startswith(".")
        assert is_kept_only(kind.value) is not kind.is_shown
        assert bool(advice(kind.value)) is not kind.is_shown
        assert kind.is_recording is kind.value.startswith(("audio/", "video/"))
    assert format_name("") == format_name("text/plain") == advice("text/plain") == ""
    assert "另存为 PDF" in advice(MediaType.WORD.value)
    assert "打印或另存为 PDF" in advice(MediaType.OFD.value)


def test_a_document_is_one_item_and_never_an_archive(intake: MaterialIntake, tmp_path: Path) -> None:
    for name in ("发票.ofd", "病历.docx", "清单.xlsx", "文稿.pages", "文档.odt"):
        lay(tmp_path / "收到", name, SAMPLES[name][1])
    items = items_from([tmp_path / "收到"])
    assert sorted(item.name for item in items) == sorted(path.name for path in (tmp_path / "收到").iterdir())
    assert [item.refusal for item in items] == [None] * 5
    inside = {name: SAMPLES[name][1] for name in ("发票.ofd", "病历.docx")} | {"照片.jpg": corpus.picture("JPEG")}
    (tmp_path / "材料.zip").write_bytes(corpus.archive(inside))
    packed = items_from([tmp_path / "材料.zip"])
    assert [item.name for item in packed] == list(inside)
    assert [intake.take_in(item).outcome for item in packed] == [IntakeOutcome.ADDED] * 3


def test_what_only_begins_like_sound_or_a_document_is_refused(intake: MaterialIntake) -> None:
    for content in (
        "\ufeff一份文字说明，没有格式。".encode("utf-16") * 20,
        b"\xff\xfe" + bytes(600),
        b"\xff\xfb\x90\x64" + bytes(300),
        b"PK\x03\x04" + bytes(600),
        corpus.archive({"readme.txt": b"x"}),
        b"\x00\x00\x00\x18ftypzzzz" + bytes(600),
        b"G" + bytes(600),
        "姓名: 王淑兰\n日期: 2026-01-01\n".encode(),
        b"Name: x\r\nSubject: a plain note\r\n",
        "HN-2026 号".encode(),
        b"AT&T",
        b"<p>x</p>",
    ):
        result = take(intake, "a.bin", content)
        assert (result.outcome, "换一种格式" in result.sentence) == (IntakeOutcome.REFUSED, True)
    assert is_framed_sound(b"\xff\xfb\xf0\x64" + bytes(1000)) == (False, False)
    assert is_framed_sound(b"") == (False, False)
    assert sniff(corpus.mp3()[:HEAD_BYTES]) is MediaType.MP3


def classified(desk: Desk, key: int, kind: MaterialKind) -> int:
    desk.execute(ClassifyMaterial(command_id=desk.new_id(), material_id=key, kind=kind))
    return key


def test_a_word_file_proves_nothing_on_the_checklist(
    desk: Desk, world: World, intake: MaterialIntake, file_id: int
) -> None:
    request_id = world.open_request(file_id)
    classified(desk, added(intake, "病历.docx", SAMPLES["病历.docx"][1]), MaterialKind.OUTPATIENT_RECORD)
    view = load_request_view(desk, request_id)
    assert view is not None
    assert "病情材料（任一种）" in [line.words for line in view.checklist if line.is_missing]
    problems = [line.problem for line in view.checklist if line.kind is MaterialKind.OUTPATIENT_RECORD]
    assert problems == ["已收到的一份是Word 文档，不能当作可读的材料"]
    choices = load_pack_choices(desk, file_id)
    assert choices is not None
    assert choices.pages == ()
    assert [words for words in choices.withheld if "Word 文档不能逐页显示" in words]
    classified(desk, added(intake, "病历.pdf", corpus.pdf(2)), MaterialKind.OUTPATIENT_RECORD)
    view = load_request_view(desk, request_id)
    assert view is not None
    assert "病情材料（任一种）" not in [line.words for line in view.checklist]


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [
        ("病历.docx", EvidenceForm.MESSAGE_IMAGE, ErrorCode.MATERIAL_NOT_READABLE),
        ("材料.rar", EvidenceForm.SIGNED_FORM, ErrorCode.MATERIAL_NOT_READABLE),
        ("语音.amr", EvidenceForm.SIGNED_FORM, ErrorCode.MATERIAL_NOT_READABLE),
        ("语音.amr", EvidenceForm.MESSAGE_IMAGE, None),
        ("视频.mp4", EvidenceForm.MESSAGE_IMAGE, None),
        ("录音.mp3", EvidenceForm.CALL_NOTE, None),
    ],
)
def test_a_recording_may_prove_what_was_said(
    desk: Desk,
    world: World,
    intake: MaterialIntake,
    file_id: int,
    name: str,
    form: EvidenceForm,
    code: ErrorCode | None,
) -> None:
    request_id = world.to_awaiting(file_id)
    world.later(minutes=10)
    key = classified(desk, added(intake, name, SAMPLES[name][1]), MaterialKind.CONFIRMATION)
    given = world.evidence(form=form, material_id=key)
    if code is not None:
        with pytest.raises(RuleViolation) as refusal:
            world.run(ConfirmStart, request_id=request_id, evidence=given, warning_acknowledged=True)
        assert refusal.value.code is code
        assert format_name(SAMPLES[name][0].value) in sentence(refusal.value)
        return
    world.run(ConfirmStart, request_id=request_id, evidence=given, warning_acknowledged=True)
    with desk.read() as session:
        proofs = session.scalars(select(Evidence).where(Evidence.service_request_id == request_id)).all()
    assert key in [proof.material_id for proof in proofs]


def test_a_recording_leaves_by_an_export_with_a_reason(
    desk: Desk, intake: MaterialIntake, file_id: int, tmp_path: Path
) -> None:
    key = added(intake, "王淑兰 13812346620.mp3", SAMPLES["录音.mp3"][1])
    view = load_material_view(desk, key)
    with pytest.raises(RuleViolation) as refusal:
        desk.execute(ExportRecording(command_id=desk.new_id(), material_id=key, reason="  "))
    assert refusal.value.code is ErrorCode.FIELD_REQUIRED
    desk.execute(ExportRecording(command_id=desk.new_id(), material_id=key, reason="核对电话里的时间"))
    paths = [write_recording(desk, view, tmp_path) for _copy in range(3)]
    assert [path.read_bytes() for path in paths] == [SAMPLES["录音.mp3"][1]] * 3
    assert [path.name for path in paths] == [
        f"{view.file_number} 待分类.mp3", f"{view.file_number} 待分类 (2).mp3", f"{view.file_number} 待分类 (3).mp3",
    ]  # fmt: skip
    with desk.read() as session:
        entries = session.scalars(select(FileEntry).where(FileEntry.assistance_file_id == file_id)).all()
        kinds = list(session.scalars(select(AuditEntry.kind)))
    assert "待分类 · 核对电话里的时间" in [entry.detail for entry in entries if entry.title == "导出录音录像"]
    assert kinds.count("ExportRecording") >= 1
    with pytest.raises(EnvironmentProblem) as problem:
        require_folder(tmp_path / "没有")
    assert problem.value.code is ErrorCode.TARGET_FOLDER_MISSING
    with pytest.raises(EnvironmentProblem):
        write_recording(desk, view, tmp_path / "没有")


def test_only_recordings_go_to_the_player_and_only_with_an_authorization(
    desk: Desk, world: World, intake: MaterialIntake, file_id: int
) -> None:
    paper, voice = added(intake, "a.pdf", corpus.pdf(1)), added(intake, "b.amr", SAMPLES["语音.amr"][1])
    with pytest.raises(RuleViolation) as refusal:
        desk.execute(ExportRecording(command_id=desk.new_id(), material_id=paper, reason="听"))
    assert refusal.value.code is ErrorCode.MATERIAL_NO_RECORDING
    with desk.database.write_session() as session:
        session.execute(update(Material).where(Material.id == voice).values(state=MaterialState.QUARANTINED))
        session.commit()
    with pytest.raises(RuleViolation) as refusal:
        desk.execute(ExportRecording(command_id=desk.new_id(), material_id=voice, reason="听"))
    assert refusal.value.code is ErrorCode.MATERIAL_QUARANTINED
    with desk.database.write_session() as session:
        session.execute(update(Material).values(state=MaterialState.RECEIVED))
        session.execute(update(InformationAuthorization).values(withdrawn_at=world.clock.moment))
        session.commit()
    with pytest.raises(RuleViolation) as refusal:
        desk.execute(ExportRecording(command_id=desk.new_id(), material_id=voice, reason="听"))
    assert refusal.value.code is ErrorCode.AUTHORIZATION_MISSING


def test_what_could_not_be_shown_is_shown_after_another_look(
    desk: Desk, intake: MaterialIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = corpus.early_tiff(3)[:-50]

    def busy(_renderer: Renderer, _source: object) -> Probe:
        raise EnvironmentProblem(ErrorCode.MATERIAL_NOT_PREVIEWABLE)

    with monkeypatch.context() as patch:
        patch.setattr(Renderer, "probe", busy)
        key = added(intake, "传真.tif", content)
    view = load_material_view(desk, key)
    assert (view.page_count, view.flaw) == (None, None)
    source = render_source(desk, view)
    desk.renderer._deaths[source.id] = 9
    probe = look_again(desk, view)
    order = ShowMaterialAfterAll(
        command_id=desk.new_id(),
        material_id=key,
        media_type=probe.media_type.value,
        page_count=probe.page_count,
        flaw=probe.flaw,
    )
    desk.execute(order)
    view = load_material_view(desk, key)
    assert (view.media_type, view.page_count) == ("image/tiff", 3)
    assert view.flaw == Flaw(MaterialFlaw.BOTTOM_LOST, 3, 121, 160)
    with pytest.raises(RuleViolation) as refusal:
        desk.execute(replace(order, command_id=desk.new_id()))
    assert refusal.value.code is ErrorCode.CHANGED_MEANWHILE
    word = load_material_view(desk, added(intake, "病历.docx", SAMPLES["病历.docx"][1]))
    with pytest.raises(DeskError):
        look_again(desk, word)
    with pytest.raises(ValueError, match="has a page"):
        desk.execute(
            ShowMaterialAfterAll(command_id=desk.new_id(), material_id=word.material_id, media_type="x", page_count=0)
        )


def test_a_kept_file_is_not_put_into_a_paper(desk: Desk, intake: MaterialIntake, file_id: int) -> None:
    key = classified(desk, added(intake, "病历.docx", SAMPLES["病历.docx"][1]), MaterialKind.OUTPATIENT_RECORD)
    with desk.database.write_session() as session:
        session.execute(update(Material).where(Material.id == key).values(state=MaterialState.CONFIRMED))
        session.commit()
    with pytest.raises(RuleViolation) as refusal:
        attached_pages(desk, file_id, (PagesGiven(material_id=key),))
    assert refusal.value.code is ErrorCode.MATERIAL_NOT_READABLE
    assert "Word 文档" in sentence(refusal.value)
