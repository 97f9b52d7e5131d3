"""Assistance files: opened once for a person and policy, extended, read-only after the contract."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry, HistoryItem, SearchTerm
from lian_desk.models.tables.people.entitlement import EntitlementSlot
from lian_desk.models.tables.people.person import Guardian, InsuredPerson
from lian_desk.models.tables.people.policy import Policy
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    FollowUpKind,
    HistoryKind,
    IdentityDocumentKind,
    Knownness,
    Sex,
    SignerKind,
)
from lian_desk.services.assistance_files.assistance_files import (
    AddDisease,
    AddHistory,
    AddNote,
    ChangePhone,
    DiseaseInput,
    HistoryInput,
    OpenAssistanceFile,
    ReassignFile,
    RecordReveal,
)
from lian_desk.services.assistance_files.guardians import RecordGuardian
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.audit_views import load_audit_lines
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words.wording import sentence
from tests.desk_facts import (
    authorization,
    carry_out,
    count,
    guardian,
    last_sealed,
    opening,
    person,
    policy,
    refusal,
    titles,
)
from tests.desk_world import World, identity_number

CODE = load_disease_list().diseases[0].code
CHILD = identity_number(date(2015, 6, 1), 145)
RARE = "𬭎"


def disease(**changes: Any) -> DiseaseInput:
    values: dict[str, Any] = {
        "disease_code": CODE,
        "certainty": Certainty.SUSPECTED,
        "noted_on": date(2026, 9, 1),
        "evidence_note": "门诊病历",
    }
    return DiseaseInput(**(values | changes))


# ------------------------------------------------------------------------------------------------------- open a file


def test_a_file_is_opened_with_everything_of_the_first_day(world: World) -> None:
    outcome = carry_out(
        world,
        OpenAssistanceFile,
        **opening(
            world,
            diseases=(disease(),),
            history=(HistoryInput(HistoryKind.ALLERGY, Knownness.NONE),),
            authorization=authorization(world, is_verified=True),
        ),
    )
    assert outcome.key is not None
    created = outcome.changes.created
    assert created["assistance_file"] == frozenset({outcome.key})
    assert len(created["entitlement_slot"]) == len(created["entitlement_entry"]) * 3 == 12
    assert {"insured_person", "policy", "policy_status_period", "disease_entry", "history_item", "search_term"} <= set(
        created
    )
    assert titles(world.desk, outcome.key) == [
        "建立电子就医协助服务档案",
        f"登记疾病：疑似 {load_disease_list().diseases[0].name}（{_severity()}）",
        "完成信息授权",
    ]
    entry = last_sealed(world.desk)
    assert (entry.kind, entry.assistance_file_id) == ("OpenAssistanceFile", outcome.key)
    view = load_file_view(world.desk, outcome.key)
    assert view is not None
    assert (view.insured_name, view.sex, view.age, view.is_minor) == ("王*兰", Sex.MALE, 52, False)
    assert view.authorization is not None


def _severity() -> str:
    from lian_desk.services.words.wording import phrase

    return phrase(load_disease_list().diseases[0].severity)


def test_numbers_count_up_and_carry_the_workstation(world: World) -> None:
    keys = [world.open_file(), world.open_file()]
    with world.desk.read() as session:
        numbers = [session.get_one(AssistanceFile, key).number for key in keys]
    assert numbers == ["A-26-01-00001", "A-26-01-00002"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"identity_number": "320102197401011459"}, ErrorCode.IDENTITY_NUMBER_CHECKSUM, "identity_number"),
        ({"identity_number": "320102740101145"}, ErrorCode.IDENTITY_NUMBER_OLD, "identity_number"),
        ({"identity_number": ""}, ErrorCode.IDENTITY_NUMBER_LENGTH, "identity_number"),
        ({"phone": "1381234"}, ErrorCode.PHONE_NUMBER_INVALID, "phone"),
        ({"phone": " "}, ErrorCode.FIELD_REQUIRED, "phone"),
        ({"name": "王🌸兰"}, ErrorCode.NAME_HAS_SYMBOLS, "name"),
        ({"name": "王\ue000兰"}, ErrorCode.FIELD_HAS_CONTROL_CHARACTERS, "name"),
        ({"name": "兰" * 201}, ErrorCode.FIELD_TOO_LONG, "name"),
        ({"name": ""}, ErrorCode.FIELD_REQUIRED, "name"),
    ],
)
def test_a_person_is_checked_field_by_field(world: World, changes: dict[str, Any], code: ErrorCode, field: str) -> None:
    violation = refusal(world, OpenAssistanceFile, **opening(world, person=person(**changes)))
    assert (violation.code, violation.parameters["field"]) == (code, field)
    assert count(world.desk, InsuredPerson) == count(world.desk, Policy) == count(world.desk, EntitlementSlot) == 0


@pytest.mark.parametrize("name", ["兰" * 200, f"王{RARE}", "ᠪᠠᠲᠤ", "阿依古丽·买买提", "Maria Chen"])
def test_long_rare_and_foreign_names_are_kept_as_they_are(world: World, name: str) -> None:
    file_id = world.run(OpenAssistanceFile, **opening(world, person=person(name=name)))
    view = load_file_view(world.desk, file_id, revealed=True)
    masked = load_file_view(world.desk, file_id)
    assert view is not None
    assert masked is not None
    assert view.insured_name == name
    assert masked.insured_name != name


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"sex": None}, ErrorCode.FIELD_REQUIRED, "sex"),
        ({"born_on": None}, ErrorCode.FIELD_REQUIRED, "born_on"),
        ({"born_on": date(2026, 9, 29)}, ErrorCode.DATE_IMPOSSIBLE, "born_on"),
        ({"born_on": date(1, 1, 1)}, ErrorCode.DATE_IMPOSSIBLE, "born_on"),
        ({"identity_number": "E" * 41}, ErrorCode.FIELD_TOO_LONG, "identity_number"),
    ],
)
def test_a_passport_needs_sex_and_birth_date(
    world: World, changes: dict[str, Any], code: ErrorCode, field: str
) -> None:
    values = {
        "identity_document": IdentityDocumentKind.PASSPORT,
        "identity_number": "e12345678",
        "sex": Sex.FEMALE,
        "born_on": date(1990, 2, 3),
    }
    violation = refusal(world, OpenAssistanceFile, **opening(world, person=person(**(values | changes))))
    assert (violation.code, violation.parameters["field"]) == (code, field)
    file_id = world.run(OpenAssistanceFile, **opening(world, person=person(**values)))
    view = load_file_view(world.desk, file_id, revealed=True)
    assert view is not None
    assert (view.identity_number, view.sex, view.born_on) == ("E12345678", Sex.FEMALE, date(1990, 2, 3))


def test_a_twin_of_the_person_is_shown_masked(world: World) -> None:
    world.run(OpenAssistanceFile, **opening(world))
    again = opening(world, policy=policy(world.desk, policy_number="JLB202403000002"))
    violation = refusal(world, OpenAssistanceFile, **again)
    assert (violation.code, violation.clause, violation.parameters["field"]) == (
        ErrorCode.PERSON_EXISTS,
        "R18",
        "identity_number",
    )
    said = sentence(violation)
    assert "王*兰" in said
    assert "A-26-01-00001" in said
    assert "淑" not in said
    assert person().identity_number not in said
    assert count(world.desk, AssistanceFile) == 1


def test_a_twin_of_the_policy_is_shown_masked(world: World) -> None:
    world.run(OpenAssistanceFile, **opening(world))
    again = opening(world, person=person(identity_number=identity_number(date(1980, 1, 1))))
    again["policy"] = policy(world.desk, policy_number="jlb202403 000001")
    violation = refusal(world, OpenAssistanceFile, **again)
    assert (violation.code, violation.clause, violation.parameters["field"]) == (
        ErrorCode.POLICY_EXISTS,
        "R18",
        "policy_number",
    )
    said = sentence(violation)
    assert "JLB2*******0001" in said
    assert "JLB202403000001" not in said
    assert count(world.desk, InsuredPerson) == 1


@pytest.mark.parametrize("born_on", [date(2015, 6, 1), date(2008, 9, 29), date(2008, 9, 28)])
def test_a_minor_needs_a_guardian_up_to_the_eighteenth_birthday(world: World, born_on: date) -> None:
    child = person(identity_number=identity_number(born_on))
    violation = refusal(world, OpenAssistanceFile, **opening(world, person=child))
    assert (violation.code, violation.clause, violation.parameters["field"]) == (
        ErrorCode.GUARDIAN_MISSING,
        "R9",
        "guardian_name",
    )
    file_id = world.run(OpenAssistanceFile, **opening(world, person=child, guardian=guardian()))
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.is_minor
    assert view.guardian is not None
    assert (view.guardian.name, view.guardian.phone) == ("王*国", "139****0001")


def test_the_day_after_the_birthday_no_guardian_is_asked_for(world: World) -> None:
    grown = person(identity_number=identity_number(date(2008, 9, 27)))
    file_id = world.run(OpenAssistanceFile, **opening(world, person=grown))
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert not view.is_minor


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": ""}, ErrorCode.FIELD_REQUIRED, "guardian_name"),
        ({"identity_number": "1"}, ErrorCode.IDENTITY_NUMBER_LENGTH, "guardian_identity_number"),
        ({"identity_number": CHILD}, ErrorCode.GUARDIAN_MISSING, "guardian_identity_number"),
        ({"phone": "123"}, ErrorCode.PHONE_NUMBER_INVALID, "guardian_phone"),
        ({"proof_note": " "}, ErrorCode.FIELD_REQUIRED, "guardian_proof"),
    ],
)
def test_a_guardian_is_a_person_of_age_who_can_be_reached(
    world: World, changes: dict[str, Any], code: ErrorCode, field: str
) -> None:
    child = opening(world, person=person(identity_number=CHILD), guardian=guardian(**changes))
    violation = refusal(world, OpenAssistanceFile, **child)
    assert (violation.code, violation.parameters["field"]) == (code, field)


def test_a_minor_signs_nothing(world: World) -> None:
    child = opening(world, person=person(identity_number=CHILD), guardian=guardian())
    violation = refusal(world, OpenAssistanceFile, **child, authorization=authorization(world))
    assert (violation.code, violation.parameters["field"]) == (ErrorCode.GUARDIAN_MISSING, "signer_kind")
    signed = authorization(world, signer_kind=SignerKind.GUARDIAN, signer_name="王建国")
    assert world.run(OpenAssistanceFile, **child, authorization=signed)


def test_another_guardian_supersedes_the_first(world: World) -> None:
    file_id = world.run(OpenAssistanceFile, **opening(world, person=person(identity_number=CHILD), guardian=guardian()))
    world.run(RecordGuardian, assistance_file_id=file_id, guardian=guardian(name="李红"))
    with world.desk.read() as session:
        rows = session.scalars(select(Guardian).order_by(Guardian.id)).all()
    assert [(row.name, row.superseded_at is None) for row in rows] == [("王建国", False), ("李红", True)]
    assert titles(world.desk, file_id)[-1] == "变更监护人"


# ------------------------------------------------------------------------------------------------- illness and history


@pytest.mark.parametrize(
    ("changes", "code", "field", "clause"),
    [
        ({"disease_code": "X999"}, ErrorCode.DISEASE_NOT_LISTED, "disease_code", "R8"),
        ({"noted_on": date(2026, 9, 29)}, ErrorCode.TIME_IN_FUTURE, "noted_on", None),
        ({"noted_on": date(1, 1, 1)}, ErrorCode.DATE_IMPOSSIBLE, "noted_on", None),
        ({"evidence_note": " "}, ErrorCode.FIELD_REQUIRED, "evidence_note", "R8"),
    ],
)
def test_an_illness_stands_in_the_list_and_rests_on_something(
    world: World, changes: dict[str, Any], code: ErrorCode, field: str, clause: str | None
) -> None:
    file_id = world.open_file()
    violation = refusal(world, AddDisease, assistance_file_id=file_id, disease=disease(**changes))
    assert (violation.code, violation.parameters["field"], violation.clause) == (code, field, clause)


def test_a_restated_illness_keeps_the_earlier_entry(world: World) -> None:
    file_id = world.open_file()
    outcome = carry_out(world, AddDisease, assistance_file_id=file_id, disease=disease(certainty=Certainty.EXCLUDED))
    with world.desk.read() as session:
        rows = session.scalars(select(DiseaseEntry).order_by(DiseaseEntry.id)).all()
    assert [(row.certainty, row.superseded_at is None) for row in rows] == [
        (Certainty.CONFIRMED, False),
        (Certainty.EXCLUDED, True),
    ]
    assert outcome.changes.created["disease_entry"] == {rows[1].id}
    assert outcome.changes.updated["disease_entry"] == {rows[0].id}


def test_history_tells_none_unknown_declined_and_known_apart(world: World) -> None:
    file_id = world.open_file()

    def add(knownness: Knownness, text: str = "") -> None:
        item = HistoryInput(HistoryKind.MEDICATION, knownness, text, dosage="每日 1 次", since="2020 年")
        world.run(AddHistory, assistance_file_id=file_id, items=(item,))

    add(Knownness.UNKNOWN)
    add(Knownness.KNOWN, "阿司匹林")
    add(Knownness.KNOWN, "氯吡格雷")
    add(Knownness.KNOWN, "阿司匹林")
    with world.desk.read() as session:
        standing = session.scalars(select(HistoryItem.text).where(HistoryItem.superseded_at.is_(None))).all()
    assert sorted(standing) == ["氯吡格雷", "阿司匹林"]
    add(Knownness.DECLINED)
    with world.desk.read() as session:
        left = session.scalars(select(HistoryItem).where(HistoryItem.superseded_at.is_(None))).all()
        assert len(session.scalars(select(HistoryItem)).all()) == 5
    assert [row.knownness for row in left] == [Knownness.DECLINED]
    assert titles(world.desk, file_id)[-1] == "更新病史与用药"


def test_a_known_statement_has_words(world: World) -> None:
    file_id = world.open_file()
    item = HistoryInput(HistoryKind.ALLERGY, Knownness.KNOWN, " ")
    violation = refusal(world, AddHistory, assistance_file_id=file_id, items=(item,))
    assert (violation.code, violation.clause, violation.parameters["field"]) == (
        ErrorCode.FIELD_REQUIRED,
        "R17",
        "history_allergy",
    )


# ------------------------------------------------------------------------------------------------------ phone and note


def test_a_new_phone_is_found_and_the_old_one_is_not(world: World) -> None:
    file_id = world.open_file()
    with world.desk.read() as session:
        before = set(session.scalars(select(SearchTerm.term)))
    world.run(ChangePhone, assistance_file_id=file_id, phone="139-0000-7788")
    with world.desk.read() as session:
        after = set(session.scalars(select(SearchTerm.term)))
        assert session.scalars(select(InsuredPerson.phone)).one() == "13900007788"
    assert {term for term in after if term.startswith("~")} == {"~88770000931"}
    assert {term for term in before if not term.startswith("~")} == {term for term in after if not term.startswith("~")}
    assert titles(world.desk, file_id)[-1] == "更新联系电话"


def test_a_phone_may_be_declined(world: World) -> None:
    file_id = world.open_file()
    assert refusal(world, ChangePhone, assistance_file_id=file_id, phone="12").parameters["field"] == "phone"
    world.run(ChangePhone, assistance_file_id=file_id, phone="", declined=True)
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert (view.phone, view.phone_declined) == ("", True)
    assert titles(world.desk, file_id)[-1].startswith("被保险人不愿提供")


def test_a_note_needs_a_title_of_one_line(world: World) -> None:
    file_id = world.open_file()
    for title in ("", "一\n二", "长" * 201):
        assert refusal(world, AddNote, assistance_file_id=file_id, title=title, text="").parameters["field"] == "title"
    outcome = carry_out(world, AddNote, assistance_file_id=file_id, title="专案评估", text="第一行\n第二行 🌸")
    assert outcome.changes.created == {"file_entry": frozenset({outcome.key})}
    assert titles(world.desk, file_id)[-1] == "专案评估"


def test_revealing_is_sealed_and_changes_nothing_else(world: World) -> None:
    file_id = world.open_file()
    outcome = carry_out(world, RecordReveal, assistance_file_id=file_id, what="identity_number")
    assert outcome.changes.count() == 0
    entry = last_sealed(world.desk)
    assert (entry.kind, entry.assistance_file_id) == ("RecordReveal", file_id)
    assert load_audit_lines(world.desk, file_id)[0].kind == "RecordReveal"
    assert refusal(world, RecordReveal, assistance_file_id=1, what="phone").code is ErrorCode.NOT_FOUND


# --------------------------------------------------------------------------------------------------------- reassignment


def test_a_lead_moves_a_file_with_its_open_work(world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id)
    world.run(
        PlanFollowUp,
        assistance_file_id=file_id,
        kind=FollowUpKind.AFTER_VISIT,
        label="第 1 天",
        due_on=world.desk.today,
    )
    new = world.lead.operator.id
    values = {"assistance_file_id": file_id, "case_manager_id": new, "reason": "休假交接"}
    assert refusal(world, ReassignFile, **values).code is ErrorCode.NOT_ALLOWED
    outcome = carry_out(world, ReassignFile, by=world.lead, **values)
    assert set(outcome.changes.updated) == {"assistance_file", "service_request", "follow_up"}
    with world.desk.read() as session:
        assert session.get_one(AssistanceFile, file_id).case_manager_id == new
        assert session.get_one(ServiceRequest, request_id).case_manager_id == new
        assert session.scalars(select(FollowUp.case_manager_id)).one() == new
    assert titles(world.desk, file_id)[-1] == "转派专案管家"


def test_a_file_goes_to_somebody_who_works_here_and_for_a_reason(world: World) -> None:
    file_id = world.open_file()
    values = {"assistance_file_id": file_id, "case_manager_id": 7, "reason": "休假交接"}
    assert refusal(world, ReassignFile, by=world.lead, **values).code is ErrorCode.NOT_FOUND
    violation = refusal(world, ReassignFile, by=world.lead, **(values | {"reason": ""}))
    assert violation.parameters["field"] == "reason"
