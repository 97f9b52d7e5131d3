"""``lian-desk rules``: ask the handbook's rules without a workspace.

Times without a zone are Asia/Shanghai. Periods are FROM inclusive, TO exclusive. Answers go to standard output, as
JSON with ``--json``. Input that cannot be understood ends with code 2 and one sentence on standard error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lian_desk.cli.exit_codes import BAD_INPUT, DONE
from lian_desk.cli.rule_input import Sources, add_sources, day, load_sources, moment, not_understood, period, word
from lian_desk.cli.sentence_parser import SentenceParser

if TYPE_CHECKING:
    from lian_desk.models.reasons import Reason
    from lian_desk.models.rules.catalogue import RulePack
    from lian_desk.models.rules.clocks import Pause

Answer = dict[str, object]
#: Problems of a file that an option names: wrong input, not a broken machine.
_FILE_PROBLEMS = frozenset({"rule_pack_damaged", "calendar_damaged", "import_file_unreadable", "import_file_too_large"})
Ask = Callable[[argparse.Namespace, Sources], tuple[Answer, list[str]]]
_BOOKED_SERVICES = (
    "outpatient_coordination",
    "inpatient_coordination",
    "surgery_coordination",
    "expedited_examination",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``rules`` with its questions to the command line."""
    rules = subparsers.add_parser(
        "rules",
        help="按手册规则计算时限、资格与范围",
        description="按手册规则计算，不需要工作区；也可以按某个工作区、某份规则包或另加的放假安排计算。",
    )
    asked = rules.add_subparsers(dest="question", required=True, metavar="问题", parser_class=SentenceParser)
    _add_deadlines(asked)
    _add_response(asked)
    _add_eligibility(asked)
    _add_scope(asked)
    _add_expert(asked)
    _add_states(asked)


def _question(
    asked: "argparse._SubParsersAction[SentenceParser]",
    name: str,
    summary: str,
    answer: Ask,
) -> SentenceParser:
    parser = asked.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    add_sources(parser)

    def run(arguments: argparse.Namespace) -> int:
        return _run(answer, arguments, parser)

    parser.set_defaults(run=run)
    return parser


def _run(
    answer: Ask,
    arguments: argparse.Namespace,
    parser: SentenceParser,
) -> int:
    from lian_desk.models.errors import EnvironmentProblem, RuleViolation
    from lian_desk.services.words.wording import sentence

    try:
        facts, lines = answer(arguments, load_sources(arguments))
    except RuleViolation as problem:
        parser.exit(BAD_INPUT, f"{sentence(problem)}\n")
    except EnvironmentProblem as problem:
        if problem.code not in _FILE_PROBLEMS:
            raise
        parser.exit(BAD_INPUT, f"{sentence(problem)}\n")
    except (ValueError, OverflowError):
        parser.exit(BAD_INPUT, "日期超出了可以计算的范围；请核对年份。\n")
    if arguments.json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(lines) + "\n")
    return DONE


def _reasons(reasons: "Sequence[Reason]") -> list[dict[str, str]]:
    return [{"code": reason.code.value, "clause": reason.clause} for reason in reasons]


def _worded(mark: str, reasons: "Sequence[Reason]", pack: "RulePack") -> list[str]:
    from lian_desk.services.words.wording import sentence

    lines: list[str] = []
    for reason in reasons:
        clause = pack.clause(str(reason.values.get("decision", reason.clause)))
        lines.append(f"{mark}{sentence(reason.as_violation())}")
        lines.append(f"    依据 {clause.place}（{pack.label}）：{clause.text}")
    return lines


# ----------------------------------------------------------------------------------------------------------- deadlines


