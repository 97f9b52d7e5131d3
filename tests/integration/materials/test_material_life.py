"""The same file again, the trash, erasure, and pages put in order: nothing is lost that nobody decided to lose."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material, MaterialOrigin, MaterialRemoval, StoredFileDiscard
from lian_desk.models.tables.materials.recognition import MaterialFinding, MaterialPageText, PageCover
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import (
    DocumentKind,
    FindingField,
    FindingState,
    MaskingLevel,
    MaterialKind,
    MaterialRelation,
    MaterialSource,
    MaterialState,
    OwnSign,
    TextOrigin,
)
from lian_desk.services.covering.page_covers import CoverBox, KeepPageCover
from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text import index as full_text
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource as Listing
from lian_desk.services.materials import erasure as material_erasure
from lian_desk.services.materials.erasure import EraseMaterial
from lian_desk.services.materials.intake import IntakeItem, IntakeOutcome, IntakeResult, MaterialIntake
from lian_desk.services.materials.materials import AttachMaterialToRequest, ClassifyMaterial, ConfirmMaterial
from lian_desk.services.materials.page_plans import PlannedPage, read_plan
from lian_desk.services.materials.pages import ArrangePages, JoinMaterial, SplitMaterial
from lian_desk.services.materials.trash import MoveMaterialToTrash, RestoreMaterial
from lian_desk.services.materials.twin_answers import load_twins, settle_twin
from lian_desk.services.materials.twins import LinkMaterial, Twin, TwinAnswer, TwinPlace, answers_for
from lian_desk.services.materials.views import load_material_view
from lian_desk.services.privacy.file_erasure import LiftLegalHold, PlaceLegalHold
from lian_desk.services.stored_files.discards import discard_erased_files
from lian_desk.services.upkeep.stored_files import check_materials
from tests import material_corpus as corpus
from tests.desk_world import World
from tests.further_file import further_file

PAPER = corpus.pdf(6)


def row_of(desk: Desk, key: int) -> Material:
    with desk.read() as session:
        return session.get_one(Material, key)


def take_into(desk: Desk, file_id: int, content: bytes = PAPER, name: str = "病理.pdf") -> IntakeResult:
    made = MaterialIntake(desk, file_id, MaterialSource.DROP)
    try:
        return made.take_in(IntakeItem(name, content))
    finally:
        made.close()


def added(desk: Desk, file_id: int, content: bytes = PAPER) -> int:
    result = take_into(desk, file_id, content)
    assert result.outcome is IntakeOutcome.ADDED, result.sentence
    assert result.material_id is not None
    return result.material_id


def titles(desk: Desk) -> list[str]:
    with desk.read() as session:
        return list(session.scalars(select(FileEntry.title).order_by(FileEntry.id)))


def trash(world: World, key: int, reason: str = "客户发错") -> None:
    world.run(MoveMaterialToTrash, material_id=key, reason=reason)


@pytest.fixture
def first(desk: Desk, file_id: int) -> int:
    return added(desk, file_id)


class TestSameFileAgain:
    def again(self, desk: Desk, file_id: int) -> tuple[IntakeResult, tuple[Twin, ...]]:
        result = take_into(desk, file_id)
        assert result.outcome is IntakeOutcome.DUPLICATE
        assert result.waiting is not None
        return result, load_twins(desk, file_id, result.waiting.sha256)

    def test_in_the_same_file_it_is_linked_kept_or_left(self, desk: Desk, file_id: int, first: int) -> None:
        result, twins = self.again(desk, file_id)
        assert [twin.place for twin in twins] == [TwinPlace.SAME_FILE]
        assert answers_for(twins) == (TwinAnswer.LINK, TwinAnswer.KEEP, TwinAnswer.LEAVE)
        assert result.waiting is not None
        assert settle_twin(desk, result.waiting, twins, TwinAnswer.LEAVE) is None
        linked = settle_twin(desk, result.waiting, twins, TwinAnswer.LINK)
        assert linked is not None
        assert linked.key == first
        kept = settle_twin(desk, result.waiting, twins, TwinAnswer.KEEP)
        assert kept is not None
        assert kept.key is not None
        assert kept.key != first
        with desk.read() as session:
            origin = session.scalars(select(MaterialOrigin)).one()
            assert (origin.material_id, origin.from_id, origin.relation) == (kept.key, first, MaterialRelation.KEPT)
        assert len(list(desk.materials.names())) == 1
        assert check_materials(desk).is_sound

    def test_a_twin_in_the_trash_is_counted_and_comes_out_of_it(
        self, desk: Desk, world: World, file_id: int, first: int
    ) -> None:
        trash(world, first)
        result, twins = self.again(desk, file_id)
        assert twins[0].is_trashed
        assert "在回收站中" in result.sentence
        assert result.waiting is not None
        settle_twin(desk, result.waiting, twins, TwinAnswer.LINK)
        assert row_of(desk, first).trashed_at is None

    def test_another_file_of_the_same_person_gets_a_row_with_what_is_known(
        self, desk: Desk, world: World, file_id: int, first: int
    ) -> None:
        world.run(
            ClassifyMaterial,
            material_id=first,
            kind=MaterialKind.PATHOLOGY_REPORT,
            hospital_name="省肿瘤医院",
            name_matches=True,
            own_sign=OwnSign.NAME_READ,
        )
        world.run(ConfirmMaterial, material_id=first)
        other_file = further_file(world, file_id)
        result, twins = self.again(desk, other_file)
        assert twins[0].place is TwinPlace.SAME_PERSON
        assert "同一被保险人的档案" in result.sentence
        assert result.waiting is not None
        outcome = settle_twin(desk, result.waiting, twins, TwinAnswer.LINK)
        assert outcome is not None
        assert outcome.key is not None
        made = row_of(desk, outcome.key)
        assert (made.assistance_file_id, made.kind) == (other_file, MaterialKind.PATHOLOGY_REPORT)
        assert made.hospital_name == "省肿瘤医院"
        # a person confirms it in this file too
        assert made.state is MaterialState.RECEIVED
        assert made.confirmed_at is None
        assert len(list(desk.materials.names())) == 1

    def test_somebody_elses_is_named_masked_and_never_linked(self, desk: Desk, world: World, first: int) -> None:
        stranger = world.open_file()
        result, twins = self.again(desk, stranger)
        assert twins[0].place is TwinPlace.OTHER_PERSON
        assert twins[0].insured_name == "王*兰"
        assert "王淑兰" not in result.sentence
        assert answers_for(twins) == (TwinAnswer.LEAVE, TwinAnswer.KEEP)
        with pytest.raises(RuleViolation) as refused:
            world.run(LinkMaterial, assistance_file_id=stranger, twin_id=first, source=MaterialSource.DROP)
        assert (refused.value.code, refused.value.clause) == (ErrorCode.NOT_THE_INSURED, "R1")
        assert result.waiting is not None
        kept = settle_twin(desk, result.waiting, twins, TwinAnswer.KEEP)
        assert kept is not None

    def test_the_nearest_twin_comes_first(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        stranger = world.open_file()
        result, twins = self.again(desk, stranger)
        assert result.waiting is not None
        settle_twin(desk, result.waiting, twins, TwinAnswer.KEEP)
        trash(world, first)
        _result, twins = self.again(desk, file_id)
        assert [(twin.place, twin.is_trashed) for twin in twins] == [
            (TwinPlace.SAME_FILE, True),
            (TwinPlace.OTHER_PERSON, False),
        ]

    def test_a_twin_that_was_erased_meanwhile_cannot_be_stood_upon(
        self, desk: Desk, world: World, file_id: int, first: int
    ) -> None:
        result, twins = self.again(desk, file_id)
        trash(world, first)
        world.run(EraseMaterial, by=world.lead, material_id=first, reason="客户要求删除")
        assert result.waiting is not None
        with pytest.raises(EnvironmentProblem) as problem:
            settle_twin(desk, result.waiting, twins, TwinAnswer.KEEP)
        assert problem.value.code is ErrorCode.MATERIAL_MISSING
        with pytest.raises(RuleViolation) as refused:
            settle_twin(desk, result.waiting, twins, TwinAnswer.LINK)
        assert refused.value.code is ErrorCode.MATERIAL_ERASED
        assert take_into(desk, file_id).outcome is IntakeOutcome.ADDED

    def test_a_damaged_file_that_comes_again_is_whole_again(self, desk: Desk, file_id: int, first: int) -> None:
        path = desk.materials.path_of(row_of(desk, first).sha256)
        path.write_bytes(path.read_bytes()[:-9])
        assert not check_materials(desk).is_sound
        assert take_into(desk, file_id).outcome is IntakeOutcome.DUPLICATE
        assert check_materials(desk).is_sound


class TestTrash:
    def test_in_with_a_reason_and_out_again(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        listing = Listing(desk)
        here = ListQuery().with_filter("file", file_id)
        with pytest.raises(RuleViolation) as refused:
            trash(world, first, reason="  ")
        assert refused.value.parameters["field"] == "reason"
        trash(world, first)
        assert list(listing.keys(here)) == []
        assert list(listing.keys(here.with_filter("trash", "yes"))) == [first]
        assert (listing.counts(here).kept, listing.counts(here).trashed) == (0, 1)
        assert desk.materials.exists(row_of(desk, first).sha256)
        view = load_material_view(desk, first)
        assert view.removal is not None
        assert view.removal.reason == "客户发错"
        world.later(minutes=5)
        world.run(RestoreMaterial, material_id=first)
        assert list(listing.keys(here)) == [first]
        assert load_material_view(desk, first).removal is None
        with desk.read() as session:
            stay = session.scalars(select(MaterialRemoval)).one()
        assert stay.restored_at == world.clock.moment
        assert titles(desk)[-2:] == ["材料移入回收站", "材料移出回收站"]

    def test_what_lies_there_serves_nothing(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        request = world.open_request(file_id)
        trash(world, first)
        for order, values in (
            (ClassifyMaterial, {"kind": MaterialKind.PATHOLOGY_REPORT}),
            (ConfirmMaterial, {}),
            (AttachMaterialToRequest, {"service_request_id": request}),
            (ArrangePages, {"plan": "1-5 0"}),
            (SplitMaterial, {"pages": (1,)}),
            (MoveMaterialToTrash, {"reason": "again"}),
        ):
            with pytest.raises(RuleViolation) as refused:
                world.run(order, material_id=first, **values)
            assert refused.value.code is ErrorCode.MATERIAL_IN_TRASH, order

    def test_what_something_rests_on_stays(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        request = world.open_request(file_id)
        world.run(AttachMaterialToRequest, material_id=first, service_request_id=request)
        with pytest.raises(RuleViolation) as refused:
            trash(world, first)
        assert refused.value.code is ErrorCode.MATERIAL_IN_USE
        assert world.row(request).number in str(refused.value.parameters["use"])
        assert row_of(desk, first).trashed_at is None

    def test_only_what_lies_there_comes_out(self, world: World, first: int) -> None:
        with pytest.raises(RuleViolation) as refused:
            world.run(RestoreMaterial, material_id=first)
        assert refused.value.code is ErrorCode.MATERIAL_NOT_IN_TRASH


class TestErasure:
    def erase(self, world: World, key: int) -> None:
        world.run(EraseMaterial, by=world.lead, material_id=key, reason="客户要求删除")

    def test_a_lead_erases_with_a_reason_from_the_trash(
        self, desk: Desk, world: World, first: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[int] = []
        monkeypatch.setattr(material_erasure, "ERASERS", [lambda _session, key: told.append(key)])
        with pytest.raises(RuleViolation) as refused:
            self.erase(world, first)
        assert refused.value.code is ErrorCode.MATERIAL_NOT_IN_TRASH
        trash(world, first)
        with pytest.raises(RuleViolation) as refused:
            world.run(EraseMaterial, material_id=first, reason="x")
        assert refused.value.code is ErrorCode.NOT_ALLOWED
        with pytest.raises(RuleViolation):
            world.run(EraseMaterial, by=world.lead, material_id=first, reason="")
        before = row_of(desk, first)
        self.erase(world, first)
        row = row_of(desk, first)
        assert told == [first]
        assert not desk.materials.exists(row.sha256)
        assert (row.original_name, row.hospital_name, row.doctor_name) == ("", "", "")
        # the skeleton stays
        assert (row.sha256, row.byte_size, row.kind) == (before.sha256, before.byte_size, before.kind)
        assert row.erased_at is not None
        with desk.read() as session:
            kinds = list(session.scalars(select(AuditEntry.kind)))
            assert session.scalar(select(func.count(StoredFileDiscard.id))) == 0
        assert {"EraseMaterial", "FinishErasure"} <= set(kinds)
        assert check_materials(desk).is_sound
        with pytest.raises(RuleViolation) as refused:
            world.run(RestoreMaterial, material_id=first)
        assert refused.value.code is ErrorCode.MATERIAL_ERASED

    def test_what_was_read_on_its_pages_goes_too(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        with desk.database.write_session() as session:
            session.add(
                MaterialPageText(
                    id=desk.new_id(),
                    material_id=first,
                    page=0,
                    origin=next(iter(TextOrigin)),
                    turned=0,
                    text="浸润性腺癌",
                    lines="[]",
                    read_at=world.clock.moment,
                )
            )
            full_text.index_page(session, first, 0, "浸润性腺癌")
            session.add(
                MaterialFinding(
                    id=desk.new_id(),
                    material_id=first,
                    field=FindingField.NAME,
                    value="王淑兰",
                    seen_text="姓名：王淑兰",
                    page=0,
                    left=0.1,
                    top=0.1,
                    width=0.2,
                    height=0.1,
                    confidence=0.9,
                    state=next(iter(FindingState)),
                    found_at=world.clock.moment,
                )
            )
            session.commit()
        box = CoverBox(0.1, 0.1, 0.2, 0.1)
        world.run(KeepPageCover, material_id=first, page=0, boxes=(box,), is_complete=True)
        with desk.read() as session:
            assert full_text.find(session, "腺癌", 10).places
        trash(world, first)
        self.erase(world, first)
        with desk.read() as session:
            for table in (MaterialPageText, MaterialFinding, PageCover):
                assert session.scalar(select(func.count(table.id))) == 0, table
            assert not full_text.find(session, "腺癌", 10).places
            assert not full_text.find(session, "病理", 10, with_trash=True).places

    def test_a_legal_hold_keeps_what_lies_in_the_trash(self, world: World, file_id: int, first: int) -> None:
        trash(world, first)
        world.run(PlaceLegalHold, by=world.lead, assistance_file_id=file_id, reason="诉讼")
        with pytest.raises(RuleViolation) as refused:
            self.erase(world, first)
        assert (refused.value.code, refused.value.clause) == (ErrorCode.LEGAL_HOLD, "R90")
        world.run(LiftLegalHold, by=world.lead, assistance_file_id=file_id, reason="判决生效")
        self.erase(world, first)

    def test_bytes_that_another_row_needs_stay(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        second = world.run(SplitMaterial, material_id=first, pages=(4, 5))
        trash(world, first)
        self.erase(world, first)
        assert desk.materials.exists(row_of(desk, second).sha256)
        assert check_materials(desk).is_sound
        trash(world, second)
        self.erase(world, second)
        assert list(desk.materials.names()) == []

    def test_bytes_that_an_issued_paper_needs_stay(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        sha256 = row_of(desk, first).sha256
        with desk.database.write_session() as session:
            session.add(
                IssuedDocument(
                    id=desk.new_id(),
                    number="D-1",
                    kind=DocumentKind.FOLLOW_UP_RECORD,
                    assistance_file_id=file_id,
                    handbook_edition=desk.pack.edition,
                    content_sha256=sha256,
                    page_count=1,
                    is_masked=True,
                    masking=next(iter(MaskingLevel)),
                    issued_at=world.clock.moment,
                    issued_by=desk.operator.id,
                )
            )
            session.commit()
        trash(world, first)
        self.erase(world, first)
        assert desk.materials.exists(sha256)

    def test_a_crash_between_commit_and_disk_is_made_good(
        self, desk: Desk, world: World, first: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sha256 = row_of(desk, first).sha256
        trash(world, first)

        def gone(*_given: object) -> None:
            raise EnvironmentProblem(ErrorCode.FOLDER_READ_ONLY)

        monkeypatch.setattr(world.lead.materials, "discard", gone)
        self.erase(world, first)
        assert desk.materials.exists(sha256)
        # it waits to be taken off the disk, so it is no orphan
        assert check_materials(desk).is_sound
        assert discard_erased_files(desk) == 1
        assert not desk.materials.exists(sha256)
        assert discard_erased_files(desk) == 0

    def test_an_erased_file_that_comes_again_before_the_disk_was_swept_stays(
        self, desk: Desk, world: World, file_id: int, first: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sha256 = row_of(desk, first).sha256
        trash(world, first)
        with monkeypatch.context() as patch:
            patch.setattr(world.lead.materials, "discard", _refuse)
            self.erase(world, first)
        assert take_into(desk, file_id).outcome is IntakeOutcome.ADDED
        discard_erased_files(desk)
        assert desk.materials.exists(sha256)
        assert check_materials(desk).is_sound


def _refuse(*_given: object) -> None:
    raise EnvironmentProblem(ErrorCode.FOLDER_READ_ONLY)


class TestPages:
    def plan(self, desk: Desk, key: int) -> tuple[PlannedPage, ...]:
        row = row_of(desk, key)
        return read_plan(row.page_plan or "", row.page_count).shown

    def test_order_turning_and_hiding_are_kept_and_the_bytes_are_not_touched(
        self, desk: Desk, world: World, first: int
    ) -> None:
        path = desk.materials.path_of(row_of(desk, first).sha256)
        before = path.read_bytes()
        world.run(ArrangePages, material_id=first, plan="5@180 0-2 4 ~3")
        assert self.plan(desk, first) == (PlannedPage(5, 180), *(PlannedPage(page) for page in (0, 1, 2, 4)))
        view = load_material_view(desk, first)
        assert (view.page_count, len(view.plan.hidden)) == (5, 1)
        row = Listing(desk).rows([first])[first]
        assert row.first == PlannedPage(5, 180)
        assert path.read_bytes() == before
        world.run(ArrangePages, material_id=first, plan="0-5")
        assert row_of(desk, first).page_count == 6

    @pytest.mark.parametrize("plan", ["0-4", "0-6", "0-5 0", "1-5 1"])
    def test_a_plan_of_other_pages_is_refused(self, world: World, first: int, plan: str) -> None:
        with pytest.raises(RuleViolation) as refused:
            world.run(ArrangePages, material_id=first, plan=plan)
        assert refused.value.code is ErrorCode.CHANGED_MEANWHILE

    def test_at_least_one_page_is_shown(self, world: World, first: int) -> None:
        with pytest.raises(RuleViolation) as refused:
            world.run(ArrangePages, material_id=first, plan="~0-5")
        assert refused.value.code is ErrorCode.NO_PAGE_LEFT
        with pytest.raises(RuleViolation) as refused:
            world.run(SplitMaterial, material_id=first, pages=tuple(range(6)))
        assert refused.value.code is ErrorCode.NO_PAGE_LEFT

    def test_a_bundle_is_split_and_joined_again(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        world.run(
            ClassifyMaterial,
            material_id=first,
            kind=MaterialKind.OUTPATIENT_RECORD,
            name_matches=True,
            own_sign=OwnSign.NAME_READ,
        )
        world.run(ConfirmMaterial, material_id=first)
        second = world.run(SplitMaterial, material_id=first, pages=(2, 4))
        assert [entry.page for entry in self.plan(desk, first)] == [0, 1, 3, 5]
        assert [entry.page for entry in self.plan(desk, second)] == [2, 4]
        # somebody confirmed six pages, not four
        assert row_of(desk, first).state is MaterialState.RECEIVED
        made = row_of(desk, second)
        assert (made.kind, made.state) == (MaterialKind.UNCLASSIFIED, MaterialState.RECEIVED)
        assert load_material_view(desk, second).relation is MaterialRelation.SPLIT
        assert len(list(desk.materials.names())) == 1
        third = world.run(SplitMaterial, material_id=second, pages=(4,))
        assert [entry.page for entry in self.plan(desk, third)] == [4]
        world.run(JoinMaterial, material_id=third)
        world.run(JoinMaterial, material_id=second)
        assert [entry.page for entry in self.plan(desk, first)] == [0, 1, 2, 3, 4, 5]
        assert list(Listing(desk).keys(ListQuery().with_filter("file", file_id))) == [first]
        assert "扫描件拆成两份" in titles(desk)

    def test_what_was_read_goes_with_its_pages(self, desk: Desk, world: World, file_id: int, first: int) -> None:
        with desk.database.write_session() as session:
            for page, text in ((1, "门诊病历"), (4, "浸润性腺癌")):
                values = {"origin": next(iter(TextOrigin)), "turned": 0, "lines": "[]", "read_at": world.clock.moment}
                session.add(MaterialPageText(id=desk.new_id(), material_id=first, page=page, text=text, **values))
                full_text.index_page(session, first, page, text)
            session.commit()

        def places(words: str) -> list[tuple[int | None, int | None]]:
            with desk.read() as session:
                return [(place.material_id, place.page) for place in full_text.find(session, words, 10).places]

        second = world.run(SplitMaterial, material_id=first, pages=(4, 5))
        assert places("腺癌") == [(second, 4)]
        assert places("病历") == [(first, 1)]
        world.run(JoinMaterial, material_id=second)
        assert places("腺癌") == [(first, 4)]

    def test_only_what_was_split_off_is_joined_and_only_while_nothing_uses_it(
        self, desk: Desk, world: World, file_id: int, first: int
    ) -> None:
        with pytest.raises(RuleViolation) as refused:
            world.run(JoinMaterial, material_id=first)
        assert refused.value.code is ErrorCode.NOT_FOUND
        second = world.run(SplitMaterial, material_id=first, pages=(0,))
        request = world.open_request(file_id)
        world.run(AttachMaterialToRequest, material_id=second, service_request_id=request)
        with pytest.raises(RuleViolation) as refused:
            world.run(JoinMaterial, material_id=second)
        assert refused.value.code is ErrorCode.MATERIAL_IN_USE


def test_the_listing_shows_no_trash_in_any_filter(desk: Desk, world: World, file_id: int, first: int) -> None:
    trash(world, first)
    listing = Listing(desk)
    for query in (
        ListQuery(),
        ListQuery().with_text("病理"),
        ListQuery().with_filter("state", MaterialState.RECEIVED.value),
        ListQuery().with_filter("kind", MaterialKind.UNCLASSIFIED.value),
    ):
        assert list(listing.keys(query)) == []
    world.later(days=1)
    assert list(listing.keys(ListQuery().with_filter("trash", "yes"))) == [first]


def test_nothing_of_a_twin_question_names_a_person(desk: Desk, world: World, first: int) -> None:
    twins = load_twins(desk, world.open_file(), row_of(desk, first).sha256)
    assert all("王淑兰" not in f"{twin.words} {twin.insured_name}" for twin in twins)
    assert replace(twins[0], is_trashed=True).words.endswith("在回收站中）")
