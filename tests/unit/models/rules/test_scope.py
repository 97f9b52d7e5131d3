from dataclasses import replace
from datetime import date

import pytest

from lian_desk.models.errors import ErrorCode
from lian_desk.models.reasons import Judgement
from lian_desk.models.rules.scope import (
    CampusFacts,
    NoticeFacts,
    RequestedPlace,
    judge_campus,
    judge_city,
    judge_department,
    judge_examination,
    judge_expert,
    judge_level,
    judge_notice,
    judge_order,
)
from lian_desk.models.vocabulary import (
    ExaminationCode,
    ExpertHonour,
    ExpertTitle,
    HospitalLevel,
    HospitalSpecialty,
    MaterialKind,
    ServiceKind,
)
from lian_desk.services.reference_data.departments import department_facts, examination_facts
from lian_desk.services.reference_data.regions import find_city
from lian_desk.services.rules.rule_packs import load_rule_pack
from lian_desk.services.words.wording import sentence

PACK = load_rule_pack("2024-11")
OUTPATIENT = ServiceKind.OUTPATIENT_COORDINATION
INPATIENT = ServiceKind.INPATIENT_COORDINATION
SURGERY = ServiceKind.SURGERY_COORDINATION
EXAMINATION = ServiceKind.EXPEDITED_EXAMINATION
TOP = HospitalLevel.CLASS_A_TERTIARY


def said(judgement: Judgement) -> tuple[list[ErrorCode], list[ErrorCode]]:
    return [reason.code for reason in judgement.reasons], [warning.code for warning in judgement.warnings]


def campus(city: str, level: HospitalLevel = TOP, *, is_listed: bool | None = True) -> CampusFacts:
    return CampusFacts(find_city(city), city, level, is_listed=is_listed)


# ------------------------------------------------------------------------------------------------------------ R29, A16, A17


@pytest.mark.parametrize(
    "city",
    "北京 上海市 天津 广州 深圳市 南京 苏州 苏州市 合肥 六安 郑州 驻马店 成都 攀枝花 济南 菏泽 石家庄 雄安新区 长沙 张家界".split(),
)
def test_r29_cities_of_the_scope(city: str) -> None:
    if city == "雄安新区":
        assert said(judge_city(find_city(city), city, PACK))[0] == [ErrorCode.CITY_OUT_OF_SCOPE]
    else:
        assert judge_city(find_city(city), city, PACK) == Judgement()


@pytest.mark.parametrize("city", "重庆 东莞 佛山市 珠海 杭州 武汉 西安 沈阳 香港 火星".split())
def test_a16_what_is_not_named_is_out(city: str) -> None:
    judgement = judge_city(find_city(city), city, PACK)
    assert said(judgement) == ([ErrorCode.CITY_OUT_OF_SCOPE], [])
    assert judgement.reasons[0].clause == "R29"


@pytest.mark.parametrize("place", "阿坝 甘孜州 凉山 湘西 湘西土家族苗族自治州 济源 济源市 定州 辛集".split())
def test_a17_prefectures_and_cities_under_the_province_need_the_list(place: str) -> None:
    judgement = judge_city(find_city(place), place, PACK)
    assert said(judgement)[0] == [ErrorCode.CITY_OUT_OF_SCOPE]
    assert judgement.reasons[0].values["decision"] == "A17"
    assert said(judge_campus(campus(place), PACK)) == ([], [ErrorCode.CITY_OUT_OF_SCOPE])


@pytest.mark.parametrize(("place", "counts_as"), [("昆山", "苏州市"), ("义马市", "三门峡市"), ("浏阳", "长沙市")])
def test_a17_a_county_level_city_counts_as_its_city_with_a_word_to_the_lead(place: str, counts_as: str) -> None:
    judgement = judge_city(find_city(place), place, PACK)
    assert said(judgement) == ([], [ErrorCode.CITY_NEEDS_LEAD])
    assert judgement.warnings[0].values["counts_as"] == counts_as
    assert said(judge_campus(campus(place), PACK)) == ([], [])


