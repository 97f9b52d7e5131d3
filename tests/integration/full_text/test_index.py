"""The full-text index: what is found by which words, what is forgotten, and that nothing written is left out."""

import importlib
import unicodedata
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Text, insert, select, text
from sqlalchemy.orm import Session

from lian_desk.models.base import Base
from lian_desk.models.tables.materials.full_text import FullTextBacklog, FullTextEntry, FullTextForm
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialPageText
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.follow_up import EducationNote
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.tables.schema import metadata
from lian_desk.models.vocabulary import Channel, NextAction, TextOrigin
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text import index as full_text
from lian_desk.services.full_text import words as full_text_words
from lian_desk.services.full_text.sources import BY_ORIGIN, SOURCES
from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.materials import MarkMaterialDeficient
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.search.text_search import PLACE_TABS, PLACE_WORDS
from tests.desk_world import World

PAGE = """南京鼓楼医院 门诊病历
姓名 张三丰 性别 男 年龄 ５２岁
主诉：发热 3 天，白血病化疗后。血压 120/80 mmHg
ＭＲＩ检查示左肺占位；肿瘤标志物 CA125 12.5 U/mL，CA-199 正常。
C-反应蛋白 8mg/L "阴性" (OR) AND NOT * 𬭎 zyxwv
"""

FOUND = (
    "张三 三丰 丰 白血病 血病 病化 院 鼓楼医院 MRI mri检查 ｍｒｉ ＭＲＩ检查 52 ５２岁 120/80 12.5 ca125 CA-125 CA１２５ 125 "
    "ca199 mmhg C反应蛋白 c-反应 阴性 𬭎 hb"
).split()[:-1]
QUESTIONS = (
    *FOUND,
    "mri检",
    "天白",
    "检查示左",
    "病历姓",
    "发热3天",
    "化疗后",
    "白血病 鼓楼",
    "张三丰  MRI",
    '"阴性"',
    "and not",
    "血压 120",
    "mmH",
    "mm",
)
MISSED = ("张丰", "白病", "鼓医院", "1250", "2", "CA12", "血压 121", "左肺 右肺", "RI检查")


@pytest.fixture
def page(world: World) -> int:
    """Return a material whose second page is indexed."""
    material_id = world.material(world.open_file())
    with world.desk.database.write_session() as session:
        full_text.index_page(session, material_id, 2, PAGE)
        session.commit()
    return material_id


def places(desk: Desk, question: str, **more: Any) -> list[tuple[str, int, int]]:
    """Return origin, source and page of what a question finds."""
    with desk.read() as session:
        found = full_text.find(session, question, 50, **more)
    return [(place.origin, place.source_id, place.page) for place in found.places]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_is_found_by_any_part_of_it(world: World, page: int, question: str) -> None:
    assert ("material_page", page, 2) in places(world.desk, question)


@pytest.mark.parametrize("question", MISSED)
def test_words_that_do_not_stand_together_find_nothing(world: World, page: int, question: str) -> None:
    assert ("material_page", page, 2) not in places(world.desk, question)


@pytest.mark.parametrize("question", ["", "  ", "。，", '"', "*", "^ ( ) :", "'; --", "\x00"])
def test_a_question_without_a_word_finds_nothing(world: World, page: int, question: str) -> None:
    assert places(world.desk, question) == []


@pytest.mark.parametrize(
    "question", ['"', "NEAR(发热, 3)", "pairs : 发热", "scope:f1", "发热 OR", "-发热", "发热*", "{发热}"]
)
def test_operators_are_text_like_any_other(world: World, page: int, question: str) -> None:
    found = places(world.desk, question)
    assert (("material_page", page, 2) in found) is (question in {"发热 OR", "-发热", "发热*", "{发热}"})


