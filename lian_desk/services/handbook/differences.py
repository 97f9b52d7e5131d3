"""What two editions of the handbook say differently: clause by clause, then every number, name and list (R81, R84)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.services.words.wording import phrase, worded_vocabularies

#: Said elsewhere: the clauses come first; the file's own marks, its examples and the ids behind values are no rule.
_NOT_COMPARED: Final = frozenset({"clauses", "checksum", "vectors", "edition"})

FIELD_WORDS: Final[Mapping[str, str]] = {
    "title": "手册名称",
    "label": "版本名称",
    "effective_on": "生效日",
    "insurer": "保险公司",
    "provider": "服务商",
    "product": "产品",
    "name": "名称",
    "short_name": "简称",
    "hotline": "热线",
    "code": "代码",
    "clause": "条款",
    "service_hours": "服务时间",
    "opens": "开始",
    "closes": "结束",
    "thresholds": "时间与数量",
    "covered_policy_years": "保障的保单年度",
    "adult_age": "成年年龄",
    "response_minutes": "响应时效（分钟）",
    "snapshot_days": "保单状态有效天数",
    "term_warning_days": "期满前提醒天数",
    "stale_working_days": "无进展提醒（工作日）",
    "reminder_working_days": "就诊前提醒（工作日）",
    "attendance_unknown_working_days": "追问到院情况（工作日）",
    "in_stay_working_days": "住院期间记录间隔（工作日）",
    "call_attempts": "联系尝试次数",
    "call_attempt_hours": "两次联系间隔（小时）",
    "services": "服务",
    "kind": "种类",
    "uses": "次数",
    "feedback_hours": "反馈时效（小时）",
    "feedback_business_days": "反馈时效（工作日）",
    "booking_from_days": "预约最早承诺（工作日）",
    "booking_days": "预约时限（工作日）",
    "renowned_days": "知名专家预约时限（工作日）",
    "notice": "通知单",
    "issuer": "开具方",
    "campus_clause": "院区条款",
    "excluded_departments": "不支持的科室",
    "titles": "职称",
    "examinations": "检查范围",
    "needs_outpatient_order": "须有门诊检查单",
    "has_stay": "有住院阶段",
    "attendance": "到院方式",
    "checklist": "材料清单",
    "is_required": "必备",
    "certainty": "适用诊断",
    "follow_ups": "随访计划",
    "offset": "天数",
    "unit": "计日方式",
    "start_warning": "开启前须读条款",
    "scope": "范围",
    "provinces": "省份",
    "named_cities": "点名城市",
    "standings": "所辖地的种类",
    "levels": "医院等级",
    "specialties": "专科",
    "level_names": "等级名称",
    "renowned": "知名专家头衔",
    "honours": "头衔名称",
    "further_renowned": "另列头衔",
    "coded_examinations": "检查单注明即可的种类",
    "department_families": "科室类别",
    "lead_may_allow": "主管可准许",
    "lead_clause": "准许的依据",
    "shows_emergency_script": "提示急救",
    "pauses": "暂停",
    "reason": "原因",
    "stops": "停计的时钟",
    "warnings": "提醒",
    "clock": "时钟",
    "notice_minutes": "临近提醒（分钟）",
    "urgent_minutes": "紧急提醒（分钟）",
    "texts": "固定文字",
    "notices": "须显示的声明",
    "truth_declaration": "真实声明",
    "authorization": "授权书",
    "incomplete_information": "信息不全的告知",
    "emergency_script": "急救提示",
    "fees": "费用告知",
    "record_footer": "页脚声明",
    "red_flag_words": "危急用语",
    "claim_words": "理赔用语",
    "diagnosis_words": "诊疗用语",
}
"""What each field of a pack is called on screen."""

#: Words that only a pack uses: who issues a notice, how days are counted, what kind of place a city is.
PACK_WORDS: Final[Mapping[str, str]] = {
    "hospital": "医院",
    "doctor": "医生",
    "working": "工作日",
    "calendar": "自然日",
    "municipality": "直辖市",
    "capital": "省会",
    "city": "地级市",
    "county_level_city": "县级市",
    "autonomous_prefecture": "自治州",
    "province_administered": "省直管市",
}


class ChangeKind(StrEnum):
    """What became of a clause or a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EditionChange:
    """One difference: a clause's words, or a value with the clause it stands on (empty where none is named)."""

    clause: str
    what: str
    """Place of the clause, or what the value says, in Chinese."""
    kind: ChangeKind
    old: str
    new: str


def compare_packs(old: RulePack, new: RulePack) -> tuple[EditionChange, ...]:
    """Return every difference of words and values between two editions, the clauses first, in the handbook's order."""
    changes: list[EditionChange] = []
    for key in (*old.clauses, *(key for key in new.clauses if key not in old.clauses)):
        before, after = old.clauses.get(key), new.clauses.get(key)
        words = (before.text if before else "", after.text if after else "")
        changes.extend(_difference(key, (after or old.clauses[key]).place, *words))
    before_values, after_values = dict(_values(old)), dict(_values(new))
    for place in dict.fromkeys((*before_values, *after_values)):
        changes.extend(_difference(place[0], place[1], before_values.get(place, ""), after_values.get(place, "")))
    return tuple(changes)


def _difference(clause: str, what: str, old: str, new: str) -> Iterator[EditionChange]:
    if old == new:
        return
    kind = ChangeKind.CHANGED if old and new else ChangeKind.ADDED if new else ChangeKind.REMOVED
    yield EditionChange(clause, what, kind, old, new)


def _values(pack: RulePack) -> Iterator[tuple[tuple[str, str], str]]:
    for field in fields(pack):
        if field.name not in _NOT_COMPARED:
            # 门诊协调 says by itself that it is a service
            path = "" if field.name == "services" else FIELD_WORDS[field.name]
            yield from _walk(getattr(pack, field.name), path, "")


def _walk(value: object, path: str, clause: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield clause and path with the words of each value beneath ``value``; lists of plain words stay together."""
    if is_dataclass(value) and not isinstance(value, type):
        cited = getattr(value, "clauses", {})
        own = str(getattr(value, "clause", "") or clause)
        for field in fields(value):
            if field.name not in _NOT_COMPARED:
                deeper = f"{path} · {FIELD_WORDS[field.name]}"
                yield from _walk(getattr(value, field.name), deeper, cited.get(field.name, own))
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _walk(held, f"{path} · {_shown(key)}" if path else _shown(key), clause)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for number, held in enumerate(value, start=1):
            yield from _walk(held, f"{path} {number}", clause)
    else:
        yield (clause, path), _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return phrase(value) if type(value) in worded_vocabularies() else PACK_WORDS[value.value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset | tuple):
        words = [_shown(each) for each in value]
        return "、".join(words if isinstance(value, tuple) else sorted(words))
    return "" if value is None else str(value)
