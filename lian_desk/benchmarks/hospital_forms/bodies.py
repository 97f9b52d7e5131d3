"""What stands between head and foot of a form, by its kind; the same for both halves but for the turns of phrase."""

from collections.abc import Callable
from random import Random
from typing import Final

from lian_desk.benchmarks.hospital_forms.sheet import FormFacts, Sheet
from lian_desk.models.vocabulary import MaterialKind

K = MaterialKind
_LABS: Final = (
    ("白细胞计数", "WBC", "3.5~9.5", "10^9/L", 3.0, 11.0),
    ("红细胞计数", "RBC", "3.8~5.1", "10^12/L", 3.4, 5.4),
    ("血红蛋白", "HGB", "115~150", "g/L", 90, 160),
    ("血小板计数", "PLT", "125~350", "10^9/L", 100, 400),
    ("中性粒细胞百分比", "NEUT%", "40~75", "%", 35, 80),
    ("淋巴细胞百分比", "LYM%", "20~50", "%", 15, 55),
    ("丙氨酸氨基转移酶", "ALT", "7~40", "U/L", 8, 90),
    ("肌酐", "CREA", "41~73", "umol/L", 40, 120),
    ("癌胚抗原", "CEA", "0~5.0", "ng/mL", 0.5, 9.0),
    ("糖类抗原125", "CA125", "0~35", "U/mL", 4, 60),
)
_MARKS: Final = {True: "↑", False: ""}


def draw_body(sheet: Sheet, facts: FormFacts, rng: Random) -> None:
    """Write the body of the kind of ``facts``."""
    _BODIES[facts.kind](sheet, facts, rng)


def _labs(sheet: Sheet, _facts: FormFacts, rng: Random) -> None:
    rows = rng.sample(_LABS, k=rng.randint(6, 9))
    has_numbers = rng.random() < 0.6
    head = (
        ("序号", "检验项目", "结果", "提示", "参考区间", "单位")
        if has_numbers
        else ("项目名称", "缩写", "结果", "单位", "参考值", "")
    )
    widths = (34.0, 150.0, 70.0, 40.0, 110.0, 80.0)
    sheet.down(20)
    left = 52.0
    for text, width in zip(head, widths, strict=True):
        sheet.put(left, text, 10, bold=True)
        left += width
    sheet.rule(gap=5)
    for order, (name, short, reference, unit, least, most) in enumerate(rows, start=1):
        value = round(rng.uniform(least, most), 2)
        high = _MARKS[value > float(reference.split("~")[1])]
        row = (
            (str(order), name, f"{value}", high, reference, unit)
            if has_numbers
            else (name, short, f"{value}{high}", unit, reference, "")
        )
        sheet.down(17)
        left = 52.0
        for text, width in zip(row, widths, strict=True):
            sheet.put(left, text, 9.5)
            left += width + (70 if not has_numbers and width == widths[0] else 0)
    sheet.rule(gap=7)


def _sections(*parts: tuple[str, str]) -> Callable[[Sheet, FormFacts, Random], None]:
    def draw(sheet: Sheet, facts: FormFacts, rng: Random) -> None:
        mark = rng.choice(("：", ":", ""))
        inline = bool(mark) and rng.random() < 0.5
        for heading, text in parts:
            words = text.format(diagnosis=facts.diagnosis, complaint=facts.complaint)
            if inline:
                sheet.paragraph(f"{heading}{mark}{words}")
            else:
                sheet.down(21)
                sheet.put(52, heading + mark if mark else f"【{heading}】", 11, bold=True)
                sheet.paragraph(words, 10.5, indent=16)
            sheet.down(3)

    return draw


_BODIES: Final[dict[MaterialKind, Callable[[Sheet, FormFacts, Random], None]]] = {
    K.BLOOD_TEST_REPORT: _labs,
    K.EXAMINATION_REPORT: _sections(
        ("检查所见", "扫描范围内未见明确异常密度影，局部结构清晰，边界光整，周围脂肪间隙存在，未见肿大淋巴结。"),
        ("检查结论", "{diagnosis}，请结合临床，建议定期复查。"),
    ),
    K.PATHOLOGY_REPORT: _sections(
        ("肉眼所见", "灰白灰黄不整形组织一堆，大小约1.5×1.2×0.4厘米，切面灰白，质中。"),
        ("镜下所见", "送检组织内见少量增生的腺体，间质纤维组织增生伴慢性炎细胞浸润。"),
        ("病理诊断", "{diagnosis}，建议结合免疫组化结果。"),
    ),
    K.OUTPATIENT_RECORD: _sections(
        ("主诉", "{complaint}。"),
        ("现病史", "患者{complaint}，无发热，无明显体重下降，饮食睡眠可，二便正常。"),
        ("初步诊断", "{diagnosis}"),
        ("处理意见", "完善相关检查，门诊随访，不适随诊。"),
    ),
    K.DISCHARGE_SUMMARY: _sections(
        ("入院情况", "因“{complaint}”入院，查体：生命体征平稳，心肺听诊未见异常。"),
        ("诊疗经过", "入院后完善检查，予对症支持治疗，病情好转。"),
        ("出院诊断", "{diagnosis}"),
        ("出院医嘱", "注意休息，按时服药，两周后门诊复查。"),
    ),
    K.DIAGNOSIS_CERTIFICATE: _sections(
        ("诊断", "{diagnosis}"),
        ("建议", "休息两周，门诊随诊。特此证明。"),
    ),
    K.ADMISSION_NOTICE: _sections(
        ("入院诊断", "{diagnosis}"),
        ("入院须知", "请携带身份证及本通知到住院处办理入院手续，床位紧张时以电话通知为准。"),
    ),
    K.SURGERY_NOTICE: _sections(
        ("术前诊断", "{diagnosis}"),
        ("拟行手术", "腹腔镜下病灶切除术；麻醉方式：全身麻醉。术前禁食8小时、禁水4小时。"),
    ),
    K.EXAMINATION_NOTICE: _sections(
        ("申请项目", "胸部平扫加增强。临床诊断：{diagnosis}"),
        ("检查前准备", "请提前十五分钟到检查科室报到，去除金属物品。"),
    ),
}
