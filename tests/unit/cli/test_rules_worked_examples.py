"""Worked examples that no line of the program was written after: each reckoned by hand, asked on the command line."""

import json

import pytest

from lian_desk.cli.main import main
from lian_desk.models.rules.scope import judge_examination
from lian_desk.services.reference_data.departments import examination_facts
from lian_desk.services.rules.rule_packs import load_rule_pack

Capture = pytest.CaptureFixture[str]
SERVICES = {
    "门诊": "outpatient_coordination",
    "住院": "inpatient_coordination",
    "手术": "surgery_coordination",
    "检查": "expedited_examination",
}


def ask(capsys: Capture, *question: str) -> dict[str, object]:
    assert main(["rules", *question, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


# ----------------------------------------------------------------------------------- C3: working days of the notices

BOOKINGS = """
检查 2025-12-31T10:00 2026-01-06 the working Sunday after New Year counts
检查 2026-04-02T10:00 2026-04-08 three days of 清明
检查 2026-04-30T10:00 2026-05-08 five days of 劳动节
住院 2026-04-30T10:00 2026-05-13 the working Saturday of May counts
检查 2026-06-17T10:00 2026-06-23 端午
检查 2026-09-24T10:00 2026-09-30 中秋
检查 2026-09-19T10:00 2026-09-22 confirmed on a Saturday before a working Sunday
检查 2026-09-20T10:00 2026-09-23 confirmed on the working Sunday itself
门诊 2026-09-30T10:00 2026-10-15 国庆 and its working Saturday
门诊知名 2026-09-30T10:00 2026-10-27 fifteen days over 国庆
手术 2026-02-13T10:00 2026-03-12 春节 with two working Saturdays
检查 2026-02-16T10:00 2026-02-26 confirmed inside 春节
检查 2026-02-14T20:59 2026-02-26 confirmed in the last minute before 春节
检查 2026-02-23T23:59 2026-02-26 confirmed on the last day off
住院 2025-01-27T10:00 2025-02-12 春节 2025
门诊 2025-09-30T10:00 2025-10-16 国庆 2025 with eight days
检查 2025-09-26T10:00 2025-09-30 a working Sunday in September
检查 2025-04-25T10:00 2025-04-29 a working Sunday in April
检查 2025-05-30T10:00 2025-06-05 端午 2025
手术 2025-12-22T10:00 2026-01-13 over the end of the year
检查 2026-11-18T23:59:59 2026-11-23 the last second of a day
检查 2026-11-19T00:00:00 2026-11-24 the first second of the next
检查 2026-11-18T15:59:59Z 2026-11-23 the same last second told in UTC
检查 2026-11-18T16:00:00Z 2026-11-24 the same first second told in UTC
检查 2026-11-19T01:30+09:30 2026-11-24 another zone
检查 2026-12-28T10:00 2026-12-31 ends with the known year
门诊 2024-02-28T10:00 2024-03-08 over a 29 February
门诊 2026-11-21T10:00 2026-12-01 confirmed on a Saturday
门诊 2026-11-22T23:59 2026-12-01 confirmed on a Sunday
住院知名 2026-11-18T10:00 2026-11-27 A14: only outpatient knows renowned experts
手术知名 2026-11-18T10:00 2026-12-09 A14
检查知名 2026-11-18T10:00 2026-11-23 A14
"""


@pytest.mark.parametrize("line", BOOKINGS.strip().splitlines())
def test_bookings(capsys: Capture, line: str) -> None:
    kind, confirmed, due, _why = line.split(" ", 3)
    renowned = ["--renowned"] if kind.endswith("知名") else []
    service = SERVICES[kind.removesuffix("知名")]
    answer = ask(capsys, "deadlines", "--service", service, "--confirmed", confirmed, *renowned)
    assert answer["booking_due"] == f"{due}T21:00:00+08:00"
    assert answer["provisional"] is False


@pytest.mark.parametrize(
    ("kind", "confirmed", "due"),
    [
        ("检查", "2026-12-30T10:00", "2027-01-04"),
        ("检查", "2026-12-29T10:00", "2027-01-01"),
        ("门诊", "2026-12-28T10:00", "2027-01-06"),
        ("手术", "2027-06-01T10:00", "2027-06-22"),
        ("检查", "2023-10-01T10:00", "2023-10-04"),
    ],
)
def test_beyond_the_known_years_the_weekday_decides_and_says_so(
    capsys: Capture, kind: str, confirmed: str, due: str
) -> None:
    answer = ask(capsys, "deadlines", "--service", SERVICES[kind], "--confirmed", confirmed)
    assert (answer["booking_due"], answer["provisional"]) == (f"{due}T21:00:00+08:00", True)
    assert "暂定" in str(answer["derivation"])


PAUSES = """
2026-11-27 2026-11-20T20:59/2026-11-20T21:00 over before the closing
2026-11-30 2026-11-20T20:59/2026-11-20T21:01 paused at the closing
2026-11-30 2026-11-20T21:00/2026-11-21 from the closing itself
2026-11-27 2026-11-20T21:01/2026-11-23T20:59 between two closings
2026-11-27 2026-11-21/2026-11-23 a weekend alone
2026-11-27 2026-11-18T09:00/2026-11-18T22:00 the day of the event is not counted anyway
2026-11-30 2026-11-10/2026-11-19T21:01 begun before the requirement
2026-11-27 2026-11-01/2026-11-10 over before the requirement
2026-11-30 2026-11-27T20:00/2026-11-28 on the last day
2026-11-27 2026-11-27T21:30/2026-12-04 begun after the end
2026-11-27 2026-11-30/2026-12-04 after the end
2026-12-02 2026-11-19/2026-11-21,2026-11-20/2026-11-24 overlapping
2026-12-02 2026-11-20/2026-11-24,2026-11-19/2026-11-21 overlapping, told the other way round
2026-12-02 2026-11-19/2026-11-24,2026-11-20/2026-11-21 one inside the other
2026-12-02 2026-11-19/2026-11-20,2026-11-20/2026-11-21,2026-11-23/2026-11-24 one after the other
2026-12-11 2026-11-19/2026-12-03 ten working days
2026-12-01 2026-11-27T20:00/2026-11-28,2026-11-30T20:00/2026-12-01 the end pushed into a second pause
2026-11-27 2026-11-19T00:00+08:00/2026-11-19T12:59Z over before the closing, told in UTC
2026-11-30 2026-11-19T00:00+08:00/2026-11-19T13:01Z paused at the closing, told in UTC
"""


@pytest.mark.parametrize("line", PAUSES.strip().splitlines())
def test_a45_pauses_of_an_outpatient_request_of_18_november(capsys: Capture, line: str) -> None:
    due, periods, _why = line.split(" ", 2)
    pauses = [word for period in periods.split(",") for word in ("--pause", period)]
    answer = ask(capsys, "deadlines", "--service", SERVICES["门诊"], "--confirmed", "2026-11-18T10:00", *pauses)
    assert answer["booking_due"] == f"{due}T21:00:00+08:00"
    assert answer["notice_due"] == "2026-11-20T10:00:00+08:00"


@pytest.mark.parametrize(
    ("confirmed", "due", "internal"),
    [
        ("2026-11-19T09:00", "2026-11-21T09:00", "2026-11-20T21:00"),
        ("2026-11-18T21:00", "2026-11-20T21:00", "2026-11-20T21:00"),
        ("2026-11-18T21:01", "2026-11-20T21:01", "2026-11-20T21:00"),
        ("2026-11-18T09:00", "2026-11-20T09:00", "2026-11-20T09:00"),
        ("2026-11-18T08:59", "2026-11-20T08:59", "2026-11-19T21:00"),
        ("2026-02-13T10:00", "2026-02-15T10:00", "2026-02-14T21:00"),
        ("2026-02-21T10:00", "2026-02-23T10:00", "2026-02-14T21:00"),
        ("2026-02-22T10:00", "2026-02-24T10:00", "2026-02-24T10:00"),
        ("2026-02-26T12:00", "2026-02-28T12:00", "2026-02-28T12:00"),
        ("2026-10-08T22:00", "2026-10-10T22:00", "2026-10-10T21:00"),
        ("2026-12-31T10:00", "2027-01-02T10:00", "2027-01-01T21:00"),
    ],
)
def test_c2_and_its_internal_end(capsys: Capture, confirmed: str, due: str, internal: str) -> None:
    answer = ask(capsys, "deadlines", "--service", SERVICES["检查"], "--confirmed", confirmed)
    assert answer["notice_due"] == f"{due}:00+08:00"
    assert answer["notice_internal_due"] == f"{internal}:00+08:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20T20:55", "2026-11-20T21:00:00"),
        ("2026-11-20T20:55:01", "2026-11-23T09:00:01"),
        ("2026-11-20T20:56", "2026-11-23T09:01:00"),
        ("2026-11-20T20:59:59", "2026-11-23T09:04:59"),
        ("2026-11-20T21:00", "2026-11-23T09:05:00"),
        ("2026-11-20T08:59:59", "2026-11-20T09:05:00"),
        ("2026-11-20T09:00", "2026-11-20T09:05:00"),
        ("2026-11-21T10:00", "2026-11-23T09:05:00"),
        ("2026-11-20T12:58Z", "2026-11-23T09:03:00"),
        ("2026-02-14T20:57", "2026-02-24T09:02:00"),
        ("2026-09-20T12:00", "2026-09-20T12:05:00"),
        ("2026-01-02T12:00", "2026-01-04T09:05:00"),
        ("2025-12-31T20:59", "2026-01-04T09:04:00"),
        ("2026-10-07T23:59", "2026-10-08T09:05:00"),
        ("2026-05-09T20:58", "2026-05-11T09:03:00"),
        ("2026-02-28T21:00", "2026-03-02T09:05:00"),
        ("2026-12-31T20:58", "2027-01-01T09:03:00"),
        ("2026-11-20", "2026-11-20T09:05:00"),
        (" ２０２６-１１-２０T20：58 ", "2026-11-23T09:03:00"),
    ],
)
def test_responses(capsys: Capture, received: str, due: str) -> None:
    assert ask(capsys, "response", "--received", received) == {"response_due": f"{due}+08:00"}


