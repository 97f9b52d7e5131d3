"""The whole way of a material: taken in, read, proposed, decided; stopped at the door; erased without a trace."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.materials.recognition import (
    MaterialFinding,
    MaterialPageText,
    MaterialQuarantine,
    RecognitionJob,
)
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.vocabulary import (
    FindingField,
    FindingMatch,
    FindingState,
    MaterialKind,
    MaterialState,
    RecognitionState,
    TextOrigin,
)
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.demo.pages.artwork import ArtworkForm
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text.index import find
from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.materials import (
    AttachMaterialToRequest,
    ConfirmMaterial,
    MarkMaterialDeficient,
    RecordMaterialExport,
)
from lian_desk.services.materials.trash import MoveMaterialToTrash
from lian_desk.services.reading_queue.decisions import DecideFinding, DecideFindings, JudgePerson, ReleaseMaterial
from lian_desk.services.reading_queue.jobs import (
    CancelReading,
    PauseReading,
    QueueReading,
    ResumeReading,
    findings_of,
)
from lian_desk.services.reading_queue.runner import ReadingQueue
from tests.desk_world import World
from tests.integration.recognition.conftest import OTHER, OWN, TakeIn, read_everything

F = FindingField


def _findings(desk: Desk, material_id: int) -> dict[FindingField, MaterialFinding]:
    with desk.read() as session:
        return findings_of(session, material_id)


def _material(desk: Desk, material_id: int) -> Material:
    with desk.read() as session:
        row = session.get(Material, material_id)
        assert row is not None
        return row


def test_words_of_a_document_become_proposals_that_a_person_decides(
    world: World, take_in: TakeIn, queue: ReadingQueue
) -> None:
    desk = world.desk
    key = take_in()
    read_everything(desk, queue)

    found = _findings(desk, key)
    values = {field: finding.value for field, finding in found.items()}
    assert values.pop(F.VISIT_NUMBER).isalnum()
    assert values == {
        F.KIND: "outpatient_record",
        F.DOCUMENT_ON: "2026-09-03",
        F.HOSPITAL: "北京协和医院（东单院区）",
        F.DEPARTMENT: "乳腺外科",
        F.DOCTOR: "郑甲子",
        F.NAME: "王淑兰",
    }
    assert found[F.NAME].match is FindingMatch.SAME
    assert _material(desk, key).kind is MaterialKind.UNCLASSIFIED, "nothing counts before a person decides"
    with pytest.raises(RuleViolation) as refused:
        world.run(ConfirmMaterial, material_id=key)
    assert refused.value.code is ErrorCode.MATERIAL_UNCLASSIFIED

    world.run(DecideFinding, finding_id=found[F.DOCTOR].id, value="郑甲丑")
    rest = tuple(finding.id for field, finding in found.items() if field is not F.DOCTOR)
    world.run(DecideFindings, material_id=key, finding_ids=rest)
    row = _material(desk, key)
    assert (row.kind, row.department, row.doctor_name) == (MaterialKind.OUTPATIENT_RECORD, "乳腺外科", "郑甲丑")
    assert row.document_on == OWN.dated_on
    assert row.hospital_id is not None
    assert row.name_matches is True
    world.run(ConfirmMaterial, material_id=key)
    states = {field: finding.state for field, finding in _findings(desk, key).items()}
    assert states.pop(F.DOCTOR) is FindingState.CORRECTED
    assert set(states.values()) == {FindingState.CONFIRMED}


def test_a_scan_is_read_by_the_machine_and_found_by_its_words(
    world: World, take_in: TakeIn, queue: ReadingQueue
) -> None:
    key = take_in(MaterialKind.PATHOLOGY_REPORT, form=ArtworkForm.SCAN_PNG)
    read_everything(world.desk, queue)
    found = _findings(world.desk, key)
    assert found[F.KIND].value == "pathology_report"
    assert found[F.NAME].value == OWN.name
    assert found[F.DOCUMENT_ON].value == OWN.dated_on.isoformat()
    with world.desk.read() as session:
        page = session.scalars(select(MaterialPageText).where(MaterialPageText.material_id == key)).one()
        hits = find(session, "免疫组化", 10)
    assert page.origin is TextOrigin.RECOGNISED
    assert key in {place.material_id for place in hits.places}
    for finding in found.values():
        assert 0 <= finding.left < finding.left + finding.width <= 1
        assert 0 <= finding.top < finding.top + finding.height <= 1


def test_a_relatives_paper_is_stopped_and_serves_nothing_until_a_person_lets_it_go(
    world: World, take_in: TakeIn, queue: ReadingQueue, file_id: int
) -> None:
    key = take_in(subject=OTHER)
    read_everything(world.desk, queue)
    assert _material(world.desk, key).state is MaterialState.QUARANTINED
    request_id = world.open_request(file_id)
    refused = {
        ConfirmMaterial: {},
        MarkMaterialDeficient: {"reason": "模糊"},
        RecordMaterialExport: {},
        AttachMaterialToRequest: {"service_request_id": request_id},
    }
    for order, values in refused.items():
        with pytest.raises(RuleViolation) as error:
            world.run(order, material_id=key, **values)
        assert error.value.code in {ErrorCode.MATERIAL_QUARANTINED, ErrorCode.NOT_THE_INSURED}, order
    with pytest.raises(RuleViolation):
        world.run(ReleaseMaterial, material_id=key, reason="  ")

    world.run(ReleaseMaterial, material_id=key, reason="已与客户核实，为改名前姓名")
    assert _material(world.desk, key).state is MaterialState.RECEIVED
    world.run(QueueReading, material_id=key)
    read_everything(world.desk, queue)
    assert _material(world.desk, key).state is MaterialState.RECEIVED, "what a person let go is not stopped again"
    with world.desk.read() as session:
        stop = session.scalars(select(MaterialQuarantine).where(MaterialQuarantine.material_id == key)).one()
        titles = session.scalars(select(FileEntry.title).where(FileEntry.assistance_file_id == file_id)).all()
    assert stop.release_reason == "已与客户核实，为改名前姓名"
    assert {"材料已隔离", "解除材料隔离"} <= set(titles)


def test_a_slip_asks_a_person_to_look_and_is_not_confirmed_in_a_bundle(
    world: World, take_in: TakeIn, queue: ReadingQueue
) -> None:

    key = take_in(subject=replace(OWN, name="王椒兰"))
    read_everything(world.desk, queue)
    found = _findings(world.desk, key)
    assert found[F.NAME].match is FindingMatch.NEEDS_LOOK
    assert _material(world.desk, key).state is MaterialState.RECEIVED
    with pytest.raises(RuleViolation) as bundled:
        world.run(DecideFindings, material_id=key, finding_ids=(found[F.NAME].id,))
    assert bundled.value.code is ErrorCode.FINDING_UNLOOKED
    with pytest.raises(RuleViolation):
        world.run(JudgePerson, finding_id=found[F.NAME].id, is_insured=True)
    world.run(JudgePerson, finding_id=found[F.NAME].id, is_insured=True, reason="打印错字，其余信息一致")
    assert _material(world.desk, key).name_matches is True


def test_a_person_stops_what_the_machine_only_doubted(world: World, take_in: TakeIn, queue: ReadingQueue) -> None:

    # a starred name: the machine cannot tell
    key = take_in(subject=replace(OWN, name="王*兰"))
    read_everything(world.desk, queue)
    name = _findings(world.desk, key)[F.NAME]
    assert name.match is FindingMatch.NEEDS_LOOK
    world.run(JudgePerson, finding_id=name.id, is_insured=False)
    assert _material(world.desk, key).state is MaterialState.QUARANTINED


def test_reading_waits_for_the_authorization(world: World, take_in: TakeIn, queue: ReadingQueue, file_id: int) -> None:
    take_in()
    world.desk.execute(queue.queue_unread())
    with world.desk.read() as session:
        authorization = session.scalars(
            select(InformationAuthorization.id).where(InformationAuthorization.assistance_file_id == file_id)
        ).one()
    world.run(WithdrawAuthorization, authorization_id=authorization, reason="客户要求")
    assert queue.step() is None
    assert queue.counts().unauthorized == 1


def test_the_queue_pauses_goes_on_and_is_cancelled(world: World, take_in: TakeIn, queue: ReadingQueue) -> None:
    first = take_in()
    second = take_in(MaterialKind.DIAGNOSIS_CERTIFICATE)
    world.desk.execute(queue.queue_unread())
    world.run(PauseReading)
    assert queue.step() is None
    third = take_in(MaterialKind.PATHOLOGY_REPORT)
    world.desk.execute(queue.queue_unread())
    assert queue.counts().paused == 3, "what comes in meanwhile waits too"
    world.run(ResumeReading)
    queue.prefer(second)
    step = queue.step()
    assert step is not None
    assert step.material_id == second, "what is looked at goes first"
    for command in step.commands:
        world.desk.execute(command)
    world.run(CancelReading)
    assert queue.step() is None
    with world.desk.read() as session:
        states = {job.material_id: job.state for job in session.scalars(select(RecognitionJob))}
    assert states == {
        first: RecognitionState.CANCELLED,
        second: RecognitionState.DONE,
        third: RecognitionState.CANCELLED,
    }


def test_what_was_read_goes_with_the_material(world: World, take_in: TakeIn, queue: ReadingQueue) -> None:
    key = take_in()
    read_everything(world.desk, queue)
    world.run(MoveMaterialToTrash, material_id=key, reason="收错了")
    world.run(EraseMaterial, by=world.lead, material_id=key, reason="客户要求删除")
    with world.desk.read() as session:
        for kind in (MaterialPageText, MaterialFinding, RecognitionJob):
            assert not session.scalars(select(kind).where(kind.material_id == key)).all()
        assert key not in {place.material_id for place in find(session, "体格检查", 10).places}
