"""Layouts that the rules of reading were made with; to add one: a function that writes the head, a line in the table."""

from datetime import date
from random import Random
from typing import Final

from lian_desk.benchmarks.hospital_forms.form import Form, foot, heads
from lian_desk.benchmarks.hospital_forms.sheet import RIGHT, FormFacts, Sheet
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.page_layout import MARGIN

K = MaterialKind

TITLES: Final = {
    K.BLOOD_TEST_REPORT: ("检验报告单", "血常规检验报告单", "临床检验结果报告单"),
    K.EXAMINATION_REPORT: ("CT检查报告单", "彩色超声检查报告单", "磁共振检查诊断报告"),
    K.PATHOLOGY_REPORT: ("病理检查报告单", "病理诊断报告书"),
    K.OUTPATIENT_RECORD: ("门诊病历", "门（急）诊病历"),
    K.DISCHARGE_SUMMARY: ("出院小结", "出院记录"),
    K.DIAGNOSIS_CERTIFICATE: ("诊断证明书", "疾病诊断证明书"),
    K.ADMISSION_NOTICE: ("住院通知单", "入院通知书"),
    K.SURGERY_NOTICE: ("手术通知单",),
    K.EXAMINATION_NOTICE: ("检查申请单", "检查预约单"),
}


def _iso(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _clocked(day: date) -> str:
    return f"{day:%Y-%m-%d} 11:08"


def _short(day: date) -> str:
    return f"{day:%y-%m-%d} 11:28"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _spaced_no_colon(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"姓    名 {f.name}", f"性别 {f.sex}", f"年龄 {f.age}岁"))
    sheet.down()
    sheet.spread((f"科 室：{f.department}", f"送检医生：{f.doctor}", "样本类型：血液"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _glued(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"姓名{f.name}", f"性别{f.sex}", f"年龄{f.age}岁"))
    sheet.down()
    sheet.spread((f"科室{f.department}", f"申请医生{f.doctor}", f"住院号{f.inpatient_number}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _glued_in_one(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"姓名{f.name}性别{f.sex}年龄{f.age}岁科别{f.department}床号{f.bed}")
    sheet.rule()
    sheet.say("name", "department")


def _no_label(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"{f.name} {f.sex} {f.age}岁", f"住院号：{f.inpatient_number}  床号：{f.bed}"))
    sheet.down()
    sheet.spread((f"科 室：{f.department}", f"申请医生：{f.doctor}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _no_label_apart(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f.name, f.sex, f"{f.age}岁", f.department))
    sheet.rule()
    sheet.say("name")


def _slashes(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"{f.name}/{f.sex}/{f.age}岁/{f.department}/{f.bed}床")
    sheet.rule()
    sheet.say("name")


def _bilingual(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"姓名/Name：{f.name}", f"性别/Sex：{f.sex}", f"年龄/Age：{f.age}"))
    sheet.down()
    sheet.spread((f"科室/Dept.：{f.department}", f"医生/Doctor：{f.doctor}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _sentence(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.paragraph(
        f"　　兹证明患者{f.name}，{f.sex}，{f.age}岁，因“{f.complaint}”于我院{f.department}就诊。", 12, step=22
    )
    sheet.say("name")


def _patient_sentence(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.paragraph(f"患者{f.name}，{f.sex}性，{f.age}岁，因{f.complaint}入院，经治疗好转出院。", 11)
    sheet.down(5)
    sheet.say("name")


def _number_then_name(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"门诊号 {f.visit_number}", f.name, f"{f.sex} {f.age}岁"))
    sheet.down()
    sheet.spread((f"科 室：{f.department}", f"送检医生：{f.doctor}", "样本类型：血液"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _table_head(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread(("姓名", "性别", "年龄", "科室", "床号", "住院号"))
    sheet.down(17)
    sheet.spread((f.name, f.sex, f"{f.age}岁", f.department, f.bed, f.inpatient_number))
    sheet.rule()
    sheet.say("name", "department")


def _name_alone(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(22)
    sheet.put(MARGIN, f.name, 12, bold=True)
    sheet.down(17)
    sheet.put(MARGIN, f.sex)
    sheet.put(MARGIN + 60, f"{f.age}岁")
    sheet.down()
    sheet.spread((f"科 室：{f.department}", f"送检医生：{f.doctor}", "样本类型：血液"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _name_above_label(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    for place, value in enumerate((f.name, f.sex, f"{f.age}岁", f.department)):
        sheet.put(MARGIN + place * 120 + 4, value)
    sheet.rule(gap=4)
    sheet.down(13)
    for place, word in enumerate(("患者姓名", "性别", "年龄", "就诊科室")):
        sheet.put(MARGIN + place * 120 + 4, word, 8, faint=True)
    sheet.down(6)
    sheet.say("name", "department")


def _plain(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"姓名：{f.name}", f"性别：{f.sex}", f"年龄：{f.age}岁", f"科室：{f.department}"))
    sheet.down()
    sheet.spread((f"门诊号：{f.visit_number}", f"申请医生：{f.doctor}", f"采样时间：{f.taken_on:%Y-%m-%d}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _with_birth(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"患者：{f.name}", f"性别：{f.sex}", f"出生日期：{f.born_on:%Y-%m-%d}"))
    sheet.down()
    sheet.spread((f"身份证号：{f.identity_number}", f"就诊科室：{f.department}"))
    sheet.rule()
    sheet.say("name", "department", "identity_number")


def _screenshot(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    for label, value in (("就诊人", f.name), ("科室", f.department), ("医生", f.doctor), ("就诊卡号", f.visit_number)):
        sheet.down(22)
        sheet.put(MARGIN, label, 11, faint=True)
        sheet.put_right(RIGHT, value, 11)
    sheet.rule(gap=9)
    sheet.say("name", "department", "doctor")


def _boxed(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.cells(
        (
            ("姓名", f.name, "性别", f.sex),
            ("年龄", f"{f.age}岁", "科室", f.department),
            ("家属", f.contact, "电话", f.phone),
        ),
        (60, 150, 60, 150),
    )
    sheet.say("name", "department")


def _nobody(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    """A page without a patient's name."""
    sheet.down(24)
    sheet.spread((f"申请科室：{f.department}", f"住院号：{f.inpatient_number}"))
    sheet.rule()
    sheet.say("department")


_LAB = (K.BLOOD_TEST_REPORT,)
_REPORTS = (K.BLOOD_TEST_REPORT, K.EXAMINATION_REPORT, K.PATHOLOGY_REPORT)

TUNED_FORMS: Final[tuple[Form, ...]] = (
    Form(
        "spaced, no colon",
        _REPORTS,
        heads(_spaced_no_colon),
        foot("审核者：", "报告时间：", _clocked, printed="打印时间："),
    ),
    Form("glued", _REPORTS, heads(_glued), foot("检验者：", "报告时间：", _short, printed="打印时间：")),
    Form(
        "glued in one",
        (K.DISCHARGE_SUMMARY, K.SURGERY_NOTICE),
        heads(_glued_in_one),
        foot("主治医师：", "日期：", _chinese, signer="doctor"),
    ),
    Form("no label", _LAB, heads(_no_label), foot("审核者：", "报告日期：", _iso, printed="打印时间：")),
    Form(
        "no label, apart",
        (K.OUTPATIENT_RECORD, K.EXAMINATION_NOTICE),
        heads(_no_label_apart),
        foot("医师签名：", "日期：", _chinese, signer="doctor"),
    ),
    Form("slashes", (K.SURGERY_NOTICE, K.ADMISSION_NOTICE), heads(_slashes), foot("", "通知日期：", _clocked)),
    Form("bilingual", _REPORTS, heads(_bilingual), foot("审核者：", "报告时间：", _clocked, printed="打印时间：")),
    Form(
        "sentence",
        (K.DIAGNOSIS_CERTIFICATE,),
        heads(_sentence),
        foot("医师签名：", "日期：", _chinese, signer="doctor"),
    ),
    Form(
        "sentence of a summary",
        (K.DISCHARGE_SUMMARY,),
        heads(_patient_sentence),
        foot("医师签名：", "出院日期：", _iso, signer="doctor"),
    ),
    Form("number, then name", _REPORTS, heads(_number_then_name), foot("审核者：", "报告时间：", _short)),
    Form(
        "table head",
        (K.BLOOD_TEST_REPORT, K.DISCHARGE_SUMMARY),
        heads(_table_head),
        foot("", "报告时间：", _clocked, printed="打印日期："),
    ),
    Form("name alone", _LAB, heads(_name_alone), foot("审核者：", "报告时间：", _clocked)),
    Form(
        "name above its label",
        (K.OUTPATIENT_RECORD, K.ADMISSION_NOTICE),
        heads(_name_above_label),
        foot("医生：", "日期：", _chinese, signer="doctor"),
    ),
    Form("plain", (K.OUTPATIENT_RECORD, K.EXAMINATION_REPORT), heads(_plain), foot("", "就诊日期：", _iso)),
    Form(
        "with birth",
        (K.EXAMINATION_REPORT, K.EXAMINATION_NOTICE),
        heads(_with_birth),
        foot("报告医师：", "报告日期：", _clocked, signer="doctor"),
    ),
    Form(
        "screenshot", (K.OUTPATIENT_RECORD, K.EXAMINATION_NOTICE), heads(_screenshot), foot("", "开单时间：", _clocked)
    ),
    Form(
        "boxed",
        (K.ADMISSION_NOTICE, K.SURGERY_NOTICE),
        heads(_boxed),
        foot("开单医师：", "开单日期：", _iso, signer="doctor"),
    ),
    Form("nobody", (K.PATHOLOGY_REPORT, K.BLOOD_TEST_REPORT), heads(_nobody), foot("审核医师：", "报告日期：", _iso)),
)