# -------------------------------------------------------------------------------------------------------- eligibility

OUT, EARLY, STOP, END = "outside_policy_years", "before_effective_date", "policy_suspended", "policy_terminated"
POLICIES = """
2024-02-29 2025-02-27T23:59:59 1 -
2024-02-29 2025-02-28T00:00:00 2 -
2024-02-29 2028-02-28T23:59:59 4 -
2024-02-29 2028-02-29T00:00:00 5 -
2024-02-29 2032-02-28T23:59:59 8 -
2024-02-29 2032-02-29T00:00:00 9 -
2024-02-29 2034-02-27T23:59:59 10 -
2024-02-29 2034-02-28T00:00:00 null outside_policy_years
2023-12-31 2024-12-30T23:59:59 1 -
2023-12-31 2024-12-31T00:00:00 2 -
2023-12-31 2033-12-30T23:59:59 10 -
2023-12-31 2033-12-31T00:00:00 null outside_policy_years
2026-11-22 2026-11-22T00:00:00 1 -
2026-11-22 2026-11-21T23:59:59 null before_effective_date
2024-11-20 2034-11-19T15:59:59Z 10 -
2024-11-20 2034-11-19T16:00:00Z null outside_policy_years
2024-03-31 2034-03-30T23:59:59.999999 10 -
2024-11-20 2026-03-01T11:59:59 2 - --suspended 2026-03-01T12:00/2026-04-01
2024-11-20 2026-03-01T12:00:00 2 policy_suspended --suspended 2026-03-01T12:00/2026-04-01
2024-11-20 2026-03-31T23:59:59 2 policy_suspended --suspended 2026-03-01T12:00/2026-04-01
2024-11-20 2026-04-01T00:00:00 2 - --suspended 2026-03-01T12:00/2026-04-01
2024-11-20 2026-04-01T00:00:00 2 policy_suspended --suspended 2026-03-01/2026-04-01 --suspended 2026-04-01/2026-05-01
2024-11-20 2026-04-15T00:00:00 2 policy_suspended --suspended 2026-03-01/2026-05-01 --suspended 2026-03-10/2026-04-01
2024-11-20 2026-05-01T00:00:00 2 - --suspended 2026-04-01/2026-05-01 --suspended 2026-03-01/2026-04-02
2024-11-20 2034-11-20T00:00:00 null outside_policy_years,policy_suspended --suspended 2034-01-01/2035-01-01
2024-11-20 2034-11-19T23:59:59 10 policy_suspended --suspended 2034-01-01/2035-01-01
2024-11-20 2034-12-01T00:00:00 null outside_policy_years --suspended 2034-01-01/2034-12-01
2024-11-20 2026-03-31T23:59:59 2 - --terminated 2026-04-01
2024-11-20 2026-04-01T00:00:00 2 policy_terminated --terminated 2026-04-01
2024-11-20 2026-04-15T00:00:00 2 policy_terminated --terminated 2026-04-01 --suspended 2026-03-01/2026-06-01
2024-11-20 2026-03-15T00:00:00 2 policy_suspended --terminated 2026-04-01 --suspended 2026-03-01/2026-06-01
2024-11-20 2035-01-01T00:00:00 null outside_policy_years,policy_terminated --terminated 2026-04-01
2024-11-20 2024-11-20T00:00:00 1 policy_terminated --terminated 2024-11-20
2024-11-20 2026-03-31T16:00:00Z 2 policy_terminated --terminated 2026-04-01
"""


