"""The door (R1) on headers as hospitals print them, and its third answer: no name seen, a person must say whose it is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import MaterialFinding
from lian_desk.models.vocabulary import (
    FindingField,
    FindingMatch,
    MaterialKind,
    MaterialSource,
    MaterialState,
    NameAnswer,
    OwnSign,
)
from lian_desk.services.assistance_files.former_names import ChangeFormerNames
from lian_desk.services.demo.pages.artwork import text_pdf
from lian_desk.services.demo.pages.page_layout import TextMark
from lian_desk.services.desk.desk import Desk
from lian_desk.services.door.findings import Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory
from lian_desk.services.door.person_names import WhoseFile
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource as Materials
from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.materials.materials import ClassifyMaterial, ConfirmMaterial
from lian_desk.services.materials.pages import SplitMaterial
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.materials.views import load_material_view
from lian_desk.services.reading_queue.decisions import DecideFinding, DecideFindings, JudgePerson, ReleaseMaterial
from lian_desk.services.reading_queue.jobs import findings_of
from lian_desk.services.reading_queue.runner import ReadingQueue
from lian_desk.services.recognition.page_reader import read_page
from lian_desk.services.recognition.reader import TextReader
from tests.desk_facts import last_sealed, refusal, titles
from tests.desk_world import World, identity_number
from tests.integration.recognition.conftest import read_everything

CASES = Path(__file__).resolve().parents[2] / "cases"
HEADERS = sorted((CASES / "ocr").iterdir())
WHOSE = WhoseFile("王淑兰", "320102197401011451")
F = FindingField
REPORT = MaterialKind.BLOOD_TEST_REPORT
NAMELESS = (
    "某市第一人民医院检验报告单",
    "样本类型：血液",
    "白细胞计数 3.86 4.00~10.00 10^9/L",
    "报告时间：2026-09-20 11:08",
)


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Renderer, TextReader]]:
    with Renderer(request_seconds=120) as renderer, TextReader(request_seconds=900) as reader:
        yield renderer, reader


def proposals(machines: tuple[Renderer, TextReader], path: Path, whose: WhoseFile = WHOSE) -> dict[FindingField, Any]:
    words = read_page(*machines, BytesSource(path.name, path.read_bytes()), 0).words
    return {
        one.field: one for one in propose([(0, words)], Surroundings(whose, HospitalDirectory(()), date(2026, 12, 1)))
    }


@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.name)
def test_r1_a_header_of_another_person_names_that_person(machines: tuple[Renderer, TextReader], path: Path) -> None:
    found = proposals(machines, path)
    assert (found[F.NAME].value, found[F.NAME].match) == ("李建国", FindingMatch.OTHER)
    own = proposals(machines, path, WhoseFile("李建国", "320102198102033332"))
    assert own[F.NAME].match is FindingMatch.SAME
    # whoever asked for the test is the doctor, never the laboratory's reviewer
    assert found[F.DOCTOR].value == "周明"
    assert found[F.DOCUMENT_ON].value == "2026-09-20"


def test_r1_a_year_of_two_digits_is_a_day(machines: tuple[Renderer, TextReader]) -> None:
    found = proposals(machines, CASES / "pdf" / "two_digit_year.pdf")
    assert found[F.DOCUMENT_ON].value == "2026-08-07"
    assert (found[F.NAME].value, found[F.NAME].match) == ("王淑兰", FindingMatch.SAME)


# ------------------------------------------------------------------------------------------------- the third answer


@pytest.fixture
def intake(desk: Desk, file_id: int) -> Iterator[MaterialIntake]:
    made = MaterialIntake(desk, file_id, MaterialSource.DROP)
    yield made
    made.close()


def paper(*lines: str) -> bytes:
    marks = tuple(TextMark(60, 80 + 22 * place, 12, line) for place, line in enumerate(lines))
    return text_pdf(marks, "报告")


def take(intake: MaterialIntake, desk: Desk, queue: ReadingQueue, *lines: str) -> int:
    result = intake.take_in(IntakeItem(f"{len(lines)}-{hash(lines)}.pdf", paper(*lines)))
    assert result.material_id is not None, result.sentence
    read_everything(desk, queue)
    return result.material_id


def row_of(desk: Desk, key: int) -> Material:
    with desk.read() as session:
        return session.get_one(Material, key)


def findings(desk: Desk, key: int) -> dict[FindingField, MaterialFinding]:
    with desk.read() as session:
        return findings_of(session, key)


def listed(desk: Desk, key: int) -> NameAnswer:
    source = Materials(desk)
    return source.rows(source.keys(ListQuery()))[key].name_answer


def test_r1_no_name_seen_is_an_answer_of_its_own_that_a_person_settles_by_a_sign(
    world: World, intake: MaterialIntake, queue: ReadingQueue, file_id: int
) -> None:
    desk = world.desk
    key = take(intake, desk, queue, *NAMELESS)
    assert F.NAME not in findings(desk, key)
    view = load_material_view(desk, key)
    assert (view.name_answer, view.asks_for_sign, listed(desk, key)) == (NameAnswer.UNSEEN, True, NameAnswer.UNSEEN)
    # everything that is confirmed in a bundle says nothing of whose it is
    world.run(DecideFindings, material_id=key, finding_ids=tuple(row.id for row in findings(desk, key).values()))
    assert row_of(desk, key).name_answer is NameAnswer.UNSEEN
    assert refusal(world, ConfirmMaterial, material_id=key).code is ErrorCode.MATERIAL_NAME_UNCHECKED
    silent = refusal(world, ClassifyMaterial, material_id=key, kind=REPORT, name_matches=True)
    assert (silent.code, silent.clause, silent.parameters["field"]) == (ErrorCode.OWN_SIGN_MISSING, "R1", "own_sign")
    order = {"material_id": key, "kind": REPORT, "name_matches": True}
    for sign in (OwnSign.CUSTOMER_STATEMENT, OwnSign.OTHER_SIGN):
        wordless = refusal(world, ClassifyMaterial, **order, own_sign=sign, own_sign_note=" ")
        assert (wordless.code, wordless.parameters["field"]) == (ErrorCode.FIELD_REQUIRED, "own_sign_note")
    assert row_of(desk, key).own_sign is None
    world.run(ClassifyMaterial, **order, own_sign=OwnSign.CUSTOMER_STATEMENT, own_sign_note="企业微信确认")
    row = row_of(desk, key)
    assert (row.name_answer, row.own_sign, row.own_sign_note) == (
        NameAnswer.INSURED,
        OwnSign.CUSTOMER_STATEMENT,
        "企业微信确认",
    )
    assert last_sealed(desk).kind == "ClassifyMaterial"
    assert "未见姓名，经核对为本人" in titles(desk, file_id)
    told = titles(desk, file_id).count("未见姓名，经核对为本人")
    # saved again without a word: the answer stands and is not told twice
    world.run(ClassifyMaterial, **order)
    assert titles(desk, file_id).count("未见姓名，经核对为本人") == told
    world.run(ConfirmMaterial, material_id=key)
    assert row_of(desk, key).state is MaterialState.CONFIRMED


def test_r1_an_answer_taken_back_is_asked_again(world: World, intake: MaterialIntake, queue: ReadingQueue) -> None:
    desk = world.desk
    key = take(intake, desk, queue, *NAMELESS)
    order = {"material_id": key, "kind": REPORT}
    world.run(ClassifyMaterial, **order, name_matches=True, own_sign=OwnSign.NAME_READ)
    world.run(ClassifyMaterial, **order)
    row = row_of(desk, key)
    assert (row.name_answer, row.own_sign) == (NameAnswer.UNSEEN, None)
    assert refusal(world, ClassifyMaterial, **order, name_matches=True).code is ErrorCode.OWN_SIGN_MISSING
    world.run(ClassifyMaterial, **order, name_matches=False)
    assert row_of(desk, key).name_answer is NameAnswer.OTHER
    assert refusal(world, ConfirmMaterial, material_id=key).code is ErrorCode.NOT_THE_INSURED


def test_r1_what_nobody_has_read_yet_is_unseen_too(world: World, intake: MaterialIntake) -> None:
    result = intake.take_in(IntakeItem("unread.pdf", paper("姓名：王淑兰", *NAMELESS)))
    key = result.material_id
    assert key is not None
    assert load_material_view(world.desk, key).name_answer is NameAnswer.UNSEEN
    order = {"material_id": key, "kind": REPORT, "name_matches": True}
    assert refusal(world, ClassifyMaterial, **order).code is ErrorCode.OWN_SIGN_MISSING


@pytest.mark.parametrize(
    ("head", "answer", "state"),
    [
        ("姓名：王淑兰", NameAnswer.INSURED, MaterialState.RECEIVED),
        ("王淑兰 女 52岁", NameAnswer.INSURED, MaterialState.RECEIVED),
        ("姓名：王叔兰", NameAnswer.OTHER, MaterialState.QUARANTINED),
        ("姓名：王淑芝", NameAnswer.OTHER, MaterialState.QUARANTINED),
        ("王淑芝 女 52岁", NameAnswer.OTHER, MaterialState.QUARANTINED),
        ("姓名：■■■", NameAnswer.UNSEEN, MaterialState.RECEIVED),
        ("联系人：王淑兰", NameAnswer.UNSEEN, MaterialState.RECEIVED),
        ("家属：王淑兰", NameAnswer.UNSEEN, MaterialState.RECEIVED),
    ],
)
def test_r1_each_head_has_its_one_of_three_answers(
    world: World,
    intake: MaterialIntake,
    queue: ReadingQueue,
    head: str,
    answer: NameAnswer,
    state: MaterialState,
) -> None:
    key = take(intake, world.desk, queue, NAMELESS[0], head, *NAMELESS[1:])
    row = row_of(world.desk, key)
    assert (row.name_answer, row.state) == (answer, state)
    assert (row.name_answer is NameAnswer.UNSEEN) == load_material_view(world.desk, key).asks_for_sign


def test_r1_a_signature_alone_is_nobodys_name(world: World, intake: MaterialIntake, queue: ReadingQueue) -> None:
    key = take(intake, world.desk, queue, *NAMELESS, "签名：王淑兰")
    assert row_of(world.desk, key).name_answer is NameAnswer.UNSEEN


def test_r1_a_former_name_is_the_insureds_once_it_is_written_down(
    world: World, intake: MaterialIntake, queue: ReadingQueue, file_id: int
) -> None:
    before = take(intake, world.desk, queue, NAMELESS[0], "姓名：王招娣", *NAMELESS[1:])
    assert row_of(world.desk, before).state is MaterialState.QUARANTINED
    world.run(ChangeFormerNames, assistance_file_id=file_id, former_names=("王招娣",), basis="户口簿")
    after = take(intake, world.desk, queue, NAMELESS[0], "姓名：王招娣", "性别：女", *NAMELESS[1:])
    row = row_of(world.desk, after)
    assert (row.name_answer, row.state) == (NameAnswer.INSURED, MaterialState.RECEIVED)


def test_r1_a_namesake_of_another_birth_is_looked_at_before_the_name_counts(
    world: World, intake: MaterialIntake, queue: ReadingQueue
) -> None:
    desk = world.desk
    key = take(intake, desk, queue, NAMELESS[0], "姓名：王淑兰 出生日期：1981-02-03", *NAMELESS[1:])
    found = findings(desk, key)
    assert (found[F.NAME].match, found[F.BORN_ON].match) == (FindingMatch.NEEDS_LOOK, FindingMatch.NEEDS_LOOK)
    assert found[F.BORN_ON].value == "1981-02-03"
    assert row_of(desk, key).name_answer is NameAnswer.OTHER
    assert refusal(world, DecideFinding, finding_id=found[F.BORN_ON].id, value="1981-02-03").code is (
        ErrorCode.FINDING_UNLOOKED
    )
    world.run(JudgePerson, finding_id=found[F.BORN_ON].id, is_insured=True, reason="医院录入有误")
    assert row_of(desk, key).name_answer is NameAnswer.OTHER
    world.run(JudgePerson, finding_id=found[F.NAME].id, is_insured=True, reason="证件号一致")
    assert row_of(desk, key).name_answer is NameAnswer.INSURED


def test_r1_the_number_of_an_earlier_visit_is_a_sign_and_no_name(
    world: World, intake: MaterialIntake, queue: ReadingQueue
) -> None:
    desk = world.desk
    first = take(intake, desk, queue, NAMELESS[0], "姓名：王淑兰 门诊号：M9012345", *NAMELESS[1:])
    world.run(ClassifyMaterial, material_id=first, kind=REPORT, name_matches=True)
    world.run(ConfirmMaterial, material_id=first)
    second = take(intake, desk, queue, NAMELESS[0], "门诊号：M9012345", *NAMELESS[1:])
    found = findings(desk, second)
    assert (found[F.VISIT_NUMBER].value, found[F.VISIT_NUMBER].match) == ("M9012345", FindingMatch.SAME)
    assert row_of(desk, second).name_answer is NameAnswer.UNSEEN


def test_r1_a_stop_by_a_number_alone_is_answered_by_the_reason_of_its_release(
    world: World, intake: MaterialIntake, queue: ReadingQueue
) -> None:
    desk = world.desk
    key = take(intake, desk, queue, NAMELESS[0], f"身份证号：{identity_number(date(1981, 2, 3), 333)}", *NAMELESS[1:])
    assert row_of(desk, key).name_answer is NameAnswer.OTHER
    world.run(ReleaseMaterial, material_id=key, reason="号码为经办人误填")
    row = row_of(desk, key)
    assert (row.state, row.name_answer, row.own_sign, row.own_sign_note) == (
        MaterialState.RECEIVED,
        NameAnswer.INSURED,
        OwnSign.OTHER_SIGN,
        "号码为经办人误填",
    )


def test_r1_a_judged_number_is_no_name_and_confirming_answers_nothing(
    world: World, intake: MaterialIntake, queue: ReadingQueue
) -> None:
    desk = world.desk
    own = identity_number(date(1974, 1, 1), 145)
    misread = own[:10] + ("1" if own[10] != "1" else "2") + own[11:]
    key = take(intake, desk, queue, NAMELESS[0], f"身份证号：{misread}", *NAMELESS[1:])
    found = findings(desk, key)
    assert found[F.IDENTITY_NUMBER].match is FindingMatch.NEEDS_LOOK
    world.run(JudgePerson, finding_id=found[F.IDENTITY_NUMBER].id, is_insured=True, reason="一位打印不清")
    world.run(DecideFinding, finding_id=found[F.KIND].id, value=REPORT.value)
    row = row_of(desk, key)
    assert (row.name_matches, row.name_answer) == (True, NameAnswer.UNSEEN)
    unsaid = refusal(world, ConfirmMaterial, material_id=key)
    assert (unsaid.code, unsaid.clause, unsaid.parameters["field"]) == (ErrorCode.OWN_SIGN_MISSING, "R1", "own_sign")
    assert row_of(desk, key).state is MaterialState.RECEIVED


def test_r1_the_sign_goes_with_the_material_when_it_is_erased(
    world: World, intake: MaterialIntake, queue: ReadingQueue
) -> None:
    desk = world.desk
    key = take(intake, desk, queue, *NAMELESS)
    order = {"material_id": key, "kind": REPORT, "name_matches": True}
    world.run(ClassifyMaterial, **order, own_sign=OwnSign.OTHER_SIGN, own_sign_note="李秀芳来电确认")
    world.run(MoveMaterialToTrash, material_id=key, reason="错传", by=world.lead)
    world.run(EraseMaterial, material_id=key, reason="客户要求删除", by=world.lead)
    row = row_of(desk, key)
    assert (row.own_sign, row.own_sign_note) == (None, None)


def test_r1_pages_split_off_have_their_own_answer(world: World, queue: ReadingQueue, file_id: int) -> None:
    from tests import material_corpus as corpus

    intake = MaterialIntake(world.desk, file_id, MaterialSource.DROP)
    result = intake.take_in(IntakeItem("bundle.pdf", corpus.pdf(3)))
    intake.close()
    assert result.material_id is not None
    order = {"material_id": result.material_id, "kind": REPORT, "name_matches": True}
    world.run(ClassifyMaterial, **order, own_sign=OwnSign.NAME_READ)
    part = world.run(SplitMaterial, material_id=result.material_id, pages=(1,))
    row = row_of(world.desk, part)
    assert (row.name_matches, row.name_answer, row.own_sign) == (None, NameAnswer.UNSEEN, None)
