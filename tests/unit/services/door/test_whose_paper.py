"""The door's worst fault is 本人 for another person's paper (R1): heads of hospitals, insurers and laboratories."""

from datetime import date

import pytest

from lian_desk.models.vocabulary import FindingField, FindingMatch, NameAnswer
from lian_desk.services.door.findings import Surroundings, propose
from lian_desk.services.door.issuers import HospitalDirectory
from lian_desk.services.door.person_names import WhoseFile, whose_name
from lian_desk.services.recognition.page_words import PageWords
from tests.unit.services.door.test_name_places import F, page, read

Rows = tuple[tuple[str, ...] | str, ...]
OWN = "王淑兰"


def answer(words: PageWords, name: str = OWN) -> NameAnswer:
    """What the machine says whose a page is."""
    whose = WhoseFile(name, "1")
    found = propose([(0, words)], Surroundings(whose, HospitalDirectory(()), date(2026, 12, 1)))
    return whose_name((one.field, one.match, one.value, one.confidence) for one in found)


PATIENTS = (
    "出险人", "出险人姓名", "事故人", "事故者姓名", "就医人", "就诊人", "受诊者", "孕妇姓名", "产妇姓名", "孕产妇", "受检人",
    "受检人员", "体检者", "体检人员", "受试者", "伤者", "伤员姓名", "参保人", "参保人员姓名", "被保人", "被监护人", "受者", "受者姓名",
    "受血者", "患儿", "患儿姓名", "新生儿姓名", "婴儿姓名", "学生姓名", "员工姓名", "人员姓名", "客户名称", "病患", "受种者", "缴款人",
    "交款人", "交费人", "持卡人", "住院患者", "用药人",
)  # fmt: skip
PAYERS = {"缴款人", "交款人", "交费人", "持卡人"}
"""Often the patient, and as often a father who pays: they give way to the patient behind a label of his own."""
BESIDE = (
    "投保人", "联系人", "紧急联系人姓名", "家属", "患者家属", "家属姓名", "监护人", "法定代理人", "代办人", "经办人", "被授权人", "受托人",
    "受益人", "领款人", "报案人", "付款人", "付款方", "开户人", "户名", "户主", "供者", "供者姓名", "献血者", "捐献者", "母亲姓名", "父亲",
    "父亲姓名", "配偶", "配偶姓名", "陪护人", "陪床者姓名", "陪检家属姓名", "送检人", "检验者", "审核者", "采血护士姓名", "查勘员",
    "医生姓名", "报告人姓名", "发药药师姓名", "见证人", "理赔专员姓名",
)  # fmt: skip


@pytest.mark.parametrize("label", PATIENTS)
def test_r1_the_patient_is_named_by_many_words(label: str) -> None:
    for rows in ((f"{label}：李建国",), ((f"{label}", "李建国"),), (f"{label}：李建国", "投保人：王淑兰")):
        assert answer(page(*rows)) is NameAnswer.OTHER, rows
    assert answer(page(f"{label}：李建国", "姓名：王淑兰")) is not NameAnswer.INSURED or label in PAYERS
    assert answer(page(f"{label}：王淑兰", "联系人：李建国")) is NameAnswer.INSURED


@pytest.mark.parametrize("label", BESIDE)
def test_r1_who_stands_beside_the_patient_is_not_the_patient(label: str) -> None:
    for rows in ((f"{label}：王淑兰",), ((label, "王淑兰"),), ((f"{label}：", "王淑兰"),)):
        assert answer(page(*rows)) is NameAnswer.UNSEEN, rows
    assert answer(page("姓名：王淑兰", f"{label}：李建国")) is NameAnswer.INSURED
    assert answer(page("姓名：李建国", f"{label}：王淑兰")) is NameAnswer.OTHER