@pytest.mark.parametrize("line", POLICIES.strip().splitlines())
def test_policies(capsys: Capture, line: str) -> None:
    effective, at, year, reasons, *periods = line.split()
    answer = ask(capsys, "eligibility", "--effective", effective, "--at", at, *periods)
    expected = [] if reasons == "-" else reasons.split(",")
    assert [row["code"] for row in answer["reasons"]] == expected  # type: ignore[attr-defined]
    assert (answer["eligible"], answer["policy_year"]) == (not expected, json.loads(year))


# -------------------------------------------------------------------------------------------------------------- scope

INSIDE = (
    "苏州 苏州市 江苏苏州 江苏省苏州市 苏州工业园区 苏州市吴中区 昆山 昆山市 江苏省昆山市 苏州昆山 苏州市昆山市 北京 北京市朝阳区 "
    "上海市浦东新区 天津市 广州市 广东广州 深圳市南山区 石家庄 唐山市 迁安 亳州 六安 蚌埠 宿州 宿迁 泰州 徐州 邳州 济南市莱芜区 "
    "青岛 滕州 成都 都江堰 简阳 四川省成都市 长沙 浏阳 邵东 永州 张家界 郑州 巩义 洛阳 巢湖 合肥市肥西县 　南京　"
)
OUTSIDE = (
    "重庆 重庆市渝中区 东莞 佛山 珠海 中山 惠州 杭州 宁波 武汉 西安 福州 台州 济源 河南济源 定州 辛集 阿坝 阿坝州 "
    "阿坝藏族羌族自治州 甘孜州 凉山 湘西 湘西州 恩施 雄安新区 海口 香港 台北 拉萨 苏洲 江苏 Paris"
)


