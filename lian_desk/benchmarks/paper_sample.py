"""Invented two-page records, each another one, for the measurements of paper."""

from datetime import date, datetime, timedelta

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.drawing.views import (
    ClockLine,
    Entitlement,
    FollowUpLine,
    FollowUpRecordView,
    Party,
    PolicyState,
    ServiceLine,
    Stamp,
)
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.services.rules.rule_packs import load_current_pack

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_TOLD = (
    "自述检查后症状平稳，睡眠与饮食如常，未诉不适。",
    "自述爬楼后胸闷加重，休息十分钟后缓解，建议尽快到门诊复诊。",
    "已取报告并发来照片，询问下次复诊时间与需要携带的资料。",
)
_PLACES = (
    "江苏省人民医院 · 影像科",
    "复旦大学附属中山医院 · 心内科 · 主任医师（知名专家）",
    "南京鼓楼医院 · 消化内科 · 副主任医师",
)


def sample_record(number: int) -> FollowUpRecordView:
    """Return the record ``number``: two pages, with its own name, numbers and words."""
    begun = datetime(2026, 8, 11, 9, 30, tzinfo=SHANGHAI)
    issued = begun + timedelta(days=50)
    follow_ups = tuple(
        FollowUpLine(
            done_at=begun + timedelta(days=5 * place, minutes=number % 60),
            entered_at=begun + timedelta(days=5 * place, minutes=number % 60 + 9),
            channel="电话",
            outcome="已联系上",
            reached=True,
            duration_minutes=4 + (number + place) % 11,
            condition=f"第 {place + 1} 次随访。{_TOLD[(number + place) % len(_TOLD)]}",
            medication="继续服用原处方降压药。",
            education="胸痛应急处理；紧急情况拨打 120",
            next_on=(begun + timedelta(days=5 * place + 5)).date(),
        )
        for place in range(6)
    )
    services = tuple(
        ServiceLine(
            number=f"S-26-01-{number:05d}",
            on=date(2026, 8, 14 + place),
            service="检查加急",
            place=_PLACES[(number + place) % len(_PLACES)],
            outcome="已完成",
            clocks=(ClockLine(label="预约", measure="1 / 3 个工作日", verdict="守时", kept=True),),
        )
        for place in range(3)
    )
    return FollowUpRecordView(
        stamp=Stamp(
            file_number=f"A-26-01-{number:05d}",
            record_number=f"FR-26-01-{number:05d}",
            issue=1,
            issued_at=issued,
            case_manager="陈静",
            masked=True,
        ),
        imprint=imprint_of(load_current_pack()),
        period_from=begun.date(),
        period_to=issued.date(),
        party=Party(
            name=f"{_SURNAMES[number % len(_SURNAMES)]}*兰",
            sex="女",
            age=str(30 + number % 40),
            identity_number="320***********1234",
            phone="138****6620",
        ),
        policy=PolicyState(
            number="LA20****0312",
            status="有效",
            policy_year="第 3 保单年度",
            effective_on=date(2024, 3, 1),
            covered_until_on=date(2034, 3, 1),
        ),
        diseases=("疑似 急性心肌梗死（重症）",),
        authorization="2026-08-11 已授权",
        entitlements=(Entitlement(service="门诊协调", uses_left=2, uses_granted=3),),
        services=services,
        follow_ups=follow_ups,
        open_tasks=("10-08 上午 门诊就诊前一日提醒；就诊后第 3 天随访；就诊材料补录。",),
    )