def test_a_county_level_city_of_a_named_city_counts_as_it() -> None:
    city = find_city("昆山")
    assert city is not None
    pack = replace(PACK, scope=replace(PACK.scope, named_cities=frozenset({"苏州市"}), provinces=frozenset()))
    assert said(judge_city(city, "昆山", pack)) == ([], [ErrorCode.CITY_NEEDS_LEAD])
    assert judge_city(find_city("苏州"), "苏州", pack) == Judgement()


# ---------------------------------------------------------------------------------------------------- R30, R31, A15, A18


def test_r30_class_a_or_cancer() -> None:
    cancer = replace(campus("南京", HospitalLevel.SECONDARY), specialty=HospitalSpecialty.CANCER)
    assert judge_level(campus("南京"), PACK) == Judgement()
    assert said(judge_level(campus("南京", HospitalLevel.OTHER_TERTIARY), PACK)) == (
        [ErrorCode.HOSPITAL_LEVEL_OUT_OF_SCOPE],
        [],
    )
    assert said(judge_level(cancer, PACK, OUTPATIENT)) == ([], [ErrorCode.CANCER_HOSPITAL_NOT_CLASS_A])
    assert judge_level(cancer, PACK, INPATIENT) == judge_level(cancer, PACK) == Judgement()


def test_r31_the_list_decides_and_geography_is_the_fallback() -> None:
    assert said(judge_campus(campus("重庆"), PACK)) == ([], [ErrorCode.CITY_OUT_OF_SCOPE])
    assert said(judge_campus(campus("南京", is_listed=False), PACK)) == ([ErrorCode.HOSPITAL_NOT_ON_LIST], [])
    assert said(judge_campus(campus("南京", is_listed=None), PACK)) == ([], [ErrorCode.HOSPITAL_LIST_UNKNOWN])
    assert said(judge_campus(campus("重庆", is_listed=None), PACK)) == ([ErrorCode.CITY_OUT_OF_SCOPE], [])
    assert said(judge_campus(campus("重庆", HospitalLevel.OTHER, is_listed=None), PACK))[0] == [
        ErrorCode.CITY_OUT_OF_SCOPE,
        ErrorCode.HOSPITAL_LEVEL_OUT_OF_SCOPE,
    ]


# ------------------------------------------------------------------------------------------------ R34, A19, A20, A21


@pytest.mark.parametrize(
    ("name", "is_excluded"),
    [
        ("口腔科", True),
        ("口腔黏膜科", True),
        ("牙周科", True),
        ("口腔颌面外科", True),
        ("颌面头颈外科", True),
        ("急诊", True),
        ("妇科急诊", True),
        ("儿科急诊门诊", True),
        ("生殖中心", True),
        ("生殖医学科专家门诊", True),
        ("产科建档", True),
        ("妇产科建档", True),
        ("妇科", False),
        ("妇产科", False),
        ("妇科肿瘤", False),
        ("产科", False),
        ("泌尿生殖外科", False),
        ("心内科", False),
        ("心血管内科专家门诊", False),
        ("从未听说科", False),
    ],
)
def test_r34_departments_of_outpatient_inpatient_and_surgery(name: str, is_excluded: bool) -> None:
    for service in (OUTPATIENT, INPATIENT, SURGERY):
        judgement = judge_department(service, department_facts(name), PACK)
        assert judgement.is_allowed is not is_excluded
        assert [reason.clause for reason in judgement.reasons] == ["R34"] * is_excluded
    assert judge_department(EXAMINATION, department_facts(name), PACK) == Judgement()


def test_a20_a_lead_may_allow_maxillofacial_surgery_only() -> None:
    allowed = judge_department(SURGERY, department_facts("口腔颌面外科", is_allowed_by_lead=True), PACK)
    assert said(allowed) == ([], [ErrorCode.DEPARTMENT_ALLOWED_BY_LEAD])
    assert not judge_department(SURGERY, department_facts("口腔科", is_allowed_by_lead=True), PACK).is_allowed
    refused = judge_department(SURGERY, department_facts("口腔颌面外科"), PACK)
    assert refused.reasons[0].values["decision"] == "A20"