@pytest.mark.parametrize(
    "city", [*(f"+{name}" for name in INSIDE.split(" ")), *(f"-{name}" for name in OUTSIDE.split())]
)
def test_cities(capsys: Capture, city: str) -> None:
    answer = ask(capsys, "scope", "--city", city[1:], "--level", "三甲")
    assert answer["in_scope"] is city.startswith("+")
    codes = [] if city.startswith("+") else [{"code": "city_out_of_scope", "clause": "R29"}]
    assert answer["reasons"] == codes


@pytest.mark.parametrize(
    ("level", "inside", "cancer"),
    [
        ("三甲", True, True),
        ("三级甲等", True, True),
        ("三 甲", True, True),
        ("３甲", True, True),
        ("三级甲等综合医院", True, True),
        ("三乙", False, True),
        ("三级", False, True),
        ("二级甲等", False, True),
        ("一级", False, True),
        ("未定级", False, True),
    ],
)
def test_levels(capsys: Capture, level: str, inside: bool, cancer: bool) -> None:
    question = ("scope", "--city", "长沙", "--level", level)
    assert ask(capsys, *question)["in_scope"] is inside
    assert ask(capsys, *question, "--cancer")["in_scope"] is cancer


EXCLUDED = (
    "口腔科 口腔颌面外科 口腔颌面-头颈肿瘤科 颌面外科 牙体牙髓科 牙体牙髓 牙周科 种植科 正畸科 义齿 智齿 齿科 唇腭裂科 颞下颌关节 "
    "急诊科 急诊 急诊外科 儿科急诊 急-诊 （急诊） EICU 急症科 抢救室 生殖中心 生殖遗传科 生殖医学科 辅助生殖 IVF 试管婴儿 不孕不育门诊 生殖男科 "
    "妇产建档 产科建档 产科建大卡 产检建册 孕期建档"
)
ALLOWED = (
    "妇科 妇科肿瘤 妇产科 产科 高危产科 产前检查 妇科内分泌 泌尿生殖外科 男科 肿瘤科 乳腺外科 耳鼻喉科 头颈外科 发热门诊 胸痛中心 "
    "儿科 心内科专家门诊 健康管理中心 神经外科病房 从未听说科"
)


