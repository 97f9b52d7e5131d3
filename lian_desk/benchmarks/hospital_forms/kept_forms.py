"""Layouts that are kept apart for measuring: nobody looks at them when a rule of reading is changed.

To add one: a function that writes the head, and a line in ``KEPT_FORMS``.
"""

from datetime import date
from random import Random
from typing import Final

from lian_desk.benchmarks.hospital_forms.form import Form, foot, heads
from lian_desk.benchmarks.hospital_forms.sheet import RIGHT, FormFacts, Sheet
from lian_desk.models.vocabulary import MaterialKind
from lian_desk.services.demo.pages.page_layout import MARGIN

K = MaterialKind
_LETTERS: Final = {"男": "M", "女": "F"}
_DIGITS: Final = "〇一二三四五六七八九"

TITLES: Final = {
    K.BLOOD_TEST_REPORT: ("全血细胞分析报告单", "生化全套检验报告", "检验医学中心报告单", "肿瘤标志物检测报告单"),
    K.EXAMINATION_REPORT: (
        "数字化X线摄影(DR)诊断报告",
        "多层螺旋CT检查报告单",
        "超声医学科检查报告",
        "磁共振成像(MRI)诊断报告书",
    ),
    K.PATHOLOGY_REPORT: ("病理科诊断报告书", "石蜡切片病理诊断报告", "活体组织病理检查报告单"),
    K.OUTPATIENT_RECORD: ("门诊病历首页", "专科门诊病历", "门诊复诊病历记录"),
    K.DISCHARGE_SUMMARY: ("出院记录单", "患者出院小结", "住院患者出院诊疗小结"),
    K.DIAGNOSIS_CERTIFICATE: ("病情诊断证明书", "门诊疾病诊断证明", "医疗证明书"),
    K.ADMISSION_NOTICE: ("入院通知", "住院预约通知单", "住院证"),
    K.SURGERY_NOTICE: ("手术安排通知单", "住院手术通知书"),
    K.EXAMINATION_NOTICE: ("放射检查申请单", "CT检查预约单", "影像检查预约通知单"),
}


def _slashed(day: date) -> str:
    return f"{day.year % 100:02d}/{day.month:02d}/{day.day:02d}"


def _dotted(day: date) -> str:
    return f"{day.year % 100:02d}.{day.month:02d}.{day.day:02d}"