def test_a21_emergency_comes_with_its_script() -> None:
    refused = judge_department(OUTPATIENT, department_facts("急诊科"), PACK)
    assert refused.reasons[0].values["decision"] == "A21"
    assert sentence(refused.reasons[0].as_violation()).startswith(PACK.texts.emergency_script)
    dentist = judge_department(OUTPATIENT, department_facts("口腔科"), PACK)
    assert PACK.texts.emergency_script not in sentence(dentist.reasons[0].as_violation())
    assert PACK.scope.department_families["emergency"].shows_emergency_script
    assert "120" in PACK.texts.emergency_script


# ------------------------------------------------------------------------------------------------ R32, R33, A13, A14


@pytest.mark.parametrize(
    ("title", "allowed"),
    [
        ("主任医师", True),
        ("副主任医师", True),
        ("主任中医师", True),
        ("副主任中医师", True),
        ("主治医师", False),
        ("住院医师", False),
        ("普通门诊", False),
    ],
)
def test_r32_titles_of_an_outpatient_expert(title: str, allowed: bool) -> None:
    standing = judge_expert(PACK.scope.titles[title], [], PACK)
    assert (standing.is_allowed, standing.is_renowned, standing.limit_working_days) == (allowed, False, 7)
    assert judge_expert(PACK.scope.titles[title], [], PACK, service=SURGERY).is_allowed


def test_r32_an_unknown_title_warns() -> None:
    assert said(judge_expert(ExpertTitle.UNKNOWN, [], PACK).judgement) == ([], [ErrorCode.TITLE_UNKNOWN])


@pytest.mark.parametrize(
    ("honours", "renowned"),
    [
        (["院士"], True),
        (["教授"], True),
        (["博士生导师"], True),
        (["博导"], True),
        (["副教授"], False),
        (["副教授", "博士生导师"], True),
        ([], False),
    ],
)
def test_r33_honours_decide_and_the_decider_is_named(honours: list[str], renowned: bool) -> None:
    known = [PACK.scope.honours[word] for word in honours]
    standing = judge_expert(ExpertTitle.CHIEF_PHYSICIAN, known, PACK)
    assert standing.is_renowned is renowned
    assert (standing.limit_working_days, standing.limit_clause) == ((15, "R59") if renowned else (7, "R58"))
    assert ExpertHonour.ASSOCIATE_PROFESSOR.value not in standing.decided_by


def test_a13_a_lead_may_add_honours_and_a14_only_outpatient_knows_them() -> None:
    pack = replace(PACK, scope=replace(PACK.scope, further_renowned=frozenset({"国医大师"})))
    standing = judge_expert(ExpertTitle.CHIEF_PHYSICIAN, [], pack, further=["国医大师", "主席"])
    assert standing.decided_by == ("国医大师",)
    surgery = judge_expert(ExpertTitle.CHIEF_PHYSICIAN, [ExpertHonour.PROFESSOR], PACK, service=SURGERY)
    assert (surgery.is_renowned, surgery.limit_working_days) == (True, 15)
    assert surgery.limit_clause == "R61"
    stay = judge_expert(ExpertTitle.CHIEF_PHYSICIAN, [ExpertHonour.PROFESSOR], PACK, service=INPATIENT)
    assert stay.limit_working_days == 7


# ----------------------------------------------------------------------------------------------------- R35, R36, A32


@pytest.mark.parametrize(
    "name",
    [
        "血常规",
        "PET-CT",
        "PET/CT",
        "增强 CT",
        "头颅MRI平扫",
        "腹部彩超",
        "腰椎穿刺",
        "胸腔穿刺术",
        "无痛胃肠镜",
        "结肠镜",
    ],
)
def test_r35_examinations_that_are_covered(name: str) -> None:
    assert judge_examination(examination_facts(name), PACK) == Judgement()


@pytest.mark.parametrize("name", ["支气管镜", "骨髓穿刺", "穿刺活检", "胃镜下活检", "基因检测", "针灸", "心电图"])
def test_r35_a32_examinations_that_are_not(name: str) -> None:
    judgement = judge_examination(examination_facts(name), PACK)
    assert [(reason.code, reason.clause) for reason in judgement.reasons] == [
        (ErrorCode.EXAMINATION_NOT_COVERED, "R35")
    ]


