"""The invented papers of a demonstration: what each kind of material says, before it is drawn.

A :class:`Paper` is plain data; ``artwork.py`` draws it as PDF, scan or photograph. ``truth`` holds every fact that
stands on the paper, so that text recognition can be measured against it later.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, cast

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.vocabulary import MaterialKind

#: Stands at the foot of every invented paper: it may look real, it must not be taken for real.
DEMO_MARK = "演示材料，内容均为虚构"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and what a paper is about; words as they are printed."""

    name: str
    sex: str
    age: int
    identity_number: str
    phone: str
    hospital: str
    department: str
    doctor: str
    doctor_title: str
    disease: str
    disease_group: str
    dated_on: date
    is_suspected: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its text."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: head, relative widths, rows."""

    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One page of a material."""

    kind: MaterialKind
    issuer: str
    title: str
    fields: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    grid: Grid | None
    signatures: tuple[tuple[str, str], ...]
    has_stamp: bool
    truth: Mapping[str, str] = field(default_factory=dict)


@cache
def clinical_words() -> Mapping[str, Any]:
    """Return the words of the papers by disease group (resources/demo/papers.toml)."""
    with resource_path("demo", "papers.toml").open("rb") as stream:
        return tomllib.load(stream)


def group_words(group: str) -> Mapping[str, Any]:
    """Return the words of one disease group."""
    return cast("Mapping[str, Any]", clinical_words()["group"][group])


def chinese_date(day: date) -> str:
    """Return the date as hospitals print it."""
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def compose(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    """Return the paper of ``kind`` for ``subject``; ``rng`` chooses numbers and turns of phrase."""
    return _COMPOSERS[kind](kind, subject, rng)


def paper_kinds() -> tuple[MaterialKind, ...]:
    """Return every kind that can be composed."""
    return tuple(_COMPOSERS)


def _diagnosis(subject: Subject) -> str:
    return subject.disease + ("待排" if subject.is_suspected else "")


def _person_fields(subject: Subject, rng: Random, number_label: str, prefix: str) -> tuple[tuple[str, str], ...]:
    return (
        ("姓名", subject.name),
        ("性别", subject.sex),
        ("年龄", f"{subject.age}岁"),
        ("科室", subject.department),
        (number_label, f"{prefix}{rng.randrange(10**7):07d}"),
        ("日期", chinese_date(subject.dated_on)),
    )


def _truth(subject: Subject, paper_fields: tuple[tuple[str, str], ...], **more: str) -> dict[str, str]:
    known = {
        "name": subject.name,
        "sex": subject.sex,
        "age": str(subject.age),
        "dated_on": subject.dated_on.isoformat(),
        "hospital": subject.hospital,
        "department": subject.department,
        "doctor": subject.doctor,
    }
    return known | {f"field:{label}": value for label, value in paper_fields} | more


def _medical(
    kind: MaterialKind,
    subject: Subject,
    title: str,
    fields: tuple[tuple[str, str], ...],
    sections: tuple[Section, ...],
    grid: Grid | None = None,
) -> Paper:
    truth = _truth(subject, fields, **{f"section:{part.heading}": part.text for part in sections})
    if grid is not None:
        truth |= {f"row:{row[1]}": "|".join(row) for row in grid.rows}
    signatures = (("医师", f"{subject.doctor}（{subject.doctor_title}）"), ("日期", chinese_date(subject.dated_on)))
    return Paper(kind, subject.hospital, title, fields, sections, grid, signatures, has_stamp=True, truth=truth)


def _outpatient(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    words = group_words(subject.disease_group)
    history = clinical_words()["history"]
    fields = _person_fields(subject, rng, "门诊号", "MZ")
    sections = (
        Section("主诉", words["complaint"]),
        Section("现病史", words["present_history"]),
        Section(
            "既往史",
            f"{rng.choice(history['conditions'])}。过敏史：{rng.choice(['否认药物过敏史', *history['allergies']])}。",
        ),
        Section("体格检查", words["signs"]),
        Section("初步诊断", _diagnosis(subject)),
        Section("处理意见", words["plan"]),
    )
    return _medical(kind, subject, "门诊病历", fields, sections)


def _blood(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    rows: list[tuple[str, ...]] = []
    for line in clinical_words()["blood"]["common"]:
        name, low, high, unit, decimals = line.split("|")
        low_value, high_value = float(low), float(high)
        span = high_value - low_value
        value = rng.uniform(low_value - 0.18 * span, high_value + 0.22 * span)
        mark = "↑" if value > high_value else "↓" if value < low_value else ""
        rows.append((str(len(rows) + 1), name, f"{max(value, 0.1):.{decimals}f}", mark, f"{low}-{high}", unit))
    for line in group_words(subject.disease_group)["markers"]:
        name, value_text, reference, unit = line.split("|")
        rows.append((str(len(rows) + 1), name, value_text, _flag(value_text, reference), reference, unit))
    fields = (*_person_fields(subject, rng, "样本号", "YB"), ("标本类型", "静脉血"), ("临床诊断", _diagnosis(subject)))
    grid = Grid(("序号", "检验项目", "结果", "提示", "参考区间", "单位"), (0.7, 3.4, 1.2, 0.7, 1.6, 1.2), tuple(rows))
    sections = (Section("备注", "本报告仅对送检标本负责，如有疑问请于7日内咨询检验科。"),)
    return _medical(kind, subject, "检验报告单", fields, sections, grid)


def _flag(value: str, reference: str) -> str:
    """Return ↑ or ↓ for a value outside its reference interval; words such as 阴性 get none."""
    low, dash, high = reference.partition("-")
    if not dash:
        return ""
    number = float(value)
    return "↑" if number > float(high) else "↓" if number < float(low) else ""


def _imaging(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    words = group_words(subject.disease_group)
    fields = (
        *_person_fields(subject, rng, "检查号", "JC"),
        ("检查项目", words["imaging"]),
        ("临床诊断", _diagnosis(subject)),
    )
    sections = (Section("检查所见", words["imaging_findings"]), Section("检查结论", words["imaging_conclusion"]))
    return _medical(kind, subject, "影像检查报告单", fields, sections)


def _pathology(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    words = group_words(subject.disease_group)
    fields = (
        *_person_fields(subject, rng, "病理号", "BL"),
        ("送检材料", words["specimen"]),
        ("临床诊断", _diagnosis(subject)),
    )
    sections = (Section("镜下所见", words["pathology_findings"]), Section("病理诊断", words["pathology_conclusion"]))
    return _medical(kind, subject, "病理检验报告", fields, sections)


def _discharge(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    words = group_words(subject.disease_group)
    admitted_on = subject.dated_on - timedelta(days=rng.randint(5, 18))
    fields = (*_person_fields(subject, rng, "住院号", "ZY"), ("入院日期", chinese_date(admitted_on)))
    sections = (
        Section("入院情况", words["present_history"]),
        Section("出院诊断", _diagnosis(subject)),
        Section("诊疗经过", words["course"]),
        Section("手术名称", words["operation"]),
        Section("出院医嘱", "注意休息，均衡饮食；按时服药；出院后1周、1月专科门诊复诊；如有不适及时就诊。"),
    )
    return _medical(kind, subject, "出院小结", fields, sections)


def _certificate(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
    fields = _person_fields(subject, rng, "病案号", "BA")
    sections = (
        Section("诊断", _diagnosis(subject)),
        Section(
            "意见", f"建议{rng.choice(('休息两周', '住院进一步治疗', '专科门诊随诊', '择期手术治疗'))}，病情变化随诊。"
        ),
        Section("说明", "本证明须加盖诊断证明专用章后有效。"),
    )
    return _medical(kind, subject, "诊断证明书", fields, sections)


def _notice(title: str, label: str, item: Callable[[Mapping[str, Any]], str], advice: str) -> "_Composer":
    def compose_notice(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
        fields = (
            *_person_fields(subject, rng, "登记号", "DJ"),
            ("开单医师", f"{subject.doctor} {subject.doctor_title}"),
        )
        sections = (
            Section("诊断", _diagnosis(subject)),
            Section(label, item(group_words(subject.disease_group))),
            Section("注意事项", advice),
        )
        return _medical(kind, subject, title, fields, sections)

    return compose_notice


def _statement(title: str, issuer: str, lines: tuple[tuple[str, str], ...]) -> "_Composer":
    """A paper without medical content: authorization, confirmation, proof."""

    def compose_statement(kind: MaterialKind, subject: Subject, rng: Random) -> Paper:
        fields = (
            ("姓名", subject.name),
            ("性别", subject.sex),
            ("年龄", f"{subject.age}岁"),
            ("证件号码", subject.identity_number),
            ("联系电话", subject.phone),
            ("编号", f"QR{rng.randrange(10**8):08d}"),
        )
        sections = tuple(Section(heading, text) for heading, text in lines)
        truth = _truth(subject, fields, **{f"section:{part.heading}": part.text for part in sections})
        signatures = (("签名", subject.name), ("日期", chinese_date(subject.dated_on)))
        return Paper(kind, issuer, title, fields, sections, None, signatures, has_stamp=False, truth=truth)

    return compose_statement


_Composer = Callable[[MaterialKind, Subject, Random], Paper]
_PROVIDER = "就医服务"
_COMPOSERS: dict[MaterialKind, _Composer] = {
    MaterialKind.OUTPATIENT_RECORD: _outpatient,
    MaterialKind.DIAGNOSIS_CERTIFICATE: _certificate,
    MaterialKind.BLOOD_TEST_REPORT: _blood,
    MaterialKind.EXAMINATION_REPORT: _imaging,
    MaterialKind.PATHOLOGY_REPORT: _pathology,
    MaterialKind.DISCHARGE_SUMMARY: _discharge,
    MaterialKind.ADMISSION_NOTICE: _notice(
        "住院通知单",
        "入院目的",
        lambda words: f"入{words['department']}病房，拟行{words['operation']}",
        "请携带身份证、医保卡及既往病历资料，于通知时间到住院处办理入院手续；入院前如有发热请提前告知。",
    ),
    MaterialKind.SURGERY_NOTICE: _notice(
        "手术通知单",
        "拟行手术",
        lambda words: str(words["operation"]),
        "术前一日22时后禁食、0时后禁水；术前停药事项以主管医师医嘱为准。",
    ),
    MaterialKind.EXAMINATION_NOTICE: _notice(
        "检查申请单",
        "申请项目",
        lambda words: str(words["examination"]),
        "请按预约时间提前30分钟到检查科室报到；检查前准备以申请单背面说明为准。",
    ),
    MaterialKind.AUTHORIZATION_FORM: _statement(
        "信息授权书",
        _PROVIDER,
        (
            (
                "授权内容",
                "本人授权服务方在提供就医服务的必要范围内，收集、使用本人的个人信息、病史及医疗材料，并向提供服务的医疗机构披露。",
            ),
            ("声明", "本人所提供的资料真实、准确、完整、及时；如有变化，将及时告知。"),
            ("撤回", "本人可随时撤回本授权；撤回前已完成的服务不受影响。"),
        ),
    ),
    MaterialKind.CONFIRMATION: _statement(
        "服务开启确认书",
        _PROVIDER,
        (
            ("确认事项", "本人确认开启本次就医协调服务，知悉确认开启服务即扣除一次权益。"),
            ("告知", "预约成功后不可改约或取消；因自身原因取消或未能按时就诊的，视为该次服务已完成。"),
        ),
    ),
    MaterialKind.GUARDIANSHIP_PROOF: _statement(
        "监护关系声明",
        _PROVIDER,
        (("声明", "声明人系上述被保险人的法定监护人，代为办理信息授权与服务开启，并对提供的资料负责。"),),
    ),
    MaterialKind.IDENTITY_DOCUMENT: _statement(
        "身份信息核对页", _PROVIDER, (("用途", "仅用于本次就医服务的身份核对，不作他用。"),)
    ),
}
