"""A real desk on a real encrypted workspace, with one file and one completed request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    Channel,
    FactSource,
    HistoryKind,
    IdentityCheckMethod,
    IdentityDocumentKind,
    Knownness,
    NextAction,
    RequestStatus,
    ServiceKind,
)
from lian_desk.services.assistance_files.assistance_files import (
    DiseaseInput,
    HistoryInput,
    OpenAssistanceFile,
    PersonInput,
)
from lian_desk.services.desk.desk import Desk
from lian_desk.services.policies.policies import PolicyInput
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace

NAME = "王淑兰"
PHONE = "13812346620"
NUMBER = "320102197401014528"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class Case:
    """One file with one request."""

    desk: Desk
    clock: FixedClock
    file_id: int
    request_id: int


def identity_number(first_17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        first_17 + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first_17, weights, strict=True)) % 11]
    )


def open_file(desk: Desk, name: str = NAME, serial: int = 452) -> int:
    outcome = desk.execute(
        OpenAssistanceFile(
            command_id=desk.new_id(),
            person=PersonInput(
                name=name,
                identity_document=IdentityDocumentKind.RESIDENT_IDENTITY_CARD,
                identity_number=identity_number(f"32010219740101{serial:03d}"),
                phone=PHONE,
            ),
            policy=PolicyInput(
                policy_number=f"LA2024{serial:06d}",
                effective_on=date(2024, 3, 1),
                policyholder_name=name,
                product_code=desk.pack.product.code,
                status_source=FactSource.INSURER_SYSTEM,
            ),
            identity_method=IdentityCheckMethod.DOCUMENT_SEEN,
            diseases=(
                DiseaseInput(load_disease_list().diseases[0].code, Certainty.SUSPECTED, date(2026, 11, 1), "门诊病历"),
            ),
            history=(
                HistoryInput(HistoryKind.CONDITION, Knownness.KNOWN, f"高血压八年，{name}自述"),
                HistoryInput(HistoryKind.ALLERGY, Knownness.NONE),
            ),
        )
    )
    assert outcome.key is not None
    return outcome.key


def add_request(desk: Desk, file_id: int, status: RequestStatus = RequestStatus.SERVICE_COMPLETED) -> int:
    from lian_desk.models.tables.people.assistance_file import DiseaseEntry

    with desk.database.write_session() as session:
        disease = session.query(DiseaseEntry).filter_by(assistance_file_id=file_id).first()
        assert disease is not None
        key = desk.new_id()
        session.add(
            ServiceRequest(
                id=key,
                number=f"R-26-NJ01-{key % 100_000:05d}",
                assistance_file_id=file_id,
                kind=ServiceKind.OUTPATIENT_COORDINATION,
                status=status,
                disease_entry_id=disease.id,
                case_manager_id=desk.operator.id,
                need_text="心内科专家门诊",
                channel=Channel.WECOM,
                handbook_edition=desk.pack.edition,
                received_at=at(2, 10),
                next_action=NextAction.FOLLOW_UP,
                status_changed_at=at(20, 10),
            )
        )
        session.commit()
    return key


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at(23, 10))


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    folder = tmp_path / "demo"
    create_workspace(folder, NewWorkspace("陈静", "NJ01", None, is_demo=True), clock.now())
    opened = open_workspace(folder, by_throw_away_key(), clock.now())
    made = Desk(opened, clock)
    yield made
    made.close()


@pytest.fixture
def case(desk: Desk, clock: FixedClock) -> Case:
    file_id = open_file(desk)
    return Case(desk, clock, file_id, add_request(desk, file_id))


@pytest.fixture
def statements(desk: Desk) -> Callable[[], Any]:
    """Count the statements that run inside the block."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        with desk.read() as session:
            engine = session.get_bind().engine  # type: ignore[union-attr]
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return counting
