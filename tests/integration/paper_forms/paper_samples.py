"""Invented views of the papers besides record and summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

from PIL import Image

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.paper_forms.paper_views import (
    AttachedPage,
    BookingNoticeView,
    CauseLine,
    CitedText,
    DeadlineLine,
    DeadlineProofView,
    DiseaseLine,
    EducationLeafletView,
    EntitlementStatementView,
    HistoryLine,
    LedgerLine,
    LoadLine,
    MedicalSheetView,
    MedicationLine,
    PauseLine,
    PromiseLine,
    ProvenRequest,
    TeamSummaryView,
    WeekLine,
)
from lian_desk.services.rules.rule_packs import load_current_pack
from tests.integration.paper_forms.samples import ENTITLEMENTS, PARTY, POLICY, STAMP, at, record, summary

IMPRINT = imprint_of(load_current_pack())


def jpeg(width: int = 400, height: int = 560) -> bytes:
    target = BytesIO()
    Image.new("RGB", (width, height), "#DDE6EA").save(target, "JPEG")
    return target.getvalue()


def medical_sheet(**changes: object) -> MedicalSheetView:
    view = MedicalSheetView(
        stamp=replace(STAMP, record_number="MS-26-000007", reader="供本次就诊使用"),
        imprint=IMPRINT,
        party=PARTY,
        recipient="江苏省人民医院 心内科",
        diseases=(DiseaseLine(text="疑似 急性心肌梗死（重症）", noted_on=date(2026, 8, 11), evidence="门诊病历"),),
        medications=(
            MedicationLine(
                name="氨氯地平片",
                dosage="5 mg 每日一次",
                since="2019 年",
                source="被保险人自述",
                stated_on=date(2026, 8, 11),
            ),
        ),
        allergies=(HistoryLine(kind="过敏史", text="青霉素", source="被保险人自述", stated_on=date(2026, 8, 11)),),
        history=(
            HistoryLine(kind="既往病史", text="高血压十年", source="被保险人自述", stated_on=date(2026, 8, 11)),
            HistoryLine(kind="手术史", text="阑尾切除，自2019年", source="医疗文书", stated_on=date(2026, 7, 2)),
        ),
        pages=(AttachedPage(caption="门诊病历 · 2026-08-09 · 第 2 页", jpeg=jpeg(), width=400, height=560),),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def booking_notice(**changes: object) -> BookingNoticeView:
    view = BookingNoticeView(
        stamp=replace(STAMP, record_number="BN-26-000008", reader="供被保险人本人使用"),
        imprint=IMPRINT,
        party=PARTY,
        service="门诊协调",
        request_number="S-26-000140",
        hospital="复旦大学附属中山医院（徐汇院区）",
        department="心内科",
        expert="李明 主任医师",
        visit_at=at(10, 9, 8, 30),
        place="门诊楼 3 楼 12 诊室",
        hospital_reference="YY-17",
        instructions=("请携带身份证、医保卡与既往病历。", "提前半小时取号。"),
        reminders=("10-08 09:00 前一日提醒",),
        rules=(CitedText(title="扣除权益", text="确认开启服务即扣除权益次数。", place="二·2·温馨提示 4"),),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def entitlement_statement(**changes: object) -> EntitlementStatementView:
    view = EntitlementStatementView(
        stamp=replace(STAMP, record_number="ES-26-000009"),
        imprint=IMPRINT,
        party=PARTY,
        policy=POLICY,
        entitlements=ENTITLEMENTS,
        entries=(
            LedgerLine(
                happened_at=at(8, 11, 9),
                service="检查加急",
                kind="授予",
                amount=3,
                left=3,
                request_number="",
                reason="2024年11月版",
            ),
            LedgerLine(
                happened_at=at(8, 12, 15),
                service="检查加急",
                kind="开启扣除",
                amount=-1,
                left=2,
                request_number="S-26-000101",
                reason="",
            ),
        ),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def proven(number: int) -> ProvenRequest:
    kept = number % 3 != 2
    return ProvenRequest(
        number=f"S-26-{number:06d}",
        service="门诊协调",
        place="复旦大学附属中山医院 · 心内科 · 主任医师（知名专家）",
        deadlines=(
            DeadlineLine(
                label="预约时限",
                started_at=at(9, 28, 10),
                due_at=at(10, 23, 21),
                met_at=at(10, 12, 11) if kept else at(10, 26, 9),
                verdict="守时" if kept else "超时",
                kept=kept,
                derivation="15 个工作日 · 自 9月28日次日起算 · 国庆节 7 天不计 · 10月10日调休计入 → 10月23日 21:00",
                place="手册 2-5",
                edition="2024-11",
            ),
        ),
        pauses=(PauseLine(reason="待客户答复", from_at=at(9, 29, 9), to_at=at(9, 29, 15)),),
        remarks=("停诊，09-30 起协调改期",),
    )


def deadline_proof(**changes: object) -> DeadlineProofView:
    view = DeadlineProofView(
        stamp=replace(STAMP, record_number="DP-26-000010"),
        imprint=IMPRINT,
        party=PARTY,
        requests=(proven(1), proven(2)),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def education_leaflet(**changes: object) -> EducationLeafletView:
    view = EducationLeafletView(
        stamp=replace(STAMP, record_number="EL-26-000011"),
        imprint=IMPRINT,
        party=PARTY,
        topic="出院后自我观察",
        body="请按出院小结复查，留意伤口、体温、饮食和睡眠。\n如有发热、伤口渗液、疼痛加重等情况，请及时就医。",
        version="2026-11.1",
        sources="参阅：国家卫生健康委员会公开发布的居民健康素养资料",
        given="2026-09-29 企业微信",
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def team_summary(**changes: object) -> TeamSummaryView:
    view = TeamSummaryView(
        stamp=replace(STAMP, file_number="", record_number="TS-26-000012", case_manager="林岚"),
        imprint=IMPRINT,
        period_from=date(2026, 9, 1),
        period_to=date(2026, 9, 30),
        promises=(PromiseLine(label="首次响应", total=226, broken=4),),
        uses=(("门诊协调", 28), ("检查加急", 14)),
        weeks=tuple(
            WeekLine(
                from_on=date(2026, 8, 31) + timedelta(weeks=week),
                count=12 - week,
                median_days=3.5,
                ninetieth_days=7.0,
            )
            for week in range(5)
        ),
        causes=(CauseLine(cause="医院无号源", count=5),),
        load=(
            LoadLine(
                name="陈静",
                open_files=126,
                open_requests=38,
                promises=64,
                broken=2,
                follow_ups_done=2,
                follow_ups_due=6,
            ),
        ),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


#: A view of every paper of the house, by its title.
EVERY_PAPER = {
    "随访记录": record,
    "个案摘要": summary,
    "病史与用药单": medical_sheet,
    "预约结果与注意事项": booking_notice,
    "权益使用清单": entitlement_statement,
    "时限达标说明": deadline_proof,
    "健康宣教单": education_leaflet,
    "团队小结": team_summary,
}
