"""Turn the TOML of a handbook edition into the frozen dataclasses of ``models/rules/catalogue.py``.

Strict: an unknown key, a missing key, a clause that is not quoted or a word outside its vocabulary refuses the pack
(``RULE_PACK_DAMAGED`` names the place).
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from lian_desk.adapters.database.strict_tables import Table, Values
from lian_desk.models import vocabulary as v
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules import catalogue as c
from lian_desk.models.rules.working_time import ServiceHours

E = TypeVar("E", bound=StrEnum)

_LINE = re.compile(r"line (\d+)")


def read_rule_pack(content: bytes) -> c.RulePack:
    """Return the pack in ``content`` (TOML, UTF-8) after checking its shape and its references.

    Raises:
        EnvironmentProblem: ``RULE_PACK_DAMAGED`` with the place in ``detail``.
    """
    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EnvironmentProblem(ErrorCode.RULE_PACK_DAMAGED, edition="", detail=_place_of(error)) from error
    table = Table(document, str(document.get("edition", "")))
    pack = _pack(table, hashlib.sha256(content).hexdigest())
    table.close()
    _check_references(pack, table)
    return pack


def _place_of(error: ValueError) -> str:
    """Say where a file stops being TOML; the parser's own words are English and stay out."""
    found = _LINE.search(str(error))
    return f"第 {found.group(1)} 行不是有效的 TOML" if found else "不是有效的 TOML 文件"


def _pack(table: Table, checksum: str) -> c.RulePack:
    services = [_service(row) for row in table.tables("service")]
    pauses = [_pause(row) for row in table.tables("pause")]
    warnings = [_warning(row) for row in table.tables("warning")]
    return c.RulePack(
        edition=table.get("edition", str),
        title=table.get("title", str),
        label=table.get("label", str),
        effective_on=table.get("effective_on", date),
        insurer=_party(table.table("insurer")),
        provider=_party(table.table("provider")),
        product=_product(table.table("product")),
        service_hours=_hours(table.table("service_hours")),
        thresholds=_thresholds(table.table("thresholds")),
        services=MappingProxyType({rule.kind: rule for rule in services}),
        scope=_scope(table.table("scope")),
        pauses=MappingProxyType({rule.reason: rule for rule in pauses}),
        warnings=MappingProxyType({rule.clock: rule for rule in warnings}),
        texts=_texts(table.table("texts")),
        clauses=_clauses(table.table("clauses")),
        vectors=tuple(_vector(row) for row in table.tables("vector")),
        checksum=checksum,
    )


def _party(table: Table) -> c.Party:
    party = c.Party(table.get("name", str), table.get("short_name", str), table.get("hotline", str))
    table.close()
    return party


def _product(table: Table) -> c.Product:
    product = c.Product(table.get("code", str), table.get("name", str), table.get("clause", str))
    table.close()
    return product


def _hours(table: Table) -> ServiceHours:
    hours = ServiceHours(table.get("opens", time), table.get("closes", time))
    table.get("clause", str)
    table.close()
    if hours.opens >= hours.closes:
        raise table.problem("service_hours 先后不对")
    return hours


def _thresholds(table: Table) -> c.Thresholds:
    values = Values(table)
    numbers = {
        name: values.require_number(name)
        for name in (
            "covered_policy_years",
            "adult_age",
            "response_minutes",
            "snapshot_days",
            "term_warning_days",
            "stale_working_days",
            "reminder_working_days",
            "attendance_unknown_working_days",
            "in_stay_working_days",
            "call_attempts",
            "call_attempt_hours",
        )
    }
    table.close()
    return c.Thresholds(**numbers, clauses=MappingProxyType(values.clauses))


def _pause(table: Table) -> c.PauseRule:
    rule = c.PauseRule(
        table.member("reason", v.PauseReason), table.members("stops", v.ClockKind), table.get("clause", str)
    )
    table.close()
    return rule


def _warning(table: Table) -> c.WarningRule:
    rule = c.WarningRule(
        table.member("clock", v.ClockKind),
        table.get("notice_minutes", int),
        table.get("urgent_minutes", int),
        table.get("clause", str),
    )
    table.close()
    return rule


def _service(table: Table) -> c.ServiceRule:
    values = Values(table)
    attendance = values.field("attendance")
    notice = table.optional_table("notice")
    rule = c.ServiceRule(
        kind=table.member("kind", v.ServiceKind),
        label=table.get("label", str),
        uses=values.number("uses"),
        feedback_hours=values.number("feedback_hours"),
        feedback_business_days=values.number("feedback_business_days"),
        booking_from_days=values.number("booking_from_days"),
        booking_days=values.number("booking_days"),
        renowned_days=values.number("renowned_days"),
        notice=_notice(notice) if notice is not None else None,
        excluded_departments=values.words("excluded_departments"),
        titles=values.members("titles", v.ExpertTitle),
        examinations=values.members("examinations", v.ExaminationCode),
        needs_outpatient_order=values.is_set("needs_outpatient_order"),
        has_stay=values.is_set("has_stay"),
        attendance=attendance.member("value", v.AttendanceKind) if attendance is not None else None,
        checklist=_checklist(table.table("checklist")),
        follow_ups=tuple(_follow_up(row) for row in table.tables("follow_up")),
        start_warning=table.words("start_warning"),
        clauses=MappingProxyType(values.clauses),
    )
    table.close()
    return rule


def _notice(table: Table) -> c.NoticeRule:
    rule = c.NoticeRule(
        table.member("kind", v.MaterialKind),
        table.member("issuer", c.NoticeIssuer),
        table.get("clause", str),
        table.get("campus_clause", str),
    )
    table.close()
    return rule