def test_a_page_that_is_read_anew_replaces_what_was_known(world: World, page: int) -> None:
    with world.desk.database.write_session() as session:
        full_text.index_page(session, page, 2, "出院小结")
        full_text.index_page(session, page, 3, "病理报告")
        session.commit()
    assert places(world.desk, "白血病") == []
    assert places(world.desk, "出院小结") == [("material_page", page, 2)]
    with world.desk.database.write_session() as session:
        full_text.index_page(session, page, 2, "")
        full_text.remove_pages(session, page)
        session.commit()
    assert places(world.desk, "出院小结") == places(world.desk, "病理报告") == []
    assert places(world.desk, "paper.pdf") == [("material", page, 0)]


def test_a_page_of_a_material_that_is_gone_is_not_indexed(world: World) -> None:
    with world.desk.database.write_session() as session:
        full_text.index_page(session, 4711, 1, PAGE)
        session.commit()
    assert places(world.desk, "白血病") == []


def test_batches_continue_and_one_file_can_be_asked_alone(world: World) -> None:
    one, other = world.open_file(), world.open_file()
    papers = [world.material(file_id) for file_id in (one, other, one)]
    with world.desk.database.write_session() as session:
        for paper in papers:
            for number in range(1, 4):
                full_text.index_page(session, paper, number, f"第 {number} 页 心电图")
        session.commit()
    seen: list[tuple[int, int]] = []
    after = None
    with world.desk.read() as session:
        while True:
            batch = full_text.find(session, "心电图", 4, after)
            seen += [(place.source_id, place.page) for place in batch.places]
            after = batch.after
            if after is None:
                break
    assert seen == [(paper, number) for paper in reversed(papers) for number in (3, 2, 1)]
    alone = places(world.desk, "心电图", file_id=other)
    assert alone == [("material_page", papers[1], number) for number in (3, 2, 1)]


def test_what_is_removed_leaves_no_word_in_the_files_of_the_index(world: World, page: int) -> None:
    assert b"zyxwv" in index_bytes(world.desk)
    with world.desk.database.write_session() as session:
        full_text.remove_material(session, page)
        session.commit()
    assert places(world.desk, "白血病") == []
    assert b"zyxwv" not in index_bytes(world.desk)


def index_bytes(desk: Desk) -> bytes:
    """Return every byte that the index keeps."""
    with desk.read() as session:
        return b"".join(session.connection().exec_driver_sql("SELECT block FROM full_text_fts_data").scalars())


def test_in_a_large_index_the_last_trace_goes_slice_by_slice(
    world: World, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_text, "MERGED_AT_ONCE", 0)
    with world.desk.database.write_session() as session:
        full_text.remove_material(session, page)
        full_text.remove_material(session, page)
        session.commit()
    assert places(world.desk, "白血病") == []
    assert b"zyxwv" in index_bytes(world.desk)
    rounds = 0
    while _catch_up(world.desk):
        rounds += 1
        assert rounds < 1000
    assert b"zyxwv" not in index_bytes(world.desk)


def test_removing_a_file_forgets_all_its_words(world: World, page: int) -> None:
    other = world.material(world.open_file())
    with world.desk.database.write_session() as session:
        full_text.index_page(session, other, 1, "白血病")
        full_text.remove_file(session, session.get_one(Material, page).assistance_file_id)
        session.commit()
    assert places(world.desk, "白血病") == [("material_page", other, 1)]


def test_rows_written_by_commands_are_found_and_follow_their_row(world: World) -> None:
    file_id = world.open_file()
    request = world.open_request(file_id, need_text="希望看呼吸介入门诊")
    assert ("service_request", request, 0) in places(world.desk, "呼吸介入")
    material_id = world.material(file_id)
    world.run(MarkMaterialDeficient, material_id=material_id, reason="第二页盖章模糊")
    assert ("material", material_id, 0) in places(world.desk, "盖章模糊")
    with world.desk.database.write_session() as session:
        session.get_one(Material, material_id).deficiency = "已更换"
        session.commit()
    assert ("material", material_id, 0) not in places(world.desk, "盖章模糊")
    with world.desk.database.write_session() as session:
        session.delete(session.get_one(Material, material_id))
        session.commit()
    assert ("material", material_id, 0) not in places(world.desk, "paper.pdf")


