"""Information authorization: with evidence, verified by a person, withdrawn with a reason (R19)."""

from datetime import timedelta
from typing import Any

import pytest

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.vocabulary import SignerKind
from lian_desk.services.assistance_files.assistance_files import OpenAssistanceFile
from lian_desk.services.assistance_files.authorizations import (
    RecordAuthorization,
    VerifyAuthorization,
    WithdrawAuthorization,
)
from lian_desk.services.assistance_files.views import load_file_view
from tests.desk_facts import authorization, carry_out, opening, refusal, titles
from tests.desk_world import World


@pytest.fixture
def file_id(world: World) -> int:
    return world.run(OpenAssistanceFile, **opening(world))


def record(world: World, file_id: int, **changes: Any) -> int:
    return world.run(RecordAuthorization, assistance_file_id=file_id, authorization=authorization(world, **changes))


def row(world: World, key: int) -> InformationAuthorization:
    with world.desk.read() as session:
        return session.get_one(InformationAuthorization, key)


def test_an_authorization_waits_for_somebody_who_sees_the_evidence(world: World, file_id: int) -> None:
    key = record(world, file_id)
    assert row(world, key).verified_at is None
    assert row(world, key).text_version == world.desk.pack.edition
    assert titles(world.desk, file_id)[-1] == "登记信息授权，待核实"
    outcome = carry_out(world, VerifyAuthorization, authorization_id=key)
    assert outcome.changes.updated["information_authorization"] == {key}
    assert (row(world, key).verified_at, row(world, key).verified_by) == (world.clock.moment, world.desk.operator.id)
    assert titles(world.desk, file_id)[-1] == "信息授权已核实"
    assert refusal(world, VerifyAuthorization, authorization_id=key).code is ErrorCode.CHANGED_MEANWHILE


@pytest.mark.parametrize(
    ("changes", "code", "field", "clause"),
    [
        ({"evidence_note": " "}, ErrorCode.EVIDENCE_MISSING, "evidence_note", "R19"),
        ({"signer_name": ""}, ErrorCode.FIELD_REQUIRED, "signer_name", None),
        ({"signed_at": timedelta(hours=1)}, ErrorCode.TIME_IN_FUTURE, "signed_at", None),
    ],
)
def test_what_an_authorization_needs(
    world: World, file_id: int, changes: dict[str, Any], code: ErrorCode, field: str, clause: str | None
) -> None:
    if "signed_at" in changes:
        changes = {"signed_at": world.clock.moment + changes["signed_at"]}
    violation = refusal(
        world, RecordAuthorization, assistance_file_id=file_id, authorization=authorization(world, **changes)
    )
    assert (violation.code, violation.parameters["field"], violation.clause) == (code, field, clause)


def test_a_withdrawn_one_holds_no_more_and_is_not_verified_again(world: World, file_id: int) -> None:
    key = record(world, file_id, is_verified=True)
    violation = refusal(world, WithdrawAuthorization, authorization_id=key, reason="")
    assert violation.parameters["field"] == "reason"
    world.run(WithdrawAuthorization, authorization_id=key, reason="本人要求")
    assert (row(world, key).withdrawn_at, row(world, key).withdrawal_reason) == (world.clock.moment, "本人要求")
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.authorization is None
    assert titles(world.desk, file_id)[-1] == "撤回信息授权"
    for order, more in ((VerifyAuthorization, {}), (WithdrawAuthorization, {"reason": "再次"})):
        assert refusal(world, order, authorization_id=key, **more).code is ErrorCode.CHANGED_MEANWHILE


def test_one_that_was_withdrawn_before_anybody_saw_its_evidence_is_never_verified(world: World, file_id: int) -> None:
    key = record(world, file_id)
    world.run(WithdrawAuthorization, authorization_id=key, reason="本人要求")
    assert refusal(world, VerifyAuthorization, authorization_id=key).code is ErrorCode.CHANGED_MEANWHILE
    assert row(world, key).verified_at is None


def test_an_agent_may_sign_for_an_adult(world: World, file_id: int) -> None:
    assert row(world, record(world, file_id, signer_kind=SignerKind.AGENT)).signer_kind is SignerKind.AGENT


def test_unknown_ones_are_not_found(world: World) -> None:
    assert refusal(world, VerifyAuthorization, authorization_id=1).code is ErrorCode.NOT_FOUND
    assert (
        refusal(world, RecordAuthorization, assistance_file_id=1, authorization=authorization(world)).code
        is ErrorCode.NOT_FOUND
    )