def test_a32_the_order_may_code_it_as_laboratory_or_imaging() -> None:
    facts = examination_facts("基因检测", coded_as=ExaminationCode.LABORATORY)
    assert said(judge_examination(facts, PACK)) == ([], [ErrorCode.EXAMINATION_BY_ORDER_CODE])
    other = examination_facts("心电图", coded_as=ExaminationCode.LABORATORY)
    assert judge_examination(other, PACK) == Judgement()


def test_r36_the_order_comes_from_an_outpatient_visit() -> None:
    for stated in (False, None):
        judgement = judge_order(EXAMINATION, is_from_outpatient_visit=stated, pack=PACK)
        assert said(judgement) == ([ErrorCode.EXAMINATION_NOT_FROM_OUTPATIENT], [])
    assert judge_order(EXAMINATION, is_from_outpatient_visit=True, pack=PACK) == Judgement()
    assert judge_order(OUTPATIENT, is_from_outpatient_visit=None, pack=PACK) == Judgement()


# ----------------------------------------------------------------------------------------- R39 to R43, A31, A42

PLACE = RequestedPlace("鼓楼医院", "本部", "张医生")
NOTICE = NoticeFacts(
    MaterialKind.ADMISSION_NOTICE,
    date(2026, 9, 1),
    issuing_hospital="鼓楼医院",
    issuing_campus="本部",
    issuing_doctor="张医生",
)


def test_r40_the_admission_notice_is_issued_by_the_requested_hospital() -> None:
    assert judge_notice(INPATIENT, NOTICE, PLACE, PACK) == Judgement()
    elsewhere = judge_notice(INPATIENT, replace(NOTICE, issuing_hospital="中山医院"), PLACE, PACK)
    assert [(r.code, r.clause) for r in elsewhere.reasons] == [(ErrorCode.NOTICE_WRONG_HOSPITAL, "R40")]
    other_campus = judge_notice(INPATIENT, replace(NOTICE, issuing_campus="江北"), PLACE, PACK)
    assert said(other_campus) == ([], [ErrorCode.NOTICE_OTHER_CAMPUS])


@pytest.mark.parametrize(
    "notice",
    [
        None,
        replace(NOTICE, kind=MaterialKind.SURGERY_NOTICE),
        replace(NOTICE, is_cancelled=True),
        replace(NOTICE, is_legible=False),
    ],
)
def test_r39_a_missing_foreign_cancelled_or_illegible_notice_is_none(notice: NoticeFacts | None) -> None:
    assert said(judge_notice(INPATIENT, notice, PLACE, PACK)) == ([ErrorCode.NOTICE_MISSING], [])


def test_r39_the_notice_is_dated() -> None:
    assert said(judge_notice(INPATIENT, replace(NOTICE, issued_on=None), PLACE, PACK))[0] == [ErrorCode.NOTICE_UNDATED]


def test_r41_the_surgery_notice_is_issued_by_the_requested_doctor() -> None:
    notice = replace(NOTICE, kind=MaterialKind.SURGERY_NOTICE)
    assert judge_notice(SURGERY, notice, PLACE, PACK) == Judgement()
    other = replace(notice, issuing_doctor="李医生")
    refused = judge_notice(SURGERY, other, PLACE, PACK)
    assert [(r.code, r.clause) for r in refused.reasons] == [(ErrorCode.NOTICE_WRONG_DOCTOR, "R41")]
    assert said(judge_notice(SURGERY, replace(other, is_from_the_team=True), PLACE, PACK)) == (
        [],
        [ErrorCode.NOTICE_BY_TEAM],
    )
    unsigned = replace(notice, issuing_doctor="")
    assert not judge_notice(SURGERY, unsigned, RequestedPlace("鼓楼医院"), PACK).is_allowed


def test_r42_a42_the_examination_notice_of_another_hospital_is_refused() -> None:
    notice = replace(NOTICE, kind=MaterialKind.EXAMINATION_NOTICE, issuing_hospital="范围外医院")
    refused = judge_notice(EXAMINATION, notice, PLACE, PACK)
    assert [(r.code, r.clause) for r in refused.reasons] == [(ErrorCode.NOTICE_WRONG_HOSPITAL, "R42")]


def test_r43_outpatient_asks_for_no_notice() -> None:
    assert PACK.service(OUTPATIENT).notice is None
    assert judge_notice(OUTPATIENT, None, PLACE, PACK) == Judgement()