def _checklist(table: Table) -> tuple[c.ChecklistItem, ...]:
    items: list[c.ChecklistItem] = []
    for row in table.tables("items"):
        certainty = row.get("certainty", str, "")
        items.append(
            c.ChecklistItem(
                kind=row.member("kind", v.MaterialKind),
                is_required=row.get("required", bool, default=False),
                clause=row.get("clause", str),
                certainty=row.as_member(certainty, v.Certainty) if certainty else None,
            )
        )
        row.close()
    table.close()
    return tuple(items)


def _follow_up(table: Table) -> c.FollowUpStep:
    step = c.FollowUpStep(
        table.member("kind", v.FollowUpKind),
        table.get("offset", int),
        table.member("unit", v.DayUnit),
        table.get("label", str),
        table.get("clause", str),
    )
    table.close()
    return step


def _scope(table: Table) -> c.ScopeRules:
    values = Values(table)
    values.clause_only(
        "outside", "campus", "hospital_list", "cancer_outpatient", "examination_outside", "obstetrics", "emergency"
    )
    families = [_family(row) for row in table.tables("department")]
    scope = c.ScopeRules(
        provinces=values.words("provinces"),
        named_cities=values.words("named_cities"),
        standings=values.members("standings", c.CityStanding),
        levels=values.members("levels", v.HospitalLevel),
        specialties=values.members("specialties", v.HospitalSpecialty),
        level_names=_names(table.table("level_names"), v.HospitalLevel),
        titles=_names(table.table("title_names"), v.ExpertTitle),
        renowned=values.members("renowned", v.ExpertHonour),
        honours=_names(table.table("honour_names"), v.ExpertHonour),
        further_renowned=values.words("further_renowned"),
        coded_examinations=values.members("coded_examinations", v.ExaminationCode),
        department_families=MappingProxyType({family.code: family for family in families}),
        clauses=MappingProxyType(values.clauses),
    )
    table.close()
    return scope


def _names(table: Table, vocabulary: type[E]) -> Mapping[str, E]:
    names = {word: table.as_member(key, vocabulary) for key in table.keys() for word in table.words(key)}  # noqa: SIM118 - see _clauses
    return MappingProxyType(names)


def _family(table: Table) -> c.DepartmentFamily:
    family = c.DepartmentFamily(
        code=table.get("code", str),
        label=table.get("label", str),
        clause=table.get("clause", str),
        lead_may_allow=frozenset(table.words("lead_may_allow")),
        lead_clause=table.get("lead_clause", str, ""),
        shows_emergency_script=table.get("shows_emergency_script", bool, default=False),
    )
    table.close()
    return family


def _texts(table: Table) -> c.Texts:
    texts = c.Texts(
        notices=table.words("notices"),
        truth_declaration=table.get("truth_declaration", str),
        authorization=table.get("authorization", str),
        incomplete_information=table.get("incomplete_information", str),
        emergency_script=table.get("emergency_script", str),
        fees=table.get("fees", str),
        record_footer=table.get("record_footer", str),
        red_flag_words=table.words("red_flag_words"),
        claim_words=table.words("claim_words"),
        diagnosis_words=table.words("diagnosis_words"),
    )
    table.close()
    return texts


def _clauses(table: Table) -> Mapping[str, c.Clause]:
    clauses: dict[str, c.Clause] = {}
    for clause_id in table.keys():  # noqa: SIM118 - marks every key as read
        row = table.table(clause_id)
        clauses[clause_id] = c.Clause(clause_id, row.get("place", str), row.get("text", str))
        row.close()
    return MappingProxyType(clauses)


def _vector(table: Table) -> c.RuleVector:
    vector = c.RuleVector(
        table.get("id", str), table.get("call", str), table.get("given", dict), table.get("expected", dict)
    )
    table.close()
    return vector


def _check_references(pack: c.RulePack, table: Table) -> None:
    missing = sorted(_cited(pack) - set(pack.clauses))
    if missing:
        raise table.problem(f"引用的条款不存在：{'、'.join(missing)}")
    for vocabulary, present in (
        (v.ServiceKind, pack.services),
        (v.PauseReason, pack.pauses),
        (v.ClockKind, pack.warnings),
    ):
        lacking = [member.value for member in vocabulary if member not in present]
        if lacking:
            raise table.problem(f"缺少 {'、'.join(lacking)}")
    for rule in pack.services.values():
        unknown = rule.excluded_departments - set(pack.scope.department_families)
        if unknown:
            raise table.problem(f"{rule.kind}: 未知科室类别 {'、'.join(sorted(unknown))}")
        low, high = rule.booking_from_days or 1, rule.booking_days or rule.booking_from_days or 1
        if low > high:
            raise table.problem(f"{rule.kind}: 预约时限先后不对")


def _cited(pack: c.RulePack) -> set[str]:
    cited = {pack.product.clause, *pack.thresholds.clauses.values(), *pack.scope.clauses.values(), *pack.texts.notices}
    cited.update(rule.clause for rule in pack.pauses.values())
    cited.update(rule.clause for rule in pack.warnings.values())
    for family in pack.scope.department_families.values():
        cited.update(filter(None, (family.clause, family.lead_clause)))
    for rule in pack.services.values():
        cited.update(rule.clauses.values(), rule.start_warning)
        cited.update(item.clause for item in rule.checklist)
        cited.update(step.clause for step in rule.follow_ups)
        if rule.notice is not None:
            cited.update((rule.notice.clause, rule.notice.campus_clause))
    return cited