@pytest.mark.parametrize(
    "name", [*(f"-{name}" for name in EXCLUDED.split()), *(f"+{name}" for name in ALLOWED.split())]
)
def test_departments(capsys: Capture, name: str) -> None:
    for service in SERVICES.values():
        question = ("--city", "苏州", "--level", "三甲", "--department", name[1:], "--service", service)
        allowed = name.startswith("+") or service == "expedited_examination"
        answer = ask(capsys, "scope", *question)
        assert answer["in_scope"] is allowed
        assert answer["reasons"] == ([] if allowed else [{"code": "department_excluded", "clause": "R34"}])


RANKS = """
主任医师 - yes plain
副主任医师 - yes plain
主任中医师 - yes plain
副主任中医师 - yes plain
中医主任医师 - yes plain
主任医师（中医） - yes plain
主任医生 - yes plain
主治医师 - no plain
主治中医师 - no plain
住院医师 - no plain
普通门诊 - no plain
主任医师 教授 yes renowned
副主任医师 教授 yes renowned
主任医师 副教授 yes plain
副主任医师 副教授,博导 yes renowned
主任医师 副教授、博士生导师 yes renowned
主任医师 教授兼博士生导师 yes renowned
主任医师 博士研究生导师 yes renowned
主任医师 硕士生导师 yes plain
主任医师 院士 yes renowned
主任医师 中国工程院院士 yes renowned
主任医师 院士候选人 yes plain
主任医师 客座教授 yes plain
主任医师 长江学者 yes plain
主任医师 特聘教授 yes renowned
主任医师 国医大师 yes plain
主任中医师 二级教授 yes renowned
主任医师（教授） - yes renowned
主任医师、博士生导师 - yes renowned
副主任医师，副教授 - yes plain
主治医师 院士 no renowned
未知 - yes plain
"""


@pytest.mark.parametrize("line", RANKS.strip().splitlines())
def test_experts(capsys: Capture, line: str) -> None:
    title, honours, allowed, renowned = line.split()
    given = [] if honours == "-" else [word for honour in honours.split(",") for word in ("--honour", honour)]
    assert ask(capsys, "expert", "--title", title, *given) == {
        "allowed": allowed == "yes",
        "renowned": renowned == "renowned",
        "limit_working_days": 15 if renowned == "renowned" else 7,
    }