def entry_of(world: World, origin: str, source_id: int) -> int | None:
    """Return the key of an entry; a row that is indexed anew gets a new one."""
    with world.desk.read() as session:
        known = (FullTextEntry.origin == origin, FullTextEntry.source_id == source_id)
        return session.scalars(select(FullTextEntry.id).where(*known)).one_or_none()


def test_only_a_row_whose_words_changed_is_indexed_anew(world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id, need_text="希望看呼吸介入门诊")
    material_id = world.material(file_id)
    with world.desk.database.write_session() as session:
        session.get_one(Material, material_id).original_name = "出院小结.pdf"
        session.commit()
    before = [entry_of(world, "service_request", request_id), entry_of(world, "material", material_id)]
    with world.desk.database.write_session() as session:
        session.get_one(ServiceRequest, request_id).next_action = NextAction.NONE
        session.get_one(ServiceRequest, request_id).need_text = "希望看呼吸介入门诊"
        session.get_one(Material, material_id).page_count = 7
        session.commit()
    assert [entry_of(world, "service_request", request_id), entry_of(world, "material", material_id)] == before
    with world.desk.database.write_session() as session:
        session.get_one(ServiceRequest, request_id).closing_reason = "转院到外地"
        session.commit()
    assert entry_of(world, "service_request", request_id) != before[0]
    assert ("service_request", request_id, 0) in places(world.desk, "转院到外地")
    assert ("service_request", request_id, 0) in places(world.desk, "呼吸介入")


def test_a_number_and_the_file_that_a_row_comes_to_count_as_words(world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id)
    with world.desk.database.write_session() as session:
        session.get_one(ServiceRequest, request_id).number = "S-26-09-77777"
        session.commit()
    assert ("service_request", request_id, 0) in places(world.desk, "77777")
    moment = world.clock.moment
    application = IncomingApplication(
        id=world.desk.new_id(),
        contact_name="王淑兰",
        channel=Channel.PHONE,
        need_text="想约肝胆外科",
        received_at=moment,
        response_due_at=moment,
        recorded_at=moment,
        recorded_by=world.desk.operator.id,
    )
    with world.desk.database.write_session() as session:
        session.add(application)
        session.commit()
        assert entry_of(world, "incoming_application", application.id) is None
        application.assistance_file_id = file_id
        session.commit()
    assert ("incoming_application", application.id, 0) in places(world.desk, "肝胆外科")


def test_an_undone_command_leaves_no_trace(world: World) -> None:
    file_id = world.open_file()
    with world.desk.database.write_session() as session:
        session.add(_education(world, file_id))
        session.flush()
        session.rollback()
    assert places(world.desk, "低盐饮食") == []


def _education(world: World, file_id: int) -> EducationNote:
    moment = world.clock.moment
    return EducationNote(
        id=world.desk.new_id(),
        assistance_file_id=file_id,
        topic="低盐饮食",
        body="每日食盐不超过五克",
        channel="wecom",
        given_at=moment,
        recorded_at=moment,
        recorded_by=world.desk.operator.id,
    )


def test_rows_written_in_bulk_are_indexed_from_the_backlog(world: World) -> None:
    file_id = world.open_file()
    with world.desk.database.write_session() as session:
        keys = []
        for _ in range(5):
            note = _education(world, file_id)
            values = {
                column.name: getattr(note, column.name)
                for column in metadata.tables[EducationNote.__tablename__].columns
                if column.name in note.__dict__
            }
            session.connection().execute(insert(EducationNote).values(**values))
            keys.append(note.id)
        full_text.expect_everything(session)
        session.commit()
    assert places(world.desk, "低盐饮食") == []
    while _catch_up(world.desk):
        pass
    assert [key for _, key, _ in places(world.desk, "低盐饮食")] == keys[::-1]
    with world.desk.read() as session:
        assert session.scalars(select(FullTextBacklog)).all() == []
        entries = session.scalars(select(FullTextEntry.source_id)).all()
    assert not _catch_up(world.desk)
    with world.desk.read() as session:
        assert session.scalars(select(FullTextEntry.source_id)).all() == entries


