"""Invented views for the tests of the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.drawing.views import (
    AssistanceFileSummaryView,
    BookingLine,
    ClockLine,
    Entitlement,
    FollowUpLine,
    FollowUpRecordView,
    HealthFacts,
    MaterialLine,
    Party,
    PolicyState,
    ServiceLine,
    Stamp,
)
from lian_desk.services.rules.rule_packs import load_current_pack

ZONE = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


STAMP = Stamp(
    file_number="A-26-00312",
    record_number="FR-26-000912",
    issue=1,
    issued_at=at(9, 30, 17, 20),
    case_manager="陈静",
    masked=True,
    audit_head="5b" * 32,
)
PARTY = Party(name="王*兰", sex="女", age="52", identity_number="3201**********1234", phone="138****6620")
POLICY = PolicyState(
    number="LA2024**0312",
    status="有效",
    policy_year="第 3 保单年度",
    effective_on=date(2024, 3, 1),
    covered_until_on=date(2034, 3, 1),
    periods=("2024-03-01 起 有效", "2025-05-02 至 2025-06-11 中止（欠缴保费）"),
)
ENTITLEMENTS = (
    Entitlement(service="门诊协调", uses_left=2, uses_granted=3, used_on=(date(2026, 9, 28),)),
    Entitlement(service="住院协调", uses_left=3, uses_granted=3),
    Entitlement(service="手术协调", uses_left=3, uses_granted=3),
    Entitlement(service="检查加急", uses_left=1, uses_granted=3, used_on=(date(2026, 8, 12), date(2026, 8, 24))),
    Entitlement(service="专案管家", uses_left=None, uses_granted=None),
)
REPORTED = ClockLine(label="48小时告知", measure="", verdict="守时", kept=True)
SERVICES = (
    ServiceLine(
        number="R-26-000101",
        on=date(2026, 8, 14),
        service="检查加急",
        place="江苏省人民医院 · 影像科",
        outcome="已完成",
        clocks=(REPORTED, ClockLine(label="预约", measure="1 / 3 个工作日", verdict="守时", kept=True)),
    ),
    ServiceLine(
        number="R-26-000118",
        on=date(2026, 8, 26),
        service="检查加急",
        place="江苏省人民医院 · 检验科",
        outcome="已完成",
        clocks=(REPORTED, ClockLine(label="预约", measure="4 / 3 个工作日", verdict="超时", kept=False)),
        remarks=("需求确认时间补录：电话确认后次日录入。",),
    ),
    ServiceLine(
        number="R-26-000140",
        on=date(2026, 9, 28),
        service="门诊协调",
        place="复旦大学附属中山医院 · 心内科 · 主任医师（知名专家）",
        outcome="协调中",
        clocks=(ClockLine(label="预约", measure="3 / 15 个工作日", verdict="进行中", kept=None),),
    ),
)
FOLLOW_UPS = (
    FollowUpLine(
        done_at=at(8, 15, 10, 2),
        entered_at=at(8, 15, 10, 15),
        channel="电话",
        outcome="已联系上",
        reached=True,
        duration_minutes=12,
        condition="检查后第 1 天。症状平稳，未诉不适。",
        medication="继续服用原处方降压药。",
        education="胸痛应急处理；紧急情况拨打 120",
        next_on=date(2026, 8, 22),
    ),
    FollowUpLine(
        done_at=at(8, 22, 9, 40),
        entered_at=at(8, 24, 9, 5),
        channel="电话",
        outcome="未接通",
        reached=False,
        next_on=date(2026, 8, 28),
    ),
    FollowUpLine(
        done_at=at(8, 28, 10, 2),
        entered_at=at(8, 28, 10, 9),
        channel="微信",
        outcome="已联系上",
        reached=True,
        condition="检查后第 2 天。已取报告，自述爬楼后胸闷加重，建议尽快门诊。",
        reminder="就诊携带既往病历与用药清单",
        next_on=date(2026, 9, 28),
    ),
)


def record(**changes: object) -> FollowUpRecordView:
    view = FollowUpRecordView(
        stamp=STAMP,
        imprint=imprint_of(load_current_pack()),
        period_from=date(2026, 8, 11),
        period_to=date(2026, 9, 30),
        party=PARTY,
        policy=POLICY,
        diseases=("疑似 急性心肌梗死（重症）",),
        authorization="2026-08-11 已授权",
        entitlements=ENTITLEMENTS,
        services=SERVICES,
        follow_ups=FOLLOW_UPS,
        open_tasks=("10-08 上午 门诊就诊前一日提醒；就诊后第 3 天随访；就诊材料补录。",),
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def summary(**changes: object) -> AssistanceFileSummaryView:
    view = AssistanceFileSummaryView(
        stamp=replace(STAMP, record_number="CS-26-000031"),
        imprint=imprint_of(load_current_pack()),
        opened_on=date(2026, 8, 11),
        party=PARTY,
        policy=POLICY,
        diseases=("疑似 急性心肌梗死（重症）", "确诊 2 型糖尿病（不在合同列明范围）"),
        health=HealthFacts(
            history="高血压十年（被保险人自述，2026-08-11）；2019 年阑尾切除。",
            medication="氨氯地平 5 mg，每日一次（病历，2026-07-02）。",
            allergies="青霉素（被保险人自述，2026-08-11）。",
        ),
        authorization="2026-08-11 已授权（签字件，手册 2024-11）",
        entitlements=ENTITLEMENTS,
        services=SERVICES,
        bookings=(
            BookingLine(
                service="检查加急",
                place="江苏省人民医院 · 影像科",
                visit_at=at(8, 14, 8, 30),
                status="已完成",
            ),
            BookingLine(
                service="门诊协调",
                place="复旦大学附属中山医院 · 心内科",
                visit_at=None,
                status="协调中",
                remarks=("停诊改期一次（2026-09-20）",),
            ),
        ),
        materials=(
            MaterialLine(
                kind="门诊病历",
                page_count=3,
                dated_on=date(2026, 8, 9),
                received_at=at(8, 11, 9, 20),
                proves="R-26-000101",
            ),
            MaterialLine(kind="检查通知单", page_count=1, dated_on=None, received_at=at(8, 12, 14, 2)),
        ),
        follow_ups=FOLLOW_UPS,
        open_tasks=("10-08 上午 门诊就诊前一日提醒。", "10-12 就诊材料补录。"),
    )
    return replace(view, **changes)  # type: ignore[arg-type]