def test_blanks_and_width_do_not_matter(capsys: Capture) -> None:
    assert ask(capsys, "expert", "--title", "　主任 医师 ", "--honour", " 博士 生导师 ")["renowned"] is True


# -------------------------------------------------------------------------------------------------- R35: examinations

COVERED = {
    "laboratory": "血常规 生化全套 肿瘤标志物 抽血 大便常规 HPV TCT 核酸检测 CRP",
    "imaging": "PET-CT PET／CT ＰＥＴ－ＣＴ PETCT 全身PET-CT 磁共振 核磁 头颅MRI MR 增强CT CTA MRCP 超声 彩超 超声心动图 钼靶 骨扫描 胸片 DR X-ray",
    "lumbar_puncture": "腰穿 腰穿刺 腰椎穿刺",
    "thoracentesis": "胸穿 胸腔穿刺 超声引导下胸腔穿刺",
    "gi_endoscopy": "胃镜 无痛胃肠镜 肠镜 小肠镜 胶囊内镜 超声内镜",
}
NOT_COVERED = (
    "支气管镜 纤维支气管镜 骨穿 骨髓穿刺 骨髓活检 活检 胃镜活检 淋巴结活检 基因检测 肿瘤基因检测 NGS 喉镜 膀胱镜 宫腔镜 腹腔镜 "
    "CT引导下肺穿刺 超声引导下穿刺活检 甲状腺细针穿刺 羊水穿刺 腹穿 ERCP 心电图 肺功能 免疫组化 穿刺"
)


@pytest.mark.parametrize(("code", "names"), COVERED.items())
def test_examinations_that_are_covered(code: str, names: str) -> None:
    pack = load_rule_pack("2024-11")
    for name in names.split():
        facts = examination_facts(name)
        assert (facts.code, judge_examination(facts, pack).is_allowed) == (code, True), name


@pytest.mark.parametrize("name", NOT_COVERED.split())
def test_examinations_that_are_not(name: str) -> None:
    judgement = judge_examination(examination_facts(name), load_rule_pack("2024-11"))
    assert [reason.clause for reason in judgement.reasons] == ["R35"]


# --------------------------------------------------------------------------------------------------------- wrong input

WRONG = """
rules
rules nonsense
rules deadlines
rules deadlines --service outpatient_coordination
rules deadlines --service outpatient_coordination --confirmed 2026-02-29T10:00
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T24:61
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00+25:00
rules deadlines --service outpatient_coordination --confirmed 0001-01-01T00:00+14:00
rules deadlines --service outpatient_coordination --confirmed 9999-12-31T23:59
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause /
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause /2026-02-15
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause 2026-02-15/2026-02-16/2026-02-17
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause 2026-02-16/2026-02-15
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --renown
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 extra
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --pause-reason boredom
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --calendar missing.json
rules deadlines --service outpatient_coordination --confirmed 2026-02-13T10:00 --rules missing.toml
rules response --received 2026-11-20T20:58 --received
rules eligibility --effective 2024-11-20
rules eligibility --effective 2024-02-30 --at 2026-01-01
rules eligibility --effective 9999-12-31 --at 9999-12-31
rules eligibility --effective 2024-11-20 --at 2026-01-01 --terminated 2026-01-01T10:00
rules eligibility --effective 2024-11-20 --at 2026-01-01 --suspended 2026-02-01/2026-01-01
rules eligibility --effective 2024-11-20 --at 2026-01-01 --suspended 2026-02-01
rules scope --city 苏州
rules scope --level 三甲
rules scope --city 苏州 --level 3A
rules scope --city \udcff --level 三甲
rules scope --city 苏州 --level \udcff
rules expert --title \udcff
rules expert --title 院士
rules expert --title 副主任
"""


@pytest.mark.parametrize("line", WRONG.strip().splitlines())
def test_wrong_input_of_any_kind_is_one_sentence(capsys: Capture, line: str) -> None:
    assert main([*line.split(), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("。\n")
    assert err.count("\n") == 1