def _catch_up(desk: Desk) -> bool:
    with desk.database.write_session() as session:
        more = full_text.catch_up(session, limit=2)
        session.commit()
    return more


RADICALS = "南京⿎楼医院 ⻔诊病历\n⻓期用药，⻅报告，⻛湿免疫科 ⽇期 ⾼血压 急\u200b诊"


def test_radicals_and_unseen_marks_are_folded_in_text_and_question(world: World) -> None:
    material_id = world.material(world.open_file())
    with world.desk.database.write_session() as session:
        full_text.index_page(session, material_id, 0, RADICALS)
        full_text.index_page(session, material_id, 1, "门诊 长期")
        session.commit()
    for question in ("长期用药", "见报告", "风湿", "高血压", "日期", "急诊", "⻛湿", "风\ufeff湿", "⾼"):
        assert places(world.desk, question) == [("material_page", material_id, 0)], question
    for question in ("门诊", "⻔诊", "⻔", "⻓期"):
        assert len(places(world.desk, question)) == 2, question


def test_an_index_of_an_older_form_is_written_anew_under_its_keys(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a workspace of the program before: entries without folded radicals, the row of the form not there yet."""
    file_id = world.open_file()
    material_id = world.material(file_id)
    with world.desk.database.write_session() as session:
        for number in range(5):
            page = MaterialPageText(
                id=world.desk.new_id(),
                material_id=material_id,
                page=number,
                origin=TextOrigin.DOCUMENT,
                turned=0,
                text=f"第 {number} 页 ⻔诊病历",
                lines="[]",
                read_at=world.clock.moment,
            )
            session.add(page)
            with monkeypatch.context() as before:
                before.setattr(full_text_words, "normal", lambda text: unicodedata.normalize("NFKC", text).casefold())
                full_text.index_page(session, material_id, number, page.text)
        gone = full_text.find(session, "第", 50).places
        session.delete(session.scalars(select(MaterialPageText).where(MaterialPageText.page == 4)).one())
        session.execute(text("DROP TABLE full_text_form"))
        session.commit()
    assert len(gone) == 5
    assert places(world.desk, "门诊") == []
    with world.desk.database.write_session() as session:
        script = importlib.import_module("lian_desk.models.migrations.versions.0013_full_text_form")
        with Operations.context(MigrationContext.configure(session.connection())):
            script.upgrade()
        session.commit()
    with world.desk.read() as session:
        before_entries = session.scalars(select(FullTextEntry.id).order_by(FullTextEntry.id)).all()
    slices = 0
    while _catch_up(world.desk):
        slices += 1
    assert slices > 3, "one slice at a time, so that nobody waits"
    assert places(world.desk, "门诊") == [("material_page", material_id, number) for number in (3, 2, 1, 0)]
    assert places(world.desk, "paper.pdf"), "what needed nothing new is still found"
    with world.desk.read() as session:
        form = session.get_one(FullTextForm, 1)
        assert (form.form, form.reached) == (full_text_words.FORM, 0)
        entries = session.scalars(select(FullTextEntry.id).order_by(FullTextEntry.id)).all()
    assert len(entries) == len(before_entries) - 1, "the page that is no more is no longer found"
    assert set(entries) < set(before_entries)
    assert not _catch_up(world.desk)


def test_a_new_workspace_has_todays_form(world: World) -> None:
    with world.desk.read() as session:
        assert session.get_one(FullTextForm, 1).form == full_text_words.FORM


def test_what_lies_in_the_trash_is_found_only_when_asked_for(world: World, page: int) -> None:
    with world.desk.database.write_session() as session:
        session.get_one(Material, page).trashed_at = world.clock.moment
        session.commit()
    assert places(world.desk, "白血病") == places(world.desk, "paper.pdf") == []
    assert places(world.desk, "白血病", with_trash=True) == [("material_page", page, 2)]


def test_the_question_walks_the_index_and_sorts_nothing(world: World, page: int) -> None:
    with world.desk.read() as session:
        plan = _plan(session)
    assert any("full_text_fts VIRTUAL TABLE INDEX" in line for line in plan)
    assert any("SEARCH full_text_entry USING INTEGER PRIMARY KEY" in line for line in plan)
    assert not any("TEMP B-TREE" in line for line in plan)


def _plan(session: Session) -> list[str]:
    statement = full_text.place_statement('pairs : "心电"', 50)
    compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return [row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]


#: Texts that are deliberately not indexed, and why.
NOT_INDEXED = {
    "audit_entry": "the sealed log is read by its own window and must not leak into a search",
    "draft": "what nobody has saved yet is nobody's record",
    "calendar_day": "belongs to no file",
    "calendar_year": "belongs to no file",
    "clock_run": "a derivation the program wrote itself",
    "handbook_edition": "belongs to no file",
    "force_majeure": "belongs to no file; what it does to a file stands in the feed",
    "workspace_setting": "belongs to no file",
    "intake_entry": "names of files that came in; the material they became is indexed",
    "material_page_text": "indexed page by page, see index_page",
    "file_handover": "its reason stands in the feed, which is indexed",
    "legal_hold": "its reason stands in the feed, which is indexed",
    "file_erasure": "the reason of an erasure outlives it, in the audit and not in the search",
    "material_removal": "why a material went to the trash; its feed line is indexed",
    "material_quarantine": "why a paper was held back; its feed line is indexed",
    "issued_document": "found by its number in the list of papers",
    "hospital": "found by the list of hospitals",
    "hospital_restriction": "shown with the person; its feed line is indexed",
    "policy_status_period": "belongs to a policy; its feed line is indexed",
    "entitlement_entry": "the ledger; its feed line is indexed",
    "guardian": "found by the search terms of the file",
    "intake_part": "names of files that came in; the material they became is indexed",
    "column_mapping": "headings of tables from outside; belongs to no file",
    "page_cover": "places on a page and who looked; the feed line is indexed",
    "former_name": "found by the search terms of the file",
}


def test_every_table_with_free_text_is_a_source_or_named_with_a_reason() -> None:
    with_words = {
        name
        for name, table in metadata.tables.items()
        if any(isinstance(column.type, Text) for column in table.columns)
    }
    known = set(BY_ORIGIN) | set(NOT_INDEXED)
    assert with_words - known == set()
    assert not set(BY_ORIGIN) & set(NOT_INDEXED)


def test_every_source_names_columns_that_are_there() -> None:
    assert len(BY_ORIGIN) == len(SOURCES)
    for source in SOURCES:
        assert set(source.numbers) <= set(source.kind.__table__.columns.keys())
        assert issubclass(source.kind, Base)
        assert set(source.columns) <= set(source.kind.__table__.columns.keys())


def test_every_source_has_a_name_for_its_hits() -> None:
    assert set(PLACE_WORDS) == set(BY_ORIGIN) - {"material"}
    assert set(PLACE_TABS) <= set(PLACE_WORDS)


def test_an_erased_material_is_forgotten(world: World, page: int) -> None:
    world.run(MoveMaterialToTrash, material_id=page, reason="错传", by=world.lead)
    world.run(EraseMaterial, material_id=page, reason="客户要求删除", by=world.lead)
    assert places(world.desk, "白血病", with_trash=True) == []
    assert places(world.desk, "paper.pdf", with_trash=True) == []
