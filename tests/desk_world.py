"""Walks the path of a service for tests: open a file, add papers, bring a request to where a test begins."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    Channel,
    CheckResult,
    ContactResult,
    EvidenceForm,
    ExpertHonour,
    ExpertTitle,
    FactSource,
    GuardianRelation,
    IdentityCheckMethod,
    IdentityDocumentKind,
    MaterialKind,
    MaterialSource,
    MaterialState,
    RequestStatus,
    ServiceKind,
    SignerKind,
)
from lian_desk.services.assistance_files.assistance_files import DiseaseInput, OpenAssistanceFile, PersonInput
from lian_desk.services.assistance_files.authorizations import AuthorizationInput
from lian_desk.services.assistance_files.guardians import GuardianInput
from lian_desk.services.bookings import RecordBooking, SendInstructions
from lian_desk.services.commands.commands import Command
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.policies.policies import PolicyInput
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.service_requests import (
    AwaitStart,
    CheckGiven,
    ConfirmRequirement,
    ConfirmStart,
    NoticeGiven,
    OpenRequest,
    RecordCoordinationNotice,
    RecordReview,
    RequirementGiven,
)

K = ServiceKind
LISTED = "复旦大学附属中山医院"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(born_on: date, sequence: int = 145) -> str:
    """Return a valid invented identity number."""
    first = f"320102{born_on:%Y%m%d}{sequence:03d}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


NOTICES = {
    K.INPATIENT_COORDINATION: MaterialKind.ADMISSION_NOTICE,
    K.SURGERY_COORDINATION: MaterialKind.SURGERY_NOTICE,
    K.EXPEDITED_EXAMINATION: MaterialKind.EXAMINATION_NOTICE,
}


TO_BRING = "携带身份证与病历，提前 30 分钟取号"


@dataclass
class World:
    """The two desks and the clock of a test, with shortcuts that go through real commands."""

    desk: Desk
    lead: Desk
    clock: FixedClock
    count: int = field(default=0)

    def run(self, order: type[Command], /, *, by: Desk | None = None, **values: Any) -> int:
        """Carry out a command and return its key."""
        desk = by or self.desk
        outcome = desk.execute(order(command_id=desk.new_id(), **values))
        return outcome.key or 0

    def later(self, **length: float) -> datetime:
        """Move the clock on and return the new moment."""
        self.clock.moment += timedelta(**length)
        return self.clock.moment

    def open_file(self, born_on: date = date(1974, 1, 1), *, effective_on: date = date(2024, 3, 1)) -> int:
        """Open a file with a confirmed illness and a verified authorization; a child gets a guardian."""
        self.count += 1
        is_minor = born_on >= date(2008, 9, 28)
        codes = load_disease_list().diseases
        signer = SignerKind.GUARDIAN if is_minor else SignerKind.INSURED
        guardian = GuardianInput(
            "王建国", identity_number(date(1980, 5, 6), 701), GuardianRelation.FATHER, "13900000001", "户口簿已核对"
        )
        return self.run(
            OpenAssistanceFile,
            person=PersonInput(
                name="王淑兰",
                identity_document=IdentityDocumentKind.RESIDENT_IDENTITY_CARD,
                identity_number=identity_number(born_on, 144 + self.count),
                phone="13812346620",
            ),
            policy=PolicyInput(
                policy_number=f"JLB202403{self.count:06d}",
                effective_on=effective_on,
                policyholder_name="王淑兰",
                product_code=self.desk.pack.product.code,
                status_source=FactSource.INSURER_SYSTEM,
            ),
            identity_method=IdentityCheckMethod.DOCUMENT_SEEN,
            guardian=guardian if is_minor else None,
            diseases=(DiseaseInput(codes[0].code, Certainty.CONFIRMED, date(2026, 9, 1), "诊断证明书"),),
            authorization=AuthorizationInput(
                signer_kind=signer,
                signer_name="王建国" if is_minor else "王淑兰",
                signed_at=self.clock.moment - timedelta(hours=1),
                evidence_form=EvidenceForm.SIGNED_FORM,
                truth_declared=True,
                evidence_note="签字授权书",
                is_verified=True,
            ),
        )

    def disease(self, file_id: int) -> int:
        """Return the illness of a file."""
        with self.desk.read() as session:
            return session.scalars(select(DiseaseEntry.id).where(DiseaseEntry.assistance_file_id == file_id)).one()

    def policy(self, file_id: int) -> int:
        """Return the policy of a file."""
        with self.desk.read() as session:
            return session.get_one(AssistanceFile, file_id).policy_id

    def hospital(self, name: str = LISTED) -> int:
        """Return a campus by its name."""
        with self.desk.read() as session:
            found = session.scalars(select(Hospital.id).where(Hospital.name == name).order_by(Hospital.id)).first()
        assert found is not None
        return found

    def material(self, file_id: int, kind: MaterialKind = MaterialKind.OUTPATIENT_RECORD) -> int:
        """Add the row of a paper."""
        key = self.desk.new_id()
        checksum = hashlib.sha256(str(key).encode()).hexdigest()
        with self.desk.database.write_session() as session:
            session.add(
                Material(
                    id=key,
                    assistance_file_id=file_id,
                    kind=kind,
                    state=MaterialState.CONFIRMED,
                    original_name="paper.pdf",
                    media_type="application/pdf",
                    byte_size=1000,
                    page_count=1,
                    sha256=checksum,
                    sealed_sha256=checksum,
                    source=MaterialSource.BUTTON,
                    received_at=self.clock.moment,
                    received_by=self.desk.operator.id,
                )
            )
            session.commit()
        return key

    def evidence(self, said_by: SignerKind = SignerKind.INSURED, **changes: Any) -> EvidenceGiven:
        """Return a call note of this moment."""
        values: dict[str, Any] = {
            "form": EvidenceForm.CALL_NOTE,
            "said_by": said_by,
            "said_by_name": "王淑兰",
            "channel": Channel.PHONE,
            "happened_at": self.clock.moment,
            "note": "电话确认，录音编号 20260928-01",
        }
        return EvidenceGiven(**(values | changes))

    def open_request(self, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION, **changes: Any) -> int:
        """Open and submit a request."""
        values: dict[str, Any] = {
            "assistance_file_id": file_id,
            "kind": kind,
            "disease_entry_id": self.disease(file_id),
            "need_text": "希望本周在上海看心内科",
            "channel": Channel.WECOM,
            "received_at": self.clock.moment,
            "submit": True,
        }
        return self.run(OpenRequest, **(values | changes))

    def passed(self) -> dict[str, CheckGiven]:
        """Return three passes."""
        return {name: CheckGiven(CheckResult.PASSED) for name in ("identity", "entitlement", "material")}

    def requirement(self, file_id: int, kind: ServiceKind, **changes: Any) -> RequirementGiven:
        """Return a requirement that the rules accept, with its notice where the service asks for one."""
        hospital = self.hospital()
        values: dict[str, Any] = {"preferred_from_on": date(2026, 10, 8), "preferred_to_on": date(2026, 10, 16)}
        if kind is K.CASE_MANAGEMENT:
            values = {"preference": "诊前准备材料，诊中陪同问诊，诊后随访一次"}
        elif kind is K.EXPEDITED_EXAMINATION:
            values |= {"hospital_id": hospital, "examination_text": "增强 CT", "from_outpatient_visit": True}
        else:
            values |= {"hospital_id": hospital, "department_text": "心内科"}
        if kind is K.OUTPATIENT_COORDINATION:
            values |= {"expert_title": ExpertTitle.CHIEF_PHYSICIAN}
        if kind is K.SURGERY_COORDINATION:
            values |= {"expert_name": "李明", "expert_title": ExpertTitle.CHIEF_PHYSICIAN}
        if kind in NOTICES and "notice" not in changes:
            values["notice"] = NoticeGiven(
                material_id=self.material(file_id, NOTICES[kind]),
                hospital_id=hospital,
                doctor_name="李明",
                issued_on=date(2026, 9, 25),
            )
        return RequirementGiven(**(values | changes))

    def to_requirement(
        self, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION, said_by: SignerKind = SignerKind.INSURED
    ) -> int:
        """Bring a new request to 需求已确认."""
        self.material(file_id)
        request_id = self.open_request(file_id, kind)
        self.run(RecordReview, request_id=request_id, **self.passed())
        self.run(
            ConfirmRequirement,
            request_id=request_id,
            requirement=self.requirement(file_id, kind),
            evidence=self.evidence(said_by),
            fee_notice_shown=True,
        )
        return request_id

    def to_awaiting(
        self, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION, said_by: SignerKind = SignerKind.INSURED
    ) -> int:
        """Bring a new request to 待客户确认开启, with the feedback given."""
        request_id = self.to_requirement(file_id, kind, said_by)
        self.run(
            RecordCoordinationNotice,
            request_id=request_id,
            channel=Channel.PHONE,
            result=ContactResult.REACHED,
            content="周四上午有号，等待确认",
            happened_at=self.later(minutes=10),
        )
        self.run(AwaitStart, request_id=request_id)
        return request_id

    def to_started(
        self, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION, said_by: SignerKind = SignerKind.INSURED
    ) -> int:
        """Bring a new request to 已开启."""
        request_id = self.to_awaiting(file_id, kind, said_by)
        self.later(minutes=10)
        self.run(ConfirmStart, request_id=request_id, evidence=self.evidence(said_by), warning_acknowledged=True)
        return request_id

    def book(self, request_id: int, visit_at: datetime | None = None, instructions: str = TO_BRING) -> int:
        """Book a started request."""
        self.later(minutes=10)
        return self.run(
            RecordBooking,
            request_id=request_id,
            hospital_id=self.hospital(),
            visit_at=visit_at or self.clock.moment + timedelta(days=10),
            confirmed_by_hospital_at=self.clock.moment,
            hospital_reference="YY-20260928-17",
            department_text="心内科",
            place="门诊楼 3 楼",
            instructions=instructions,
        )

    def to_booked(self, file_id: int, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> int:
        """Bring a new request to 预约成功, with the instructions told."""
        request_id = self.to_started(file_id, kind)
        self.book(request_id)
        self.run(
            SendInstructions,
            request_id=request_id,
            channel=Channel.WECOM,
            result=ContactResult.REACHED,
            content="已告知时间、地点与注意事项",
            sent_at=self.later(minutes=5),
        )
        return request_id

    def status(self, request_id: int) -> RequestStatus:
        """Return the status of a request."""
        return self.row(request_id).status

    def row(self, request_id: int) -> ServiceRequest:
        """Return a request as stored."""
        with self.desk.read() as session:
            return session.get_one(ServiceRequest, request_id)


RENOWNED = (ExpertHonour.DOCTORAL_SUPERVISOR,)