ANOTHERS: list[Rows] = [
    # lists of several persons
    (("姓名", "性别", "年龄"), ("王淑兰", "女", "52岁"), ("李建国", "男", "45岁"), ("赵敏", "女", "33岁")),
    (("姓名", "工资"), ("王淑兰", "5000.00"), ("李建国", "6000.00")),
    (("序号", "姓名", "金额"), ("1", "王淑兰", "300"), ("2", "李建国", "300")),
    (("序号", "姓名", "金额"), ("1", "李建国", "300"), ("2", "王淑兰", "300")),
    (("姓名", "职务"), ("王淑兰", "护士"), ("李建国", "护士")),
    (("姓名", "金额"), ("王淑兰", "300"), ("阿依古丽·买买提", "300")),
    (("姓名", "金额"), ("王淑兰", "300"), ("Anna Schmidt", "300")),
    (("姓名", "金额"), ("王淑兰", "300"), ("李*国", "300")),
    (("姓名", "金额"), ("王淑兰", "300"), ("——", "0"), ("李建国", "300")),
    (("姓名", "王淑兰", "李建国", "赵敏"),),
    ("姓名：王淑兰、李建国、赵敏",),
    ("姓名：王淑兰 李建国",),
    ("姓名：王淑兰/李建国",),
    ("姓名：王淑兰，李建国",),
    ("姓名：王淑兰（李建国）",),
    (("姓名：王淑兰", "李建国"),),
    ("1 王淑兰 女 52岁", "2 李建国 男 45岁"),
    # children named by their mother, twins
    ("姓名：王淑兰之女",),
    ("姓名：王淑兰之子",),
    ("姓名：王淑兰 之女",),
    ("姓名：王淑兰（之子）",),
    ("姓名：王淑兰(女婴)",),
    ("姓名：王淑兰之大女",),
    ("姓名：王淑兰大双",),
    ("姓名：王淑兰 小双",),
    ("姓名：王淑兰 A",),
    ("姓名：王淑兰（B）",),
    ("姓名：王淑兰Ⅱ",),
    ("姓名：王淑兰新生儿",),
    ("姓名：王淑兰 BABY",),
    ("姓名：王淑兰之夫",),
    ("姓名：王淑兰家属",),
    ("姓名：王淑兰之母 李秀英",),
    (("姓名：", "王淑兰", "之女"),),
    (("姓名", "王淑兰", "(之子)"),),
    (("姓名：王淑兰", "之女"),),
    ("患儿：王淑兰之女 性别：女 日龄：3天",),
    ("新生儿听力筛查报告", "产妇姓名：王淑兰"),
    ("新生儿疾病筛查 母亲姓名：王淑兰",),
    ("产妇姓名：王淑兰  婴儿姓名：李小宝",),
    # the relative by the form
    ("家属 姓名：王淑兰 电话：14200000000",),
    ("姓名：王淑兰  与患者关系：母亲",),
    (("姓名：王淑兰", "与患者关系：", "配偶"),),
    (("姓名", "王淑兰", "关系", "母女"),),
    ("联系人信息", "姓名：王淑兰 电话：14200000000"),
    ("供者 姓名：王淑兰", "受者 姓名：李建国"),
    ("供者：王淑兰  受者：李建国",),
    ("患者李建国，男，45岁，因腹痛入院。", "本人姓名：王淑兰"),
    ("李建国 男 45岁 消化内科", "交款人：王淑兰"),
    ("申请人：王淑兰", "出险人：李建国"),
    ("申请人：王淑兰",),
    ("授权人：王淑兰 被授权人：李建国", "患者：李建国"),
    ("被授权人：王淑兰",),
    ("评估对象：李建国", "姓名：王淑兰"),
    ("疗养者：李建国", "签名：王淑兰"),
    ("被评估人：李建国    客户：王淑兰",),
    # names near the own one
    ("姓名：王淑", ),
    ("姓名：王淑兰芳",),
    ("姓名：王淑芬",),
    ("姓名：李淑兰",),
    ("姓名：欧阳淑兰",),
    ("姓名：阿依古丽·买买提",),
    # letters, set apart, glued
    ("Name: LI^JIANGUO",),
    ("Name: LI, JIANGUO",),
    ("Name: WANG^SHULAN",),
    ("Patient Name: ZHANG SAN",),
    (("姓", "名", "李", "建", "国"),),
    (("姓名", "李", "建国", "性别", "男"),),
    ("姓名：李建国电话14200000000",),
    ("姓名李建国电话14200000000性别男",),
    ("姓名：李建国住院号90012345",),
    ("患者：王淑兰之女电话14200000000",),
]  # fmt: skip


@pytest.mark.parametrize("rows", ANOTHERS, ids=lambda rows: str(rows)[:60])
@pytest.mark.parametrize("sure", [0.97, 1.0])
def test_r1_another_persons_paper_is_never_answered_as_the_insureds(rows: Rows, sure: float) -> None:
    words = page("某市医院", *rows, "报告时间：2026-09-20 11:08", sure=sure)
    assert answer(words) is not NameAnswer.INSURED


OWNS: list[Rows] = [
    ("姓名：王淑兰电话14200000000",),
    ("姓名王淑兰电话14200000000",),
    ("姓名：王淑兰住院号90012345",),
    (("姓", "名", "王", "淑", "兰"),),
    (("姓", "名", "王", "淑", "兰", "性别", "女"),),
    (("姓名", "王", "淑兰", "女"),),
    ("姓名：王淑兰女",),
    ("姓名：王淑兰（女，52岁）",),
    ("姓名：王淑兰（本人）",),
    ("姓名：王淑兰  与患者关系：本人",),
    ("姓名：王淑兰  联系人：李建国  关系：夫妻",),
    (("姓名", "性别", "年龄"), ("王淑兰", "女", "52岁"), ("项目", "结果", "单位"), ("白蛋白", "40", "g/L")),
    ("供者：李建国  受者：王淑兰",),
    ("出险人：王淑兰  申请人：李建国  与出险人关系：配偶",),
    ("孕妇姓名：王淑兰", "孕周：20周"),
    ("投保人：李建国", "被保险人：王淑兰"),
    ("姓名：王淑兰", "检测员：赵敏  复核员：孙立"),
]


@pytest.mark.parametrize("rows", OWNS, ids=lambda rows: str(rows)[:60])
def test_r1_the_own_paper_is_known(rows: Rows) -> None:
    assert answer(page("某市医院", *rows, "报告时间：2026-09-20 11:08", sure=1.0)) is NameAnswer.INSURED


@pytest.mark.parametrize("name", ["王胜男", "欧阳胜男", "李娜", "王淑兰之女", "阿依古丽·买买提", "欧阳娜娜", "万俟雪"])
def test_r1_a_name_is_the_own_one_only_as_a_whole(name: str) -> None:
    assert answer(page(f"姓名：{name}", sure=1.0), name) is NameAnswer.INSURED
    for other in (f"{name}之女", f"{name[:-1]}", f"{name} 之子", f"{name}家属"):
        assert answer(page(f"姓名：{other}", sure=1.0), name) is not NameAnswer.INSURED, other


def test_r1_names_down_a_column_end_at_the_next_heading() -> None:
    rows: Rows = (("姓名", "年龄"), ("王淑兰", "52岁"), ("医师", "日期"), ("李建国", "2026-09-20"))
    found = read(page(*rows))[FindingField.NAME]
    assert (found.value, found.match) == (OWN, FindingMatch.SAME)


def test_r1_a_payer_gives_way_to_the_patient_behind_no_label() -> None:
    found = read(page("李建国 男 45岁 消化内科", "缴款人：王淑兰"))
    assert (found[F.NAME].value, found[F.NAME].match) == ("李建国", FindingMatch.OTHER)