def _wide(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _words(day: date) -> str:
    year = "".join(_DIGITS[int(char)] for char in str(day.year))
    return f"{year}年{_number(day.month)}月{_number(day.day)}日"


def _number(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _solid(day: date) -> str:
    return f"{day:%Y%m%d} 09:41"


def _clocked(day: date) -> str:
    return f"{day:%Y-%m-%d} 15:07:22"


# ------------------------------------------------------------------------------------------------------------- heads


def _english_first(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(26)
    sheet.spread((f"Name 姓名: {f.name}", f"Gender 性别: {f.sex}", f"Age 年龄: {f.age}岁"))
    sheet.down()
    sheet.spread((f"Dept. 科室: {f.department}", f"ID No. 病历号: {f.visit_number}", f"Physician 申请医生: {f.doctor}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _bracketed(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"【姓名】{f.name}", f"【性别】{f.sex}", f"【年龄】{f.age}岁"))
    sheet.down()
    sheet.spread((f"【门诊号】{f.visit_number}", f"【科别】{f.department}", f"【医生】{f.doctor}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _framed_spaced(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(10)
    sheet.cells(
        (
            ("姓  名", f.name, "性  别", f.sex, "年  龄", f"{f.age}岁"),
            ("科  室", f.department, "住院号", f.inpatient_number, "床  号", f.bed),
        ),
        (60, 100, 60, 90, 60, 60),
    )
    sheet.say("name", "department")


def _ladder(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.cells(
        (
            ("患者姓名", f.name),
            ("性别 / 年龄", f"{f.sex} / {f.age}岁"),
            ("就诊科室", f.department),
            ("就诊卡号", f.visit_number),
            ("接诊医生", f.doctor),
        ),
        (110, 320),
        height=19,
    )
    sheet.say("name", "department", "doctor")


def _gridded(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.cells(
        (
            ("就诊卡号", "姓名", "性别", "年龄", "科别", "病区", "床号"),
            (f.visit_number, f.name, f.sex, f"{f.age}岁", f.department, "三病区", f.bed),
        ),
        (90, 70, 40, 50, 90, 60, 50),
    )
    sheet.say("name", "department")


def _name_with_brackets(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(26)
    sheet.put(MARGIN, f"{f.name}（{f.sex}，{f.age}岁）", 13, bold=True)
    sheet.put_right(RIGHT, f"病历号 {f.visit_number}")
    sheet.down()
    sheet.put(MARGIN, f"{f.department}　{f.doctor} 医师")
    sheet.rule()
    sheet.say("name")


def _letters_for_sex(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"{f.name}    {_LETTERS[f.sex]}    {f.age}Y", f"MRN {f.visit_number}"))
    sheet.down()
    sheet.spread((f"申请科室 {f.department}", f"申请医师 {f.doctor}", f"床号 {f.bed}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _certified(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(10)
    sheet.paragraph(
        f"　　我院门诊患者{f.name}（性别：{f.sex}，年龄：{f.age}岁，身份证号：{f.identity_number}），"
        f"因“{f.complaint}”于{f.department}就诊，特此证明。",
        12,
        step=22,
    )
    sheet.down(6)
    sheet.say("name", "identity_number")


def _comrade(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(10)
    sheet.paragraph(
        f"　　今有{f.name}同志，性别{f.sex}，现年{f.age}岁，因{f.complaint}来我院{f.department}诊治。", 12, step=22
    )
    sheet.down(6)
    sheet.say("name")


def _sticker(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(14)
    x = RIGHT - 170
    sheet.put(x, f"{f.name} {f.sex} {f.age}岁", 11, bold=True)
    sheet.down(15)
    sheet.put(x, f"住院号：{f.inpatient_number}", 9.5)
    sheet.down(14)
    sheet.put(x, f"{f.department}-{f.bed}床", 9.5)
    sheet.rule(gap=9)
    sheet.say("name")


def _bed_first(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"{f.bed}床　{f.name}　{f.sex}　{f.age}岁　住院号{f.inpatient_number}　{f.department}")
    sheet.rule()
    sheet.say("name")


def _on_lines(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(26)
    x = sheet.put(MARGIN, "姓　名")
    x = sheet.underlined(x + 4, f.name, least=90)
    x = sheet.put(x + 12, "性　别")
    x = sheet.underlined(x + 4, f.sex)
    x = sheet.put(x + 12, "年　龄")
    sheet.underlined(x + 4, f"{f.age}岁")
    sheet.down(22)
    x = sheet.put(MARGIN, "科　别")
    x = sheet.underlined(x + 4, f.department, least=100)
    x = sheet.put(x + 12, "门诊号")
    sheet.underlined(x + 4, f.visit_number, least=100)
    sheet.down(4)
    sheet.say("name", "department")


def _member_of_sick(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"病员姓名：{f.name}", f"性别：{f.sex}", f"年龄：{f.age}", "费别：自费"))
    sheet.down()
    sheet.spread((f"送检科室：{f.department}", f"送检医生：{f.doctor}", "标本：静脉血", f"样本号：{f.bed}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _scanner(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"影像号:{f.visit_number}", f"姓名:{f.name}", f"性别:{_LETTERS[f.sex]}", f"年龄:{f.age:03d}Y"))
    sheet.down()
    sheet.spread((f"申请科室:{f.department}", f"申请医师:{f.doctor}", f"检查日期:{f.taken_on:%Y-%m-%d}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _right_labels(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    rows = (
        ("姓名：", f.name, "登记号：", f.visit_number),
        ("性别：", f.sex, "年龄：", f"{f.age}岁"),
        ("科室：", f.department, "医师：", f.doctor),
    )
    sheet.down(8)
    for first, value, second, other in rows:
        sheet.down(19)
        sheet.put_right(MARGIN + 80, first)
        sheet.put(MARGIN + 96, value)
        sheet.put_right(MARGIN + 320, second)
        sheet.put(MARGIN + 336, other)
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _information_line(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"患者信息：{f.name} / {f.sex} / {f.age}岁 / 汉族")
    sheet.down()
    sheet.put(MARGIN, f"就诊信息：{f.department} / {f.doctor} / 复诊")
    sheet.rule()
    sheet.say("name")


def _phone_card(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(30)
    sheet.put(MARGIN, f.name, 17, bold=True)
    sheet.put(MARGIN + 90, f"{f.sex} | {f.age}岁", 11)
    sheet.down(20)
    sheet.put(MARGIN, f"就诊号 {f.visit_number}", 10, faint=True)
    sheet.rule(gap=10)
    for label, value in (("开单科室", f.department), ("开单医生", f.doctor)):
        sheet.down(21)
        sheet.put(MARGIN, label, 11, faint=True)
        sheet.put_right(RIGHT, value, 11)
    sheet.rule(gap=9)
    sheet.say("name", "department", "doctor")


def _visitor_himself(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    for label, value in (
        ("就诊人", f"{f.name}(本人)"),
        ("证件号", f.identity_number),
        ("就诊科室", f.department),
        ("出诊医生", f.doctor),
    ):
        sheet.down(22)
        sheet.put(MARGIN, label, 11, faint=True)
        sheet.put_right(RIGHT, value, 11)
    sheet.rule(gap=9)
    sheet.say("name", "department", "doctor", "identity_number")


def _blanks(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(28)
    x = sheet.put(MARGIN + 20, "兹有患者", 11.5)
    x = sheet.underlined(x, f.name, 11.5, least=70)
    x = sheet.put(x, "性别", 11.5)
    x = sheet.underlined(x, f.sex, 11.5, least=30)
    x = sheet.put(x, "年龄", 11.5)
    x = sheet.underlined(x, str(f.age), 11.5, least=34)
    sheet.put(x, "岁，经门诊检查，", 11.5)
    sheet.down(24)
    x = sheet.put(MARGIN, "诊断为", 11.5)
    x = sheet.underlined(x, f.diagnosis, 11.5, least=120)
    x = sheet.put(x, "，需收入", 11.5)
    x = sheet.underlined(x, f.department, 11.5, least=90)
    sheet.put(x, "治疗。", 11.5)
    sheet.down(8)
    sheet.say("name")


def _merged_left(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(8)
    sheet.cells(
        (
            ("基本", "姓名", f.name, "性别", f.sex, "年龄", str(f.age)),
            ("信息", "科室", f.department, "床号", f.bed, "住院号", f.inpatient_number),
        ),
        (40, 44, 100, 44, 50, 50, 100),
    )
    sheet.say("name", "department")


def _colon_apart(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"姓名 ： {f.name}      性别 ： {f.sex}      年龄 ： {f.age} 岁")
    sheet.down()
    sheet.put(MARGIN, f"科室 ： {f.department}      床号 ： {f.bed}      住院号 ： {f.inpatient_number}")
    sheet.rule()
    sheet.say("name", "department")


def _birth_beside(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(MARGIN, f"受检者 {f.name}")
    sheet.put(MARGIN + 150, f"{f.sex}")
    sheet.put(MARGIN + 190, f"出生日期 {f.born_on:%Y-%m-%d}")
    sheet.put(MARGIN + 350, f"检查号 {f.visit_number}")
    sheet.down()
    sheet.put(MARGIN, f"送检科室 {f.department}")
    sheet.put(MARGIN + 190, f"送检医师 {f.doctor}")
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _relatives_near(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.spread((f"姓名：{f.name}", f"性别：{f.sex}", f"年龄：{f.age}岁", "民族：汉"))
    sheet.down()
    sheet.spread((f"联系人：{f.contact}", "关系：配偶", f"联系电话：{f.phone}"))
    sheet.down()
    sheet.spread((f"科室：{f.department}", f"床号：{f.bed}", f"主管医师：{f.doctor}"))
    sheet.rule()
    sheet.say("name", "department", "doctor")


def _narrow(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    left = 150.0
    for text in (
        f"姓名 {f.name}",
        f"性别 {f.sex}  年龄 {f.age}岁",
        f"科别 {f.department}",
        f"医生 {f.doctor}",
        f"卡号 {f.visit_number}",
    ):
        sheet.down(17)
        sheet.put(left, text, 10)
    sheet.down(8)
    sheet.put(left, "-" * 60, 9)
    sheet.say("name", "department", "doctor")


def _lines_of_pairs(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(24)
    sheet.put(
        MARGIN, f"科室:{f.department}|床号:{f.bed}|姓名:{f.name}|性别:{f.sex}|年龄:{f.age}岁|ID号:{f.visit_number}", 9.5
    )
    sheet.rule()
    sheet.say("name", "department")


def _summary_sentence(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(6)
    sheet.paragraph(
        f"　　{f.name}，{f.sex}，{f.age}岁，因“{f.complaint}”于{_wide(f.taken_on)}收入我科，{_wide(f.dated_on)}出院。",
        11,
    )
    sheet.down(6)
    sheet.say("name")


def _title_row(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    sheet.down(26)
    sheet.put(MARGIN, "病人", 10, faint=True)
    sheet.put(MARGIN + 34, f.name, 12, bold=True)
    sheet.put(MARGIN + 150, "科室", 10, faint=True)
    sheet.put(MARGIN + 184, f.department, 12)
    sheet.put(MARGIN + 330, "医生", 10, faint=True)
    sheet.put(MARGIN + 364, f.doctor, 12)
    sheet.rule(gap=8)
    sheet.say("name", "department", "doctor")


def _continued(sheet: Sheet, f: FormFacts, _rng: Random) -> None:
    """A second page: nobody's name stands on it."""
    sheet.down(24)
    sheet.put(MARGIN, f"（续上页）住院号：{f.inpatient_number}")
    sheet.put_right(RIGHT, "第 2 页 共 3 页")
    sheet.rule()


_LAB = (K.BLOOD_TEST_REPORT,)
_REPORTS = (K.BLOOD_TEST_REPORT, K.EXAMINATION_REPORT, K.PATHOLOGY_REPORT)
_PICTURES = (K.EXAMINATION_REPORT, K.PATHOLOGY_REPORT)
_VISITS = (K.OUTPATIENT_RECORD, K.EXAMINATION_NOTICE)
_WARD = (K.DISCHARGE_SUMMARY, K.SURGERY_NOTICE)

KEPT_FORMS: Final[tuple[Form, ...]] = (
    Form(
        "english first", _REPORTS, heads(_english_first), foot("检验者", "报告时间：", _clocked, printed="打印时间：")
    ),
    Form("bracketed", _VISITS, heads(_bracketed), foot("", "就诊时间：", _slashed)),
    Form(
        "framed, spaced labels", _WARD, heads(_framed_spaced), foot("医师签名：", "记录日期：", _wide, signer="doctor")
    ),
    Form("ladder", (K.OUTPATIENT_RECORD, K.DIAGNOSIS_CERTIFICATE), heads(_ladder), foot("", "开具日期 ", _clocked)),
    Form("grid", _REPORTS, heads(_gridded), foot("审核者", "报告日期 ", _solid, printed="打印日期 ")),
    Form("name with brackets", _VISITS, heads(_name_with_brackets), foot("", "日期 ", _wide)),
    Form(
        "letters for the sex",
        _PICTURES,
        heads(_letters_for_sex),
        foot("审核医师 ", "报告时间 ", _clocked, signer="checker"),
    ),
    Form("certified", (K.DIAGNOSIS_CERTIFICATE,), heads(_certified), foot("医师：", "", _words, signer="doctor")),
    Form("comrade", (K.DIAGNOSIS_CERTIFICATE,), heads(_comrade), foot("诊治医师：", "", _wide, signer="doctor")),
    Form(
        "sticker",
        (K.DISCHARGE_SUMMARY, K.ADMISSION_NOTICE),
        heads(_sticker),
        foot("经治医师：", "", _wide, signer="doctor"),
    ),
    Form("bed first", _WARD, heads(_bed_first), foot("主治医师 ", "日期：", _dotted, signer="doctor")),
    Form(
        "on lines",
        (K.OUTPATIENT_RECORD, K.ADMISSION_NOTICE),
        heads(_on_lines),
        foot("医生签名", "", _wide, signer="doctor"),
    ),
    Form(
        "member of the sick",
        _LAB,
        heads(_member_of_sick),
        foot("审核者：", "报告时间：", _slashed, printed="打印时间："),
    ),
    Form(
        "scanner", (K.EXAMINATION_REPORT,), heads(_scanner), foot("报告医师:", "报告日期:", _clocked, signer="doctor")
    ),
    Form("labels at the right", _VISITS, heads(_right_labels), foot("", "就诊日期：", _wide)),
    Form("information line", (K.OUTPATIENT_RECORD,), heads(_information_line), foot("", "接诊时间：", _clocked)),
    Form("phone card", _REPORTS, heads(_phone_card), foot("审核人 ", "发布时间 ", _clocked)),
    Form(
        "visitor himself",
        (K.EXAMINATION_NOTICE, K.OUTPATIENT_RECORD),
        heads(_visitor_himself),
        foot("", "开单时间 ", _clocked),
    ),
    Form("blanks", (K.ADMISSION_NOTICE,), heads(_blanks), foot("门诊医师：", "", _wide, signer="doctor")),
    Form("merged at the left", _WARD, heads(_merged_left), foot("医师签名 ", "日期 ", _dotted, signer="doctor")),
    Form(
        "colon apart",
        (K.DISCHARGE_SUMMARY, K.PATHOLOGY_REPORT),
        heads(_colon_apart),
        foot("医师 ： ", "日期 ： ", _wide, signer="doctor"),
    ),
    Form(
        "birth beside",
        _PICTURES,
        heads(_birth_beside),
        foot("诊断医师 ", "诊断日期 ", _clocked, signer="checker", printed="打印时间 "),
    ),
    Form(
        "relatives near",
        (K.ADMISSION_NOTICE, K.SURGERY_NOTICE),
        heads(_relatives_near),
        foot("", "通知日期：", _clocked),
    ),
    Form("narrow", (K.EXAMINATION_NOTICE, K.BLOOD_TEST_REPORT), heads(_narrow), foot("", "报告时间 ", _solid)),
    Form("line of pairs", (K.SURGERY_NOTICE, K.BLOOD_TEST_REPORT), heads(_lines_of_pairs), foot("", "日期:", _clocked)),
    Form(
        "sentence of a summary",
        (K.DISCHARGE_SUMMARY,),
        heads(_summary_sentence),
        foot("医师签字：", "", _wide, signer="doctor"),
    ),
    Form("title row", (K.OUTPATIENT_RECORD, K.EXAMINATION_REPORT), heads(_title_row), foot("", "报告时间 ", _dotted)),
    Form("continued", (K.DISCHARGE_SUMMARY, K.EXAMINATION_REPORT), heads(_continued), foot("", "报告日期：", _clocked)),
)