def _add_deadlines(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    from lian_desk.models.vocabulary import PauseReason

    parser = _question(asked, "deadlines", "需求确认后的反馈与预约时限", _deadlines)
    parser.add_argument("--service", required=True, choices=_BOOKED_SERVICES, help="服务项目")
    parser.add_argument("--renowned", action="store_true", help="知名专家")
    parser.add_argument("--confirmed", required=True, type=moment, metavar="时间", help="需求确认时间")
    parser.add_argument("--pause", action="append", default=[], type=period, metavar="起/止", help="暂停期间，可重复")
    parser.add_argument(
        "--pause-reason",
        choices=[reason.value for reason in PauseReason],
        default=PauseReason.AWAITING_CUSTOMER.value,
        help="暂停原因；待客户答复与特殊医嘱只暂停预约时限",
    )


def _deadlines(arguments: argparse.Namespace, sources: Sources) -> tuple[Answer, list[str]]:
    from lian_desk.models.rules.clocks import booking_clock, feedback_clock
    from lian_desk.models.vocabulary import ServiceKind

    pack, calendar = sources.pack, sources.calendar
    kind = ServiceKind(arguments.service)
    pauses = _pauses(arguments)
    notice = feedback_clock(arguments.confirmed, pack, calendar, kind=kind, pauses=pauses)
    booking = booking_clock(
        arguments.confirmed, pack, calendar, kind=kind, is_renowned=arguments.renowned, pauses=pauses
    )
    facts: Answer = {
        "notice_due": notice.due_at.isoformat(),
        "notice_internal_due": notice.internal_due_at.isoformat(),
        "booking_due": booking.due_at.isoformat(),
        "provisional": notice.is_provisional or booking.is_provisional,
        "derivation": f"反馈：{notice.derivation}；预约：{booking.derivation}",
    }
    lines = [f"反馈时限  {notice.derivation}", f"预约时限  {booking.derivation}"]
    if booking.window_opens_on is not None:
        lines.append(f"预约窗口  自 {booking.window_opens_on} 起（提前约成亦可）")
    lines += [
        f"依据  {pack.clause(clause).place}（{pack.label}）：{pack.clause(clause).text}"
        for clause in dict.fromkeys((*notice.clauses, *booking.clauses))
    ]
    return facts, lines


def _pauses(arguments: argparse.Namespace) -> "list[Pause]":
    from lian_desk.models.rules.clocks import Pause
    from lian_desk.models.vocabulary import PauseReason

    reason = PauseReason(arguments.pause_reason)
    return [Pause(reason, start, end) for start, end in arguments.pause]


# ------------------------------------------------------------------------------------------------------------ response


def _add_response(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "response", "收到消息后的首次响应时限", _response)
    parser.add_argument("--received", required=True, type=moment, metavar="时间", help="收到消息的时间")


def _response(arguments: argparse.Namespace, sources: Sources) -> tuple[Answer, list[str]]:
    from lian_desk.models.rules.clocks import response_clock

    deadline = response_clock(arguments.received, sources.pack, sources.calendar)
    return {"response_due": deadline.due_at.isoformat()}, [f"响应时限  {deadline.derivation}"]


# --------------------------------------------------------------------------------------------------------- eligibility


def _add_eligibility(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "eligibility", "某一时刻保单是否可以使用服务", _eligibility)
    parser.add_argument("--effective", required=True, type=day, metavar="日期", help="保单生效日")
    parser.add_argument("--at", required=True, type=moment, metavar="时间", help="所问的时刻")
    parser.add_argument(
        "--suspended", action="append", default=[], type=period, metavar="起/止", help="效力中止期间，可重复"
    )
    parser.add_argument("--terminated", type=day, metavar="日期", help="合同终止日，自当日零时起")


def _eligibility(arguments: argparse.Namespace, sources: Sources) -> tuple[Answer, list[str]]:
    from lian_desk.models.rules.eligibility import PolicyFacts, StatusPeriod, check_policy
    from lian_desk.models.rules.working_time import midnight
    from lian_desk.models.vocabulary import PolicyStatus

    pack = sources.pack
    periods = [StatusPeriod(PolicyStatus.SUSPENDED, start, end) for start, end in arguments.suspended]
    if arguments.terminated is not None:
        periods.append(StatusPeriod(PolicyStatus.TERMINATED, midnight(arguments.terminated)))
    policy = PolicyFacts(pack.product.code, arguments.effective, tuple(periods), status_checked_at=arguments.at)
    answer = check_policy(policy, arguments.at, pack)
    facts: Answer = {
        "eligible": answer.is_eligible,
        "policy_year": answer.policy_year,
        "reasons": _reasons(answer.reasons),
    }
    year = (
        f"第 {answer.policy_year} 保单年度"
        if answer.policy_year is not None
        else f"不在前{pack.thresholds.covered_policy_years}个保单年度内"
    )
    lines = [f"{'可以使用服务' if answer.is_eligible else '不能使用服务'}（{year}）"]
    lines += _worded("× ", answer.reasons, pack) + _worded("! ", answer.warnings, pack)
    return facts, lines


# --------------------------------------------------------------------------------------------------------------- scope


def _add_scope(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    from lian_desk.models.vocabulary import ServiceKind

    parser = _question(asked, "scope", "医院与科室是否在服务范围内", _scope)
    parser.add_argument("--city", required=True, type=word, metavar="城市", help="院区所在城市，可带“市”")
    parser.add_argument("--level", required=True, type=word, metavar="等级", help="院区等级，例如 三甲")
    parser.add_argument("--cancer", action="store_true", help="肿瘤专科医院")
    parser.add_argument("--department", type=word, metavar="科室", help="科室名称")
    parser.add_argument(
        "--service",
        choices=[kind.value for kind in ServiceKind],
        default=ServiceKind.OUTPATIENT_COORDINATION.value,
        help="服务项目，默认门诊协调",
    )


def _scope(arguments: argparse.Namespace, sources: Sources) -> tuple[Answer, list[str]]:
    from lian_desk.models.rules.scope import CampusFacts, judge_campus, judge_department
    from lian_desk.models.vocabulary import HospitalSpecialty, ServiceKind
    from lian_desk.services.reference_data.departments import department_facts
    from lian_desk.services.reference_data.regions import find_city
    from lian_desk.services.words.rank_words import find_level

    pack = sources.pack
    service = ServiceKind(arguments.service)
    level = find_level(arguments.level, pack)
    if level is None:
        raise not_understood(arguments.level, f"等级可写 {'、'.join(pack.scope.level_names)}")
    specialty = HospitalSpecialty.CANCER if arguments.cancer else HospitalSpecialty.GENERAL
    judgement = judge_campus(CampusFacts(find_city(arguments.city), arguments.city, level, specialty), pack, service)
    if arguments.department is not None:
        judgement += judge_department(service, department_facts(arguments.department), pack)
    facts: Answer = {
        "in_scope": judgement.is_allowed,
        "reasons": _reasons(judgement.reasons),
        "hospital_list_is_sample": bool(sources.list_notice),
    }
    lines = ["在服务范围内" if judgement.is_allowed else "不在服务范围内"]
    lines += _worded("× ", judgement.reasons, pack) + _worded("! ", judgement.warnings, pack)
    if sources.list_notice:
        lines.append(f"! {sources.list_notice}")
    return facts, lines


# -------------------------------------------------------------------------------------------------------------- expert


def _add_expert(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "expert", "专家能否预约、是否知名专家", _expert)
    parser.add_argument("--title", required=True, type=word, metavar="职称", help="例如 主任医师")
    parser.add_argument("--honour", action="append", default=[], type=word, metavar="头衔", help="例如 教授，可重复")


def _expert(arguments: argparse.Namespace, sources: Sources) -> tuple[Answer, list[str]]:
    from lian_desk.models.rules.scope import judge_expert
    from lian_desk.services.words.rank_words import read_ranks
    from lian_desk.services.words.wording import phrase

    pack = sources.pack
    ranks = read_ranks(arguments.title, arguments.honour, pack)
    if ranks.title is None:
        raise not_understood(arguments.title, f"职称可写 {'、'.join(pack.scope.titles)}，头衔请用 --honour")
    standing = judge_expert(ranks.title, ranks.honours, pack, further=ranks.unknown)
    facts: Answer = {
        "allowed": standing.is_allowed,
        "renowned": standing.is_renowned,
        "limit_working_days": standing.limit_working_days,
    }
    decided = [phrase(honour) for honour in ranks.honours if honour.value in standing.decided_by]
    decided += [name for name in standing.decided_by if name in ranks.unknown]
    renowned = f"知名专家（{'、'.join(decided)}）" if standing.is_renowned else "非知名专家"
    lines = [
        f"{'可以预约' if standing.is_allowed else '不能预约'} · {renowned} · {standing.limit_working_days} 个工作日"
    ]
    lines += _worded("× ", standing.judgement.reasons, pack) + _worded("! ", standing.judgement.warnings, pack)
    unknown = [name for name in ranks.unknown if name not in standing.decided_by]
    if unknown:
        lines.append(f"! 头衔“{'、'.join(unknown)}”不在名单内，不作为知名专家的依据（{pack.clause('A13').text}）")
    clause = pack.clause(standing.limit_clause)
    lines.append(f"    依据 {clause.place}（{pack.label}）：{clause.text}")
    return facts, lines


# -------------------------------------------------------------------------------------------------------------- states


def _add_states(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    summary = "列出服务状态：每一步从哪里到哪里、需要什么、有什么后果"
    parser = asked.add_parser("states", help=summary, description=summary, allow_abbrev=False)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="以 JSON 输出")
    form.add_argument("--page", action="store_true", help="输出 docs/STATES.md 的内容")
    parser.set_defaults(run=_tell_states)


def _tell_states(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from lian_desk.services.request_views.state_pages import state_lines, states_page

    if arguments.page:
        sys.stdout.write(states_page())
    elif arguments.json:
        sys.stdout.write(json.dumps([asdict(line) for line in state_lines()], ensure_ascii=False) + "\n")
    else:
        for line in state_lines():
            who = "（主管）" if line.is_lead_only else ""
            sys.stdout.write(
                f"{line.move}{who}：{'、'.join(line.sources)} → {line.target}（{line.clause}，{line.services}）\n"
            )
            for name, words in (("需要", line.needs), ("后果", line.effects)):
                if words:
                    sys.stdout.write(f"    {name}：{'、'.join(words)}\n")
    return DONE
