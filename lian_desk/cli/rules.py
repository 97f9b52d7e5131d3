"""``lian-desk rules``: ask the handbook's rules without a workspace.

Times without a zone are Asia/Shanghai. Periods are FROM inclusive, TO exclusive. Answers go to standard output, as
JSON with ``--json``. Input that cannot be understood ends with code 2 and one sentence on standard error.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from lian_desk.models.catalogue import RulePack
    from lian_desk.models.clocks import Pause
    from lian_desk.models.reasons import Reason

Answer = dict[str, object]
EXIT_OK = 0
EXIT_WRONG_INPUT = 2
_BETWEEN_HONOURS = r"[\s、，,；;/]+"
_BOOKED_SERVICES = (
    "outpatient_coordination",
    "inpatient_coordination",
    "surgery_coordination",
    "expedited_examination",
)
_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from .+\)", r"参数 \1 不能取 \2"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"参数 \1 后面要有一个值"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (\S+?): (.+)", r"参数 \1：\2"),
)


class SentenceParser(argparse.ArgumentParser):
    """A parser whose refusal is one Chinese sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Print one sentence for ``message`` and leave with code 2."""
        for pattern, sentence in _MESSAGES:
            worded, count = re.subn(f"^{pattern}$", sentence, message, flags=re.DOTALL)
            if count:
                message = worded
                break
        self.exit(EXIT_WRONG_INPUT, f"{message}；用 {self.prog} --help 查看用法。\n")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``rules`` with its questions to the command line."""
    rules = subparsers.add_parser(
        "rules", help="按手册规则计算时限、资格与范围", description="按手册规则计算，不需要工作区。"
    )
    asked = rules.add_subparsers(dest="question", required=True, metavar="问题", parser_class=SentenceParser)
    _add_deadlines(asked)
    _add_response(asked)
    _add_eligibility(asked)
    _add_scope(asked)
    _add_expert(asked)


def _question(
    asked: "argparse._SubParsersAction[SentenceParser]",
    name: str,
    summary: str,
    answer: Callable[[argparse.Namespace], tuple[Answer, list[str]]],
) -> SentenceParser:
    parser = asked.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def run(arguments: argparse.Namespace) -> int:
        return _run(answer, arguments, parser)

    parser.set_defaults(run=run)
    return parser


def _run(
    answer: Callable[[argparse.Namespace], tuple[Answer, list[str]]],
    arguments: argparse.Namespace,
    parser: SentenceParser,
) -> int:
    from lian_desk.models.errors import RuleViolation
    from lian_desk.services.wording import sentence

    try:
        facts, lines = answer(arguments)
    except RuleViolation as problem:
        parser.exit(EXIT_WRONG_INPUT, f"{sentence(problem)}\n")
    except (ValueError, OverflowError):
        parser.exit(EXIT_WRONG_INPUT, "日期超出了可以计算的范围；请核对年份。\n")
    if arguments.json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(lines) + "\n")
    return EXIT_OK


# ------------------------------------------------------------------------------------------------------- input values


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写作 2026-11-20")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期 {text} 不存在") from None


def _moment(text: str) -> datetime:
    from lian_desk.models.working_time import SHANGHAI

    if not re.match(r"\d{4}-\d{2}-\d{2}(?:$|[T ])", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应写作 2026-11-20T20:58")
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应写作 2026-11-20T20:58") from None


def _period(text: str) -> tuple[datetime, datetime | None]:
    """Read FROM/TO; without TO the period lasts."""
    first, separator, last = text.partition("/")
    if not separator:
        raise argparse.ArgumentTypeError(f"“{text}”不是期间，应写作 起/止，例如 2026-02-24/2026-02-26")
    start, end = _moment(first), _moment(last) if last else None
    if end is not None and start >= end:
        raise argparse.ArgumentTypeError(f"期间 {text} 的起点须早于终点")
    return start, end


def _word(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("不能为空")
    return text.strip()


def _reasons(reasons: "Sequence[Reason]") -> list[dict[str, str]]:
    return [{"code": reason.code.value, "clause": reason.clause} for reason in reasons]


def _worded(mark: str, reasons: "Sequence[Reason]", pack: "RulePack") -> list[str]:
    from lian_desk.services.wording import sentence

    lines: list[str] = []
    for reason in reasons:
        clause = pack.clause(str(reason.values.get("decision", reason.clause)))
        lines.append(f"{mark}{sentence(reason.as_violation())}")
        lines.append(f"    依据 {clause.place}（{pack.label}）：{clause.text}")
    return lines


# ----------------------------------------------------------------------------------------------------------- deadlines


def _add_deadlines(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    from lian_desk.models.vocabulary import PauseReason

    parser = _question(asked, "deadlines", "需求确认后的 48 小时反馈与预约时效", _deadlines)
    parser.add_argument("--service", required=True, choices=_BOOKED_SERVICES, help="服务项目")
    parser.add_argument("--renowned", action="store_true", help="知名专家")
    parser.add_argument("--confirmed", required=True, type=_moment, metavar="时间", help="需求确认时间")
    parser.add_argument("--pause", action="append", default=[], type=_period, metavar="起/止", help="暂停期间，可重复")
    parser.add_argument(
        "--pause-reason",
        choices=[reason.value for reason in PauseReason],
        default=PauseReason.AWAITING_CUSTOMER.value,
        help="暂停原因；待客户答复与特殊医嘱只暂停预约时效",
    )


def _deadlines(arguments: argparse.Namespace) -> tuple[Answer, list[str]]:
    from lian_desk.models.clocks import booking_clock, feedback_clock
    from lian_desk.models.vocabulary import ServiceKind
    from lian_desk.services.calendars import build_calendar
    from lian_desk.services.rule_packs import load_current_pack

    pack, calendar = load_current_pack(), build_calendar()
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
    from lian_desk.models.clocks import Pause
    from lian_desk.models.vocabulary import PauseReason

    reason = PauseReason(arguments.pause_reason)
    return [Pause(reason, start, end) for start, end in arguments.pause]


# ------------------------------------------------------------------------------------------------------------ response


def _add_response(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "response", "收到消息后的首次响应时限", _response)
    parser.add_argument("--received", required=True, type=_moment, metavar="时间", help="收到消息的时间")


def _response(arguments: argparse.Namespace) -> tuple[Answer, list[str]]:
    from lian_desk.models.clocks import response_clock
    from lian_desk.services.calendars import build_calendar
    from lian_desk.services.rule_packs import load_current_pack

    deadline = response_clock(arguments.received, load_current_pack(), build_calendar())
    return {"response_due": deadline.due_at.isoformat()}, [f"响应时限  {deadline.derivation}"]


# --------------------------------------------------------------------------------------------------------- eligibility


def _add_eligibility(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "eligibility", "某一时刻保单是否可以使用服务", _eligibility)
    parser.add_argument("--effective", required=True, type=_day, metavar="日期", help="保单生效日")
    parser.add_argument("--at", required=True, type=_moment, metavar="时间", help="所问的时刻")
    parser.add_argument(
        "--suspended", action="append", default=[], type=_period, metavar="起/止", help="效力中止期间，可重复"
    )
    parser.add_argument("--terminated", type=_day, metavar="日期", help="合同终止日，自当日零时起")


def _eligibility(arguments: argparse.Namespace) -> tuple[Answer, list[str]]:
    from lian_desk.models.eligibility import PolicyFacts, StatusPeriod, check_policy
    from lian_desk.models.vocabulary import PolicyStatus
    from lian_desk.models.working_time import midnight
    from lian_desk.services.rule_packs import load_current_pack

    pack = load_current_pack()
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
    year = f"第 {answer.policy_year} 保单年度" if answer.policy_year is not None else "不在前10个保单年度内"
    lines = [f"{'可以使用服务' if answer.is_eligible else '不能使用服务'}（{year}）"]
    lines += _worded("× ", answer.reasons, pack) + _worded("! ", answer.warnings, pack)
    return facts, lines


# --------------------------------------------------------------------------------------------------------------- scope


def _add_scope(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    from lian_desk.models.vocabulary import ServiceKind

    parser = _question(asked, "scope", "医院与科室是否在服务范围内", _scope)
    parser.add_argument("--city", required=True, type=_word, metavar="城市", help="院区所在城市，可带“市”")
    parser.add_argument("--level", required=True, type=_word, metavar="等级", help="院区等级，例如 三甲")
    parser.add_argument("--cancer", action="store_true", help="肿瘤专科医院")
    parser.add_argument("--department", type=_word, metavar="科室", help="科室名称")
    parser.add_argument(
        "--service",
        choices=[kind.value for kind in ServiceKind],
        default=ServiceKind.OUTPATIENT_COORDINATION.value,
        help="服务项目，默认门诊协调",
    )


def _scope(arguments: argparse.Namespace) -> tuple[Answer, list[str]]:
    from lian_desk.models.scope import CampusFacts, judge_campus, judge_department
    from lian_desk.models.vocabulary import HospitalSpecialty, ServiceKind
    from lian_desk.services.departments import department_facts
    from lian_desk.services.regions import find_city
    from lian_desk.services.rule_packs import load_current_pack

    pack = load_current_pack()
    service = ServiceKind(arguments.service)
    level = pack.scope.level_names.get(arguments.level)
    if level is None:
        raise _not_understood(arguments.level, f"等级可写 {'、'.join(pack.scope.level_names)}")
    specialty = HospitalSpecialty.CANCER if arguments.cancer else HospitalSpecialty.GENERAL
    judgement = judge_campus(CampusFacts(find_city(arguments.city), arguments.city, level, specialty), pack, service)
    if arguments.department is not None:
        judgement += judge_department(service, department_facts(arguments.department), pack)
    facts: Answer = {"in_scope": judgement.is_allowed, "reasons": _reasons(judgement.reasons)}
    lines = ["在服务范围内" if judgement.is_allowed else "不在服务范围内"]
    lines += _worded("× ", judgement.reasons, pack) + _worded("! ", judgement.warnings, pack)
    return facts, lines


# -------------------------------------------------------------------------------------------------------------- expert


def _add_expert(asked: "argparse._SubParsersAction[SentenceParser]") -> None:
    parser = _question(asked, "expert", "专家能否预约、是否知名专家", _expert)
    parser.add_argument("--title", required=True, type=_word, metavar="职称", help="例如 主任医师")
    parser.add_argument("--honour", action="append", default=[], type=_word, metavar="头衔", help="例如 教授，可重复")


def _expert(arguments: argparse.Namespace) -> tuple[Answer, list[str]]:
    from lian_desk.models.scope import judge_expert
    from lian_desk.services.rule_packs import load_current_pack
    from lian_desk.services.wording import phrase

    pack = load_current_pack()
    title = pack.scope.titles.get(arguments.title)
    if title is None:
        raise _not_understood(arguments.title, f"职称可写 {'、'.join(pack.scope.titles)}，头衔请用 --honour")
    words = [word for given in arguments.honour for word in re.split(_BETWEEN_HONOURS, given) if word]
    known = [pack.scope.honours[word] for word in words if word in pack.scope.honours]
    standing = judge_expert(title, known, pack, further=words)
    facts: Answer = {
        "allowed": standing.is_allowed,
        "renowned": standing.is_renowned,
        "limit_working_days": standing.limit_working_days,
    }
    decided = [phrase(honour) for honour in known if honour.value in standing.decided_by]
    decided += [word for word in standing.decided_by if word in words]
    renowned = f"知名专家（{'、'.join(decided)}）" if standing.is_renowned else "非知名专家"
    lines = [
        f"{'可以预约' if standing.is_allowed else '不能预约'} · {renowned} · {standing.limit_working_days} 个工作日"
    ]
    lines += _worded("× ", standing.judgement.reasons, pack) + _worded("! ", standing.judgement.warnings, pack)
    unknown = [word for word in words if word not in pack.scope.honours and word not in standing.decided_by]
    if unknown:
        lines.append(f"! 头衔“{'、'.join(unknown)}”不在名单内，不作为知名专家的依据（{pack.clause('A13').text}）")
    clause = pack.clause(standing.limit_clause)
    lines.append(f"    依据 {clause.place}（{pack.label}）：{clause.text}")
    return facts, lines


def _not_understood(value: str, expected: str) -> Exception:
    from lian_desk.models.errors import ErrorCode, RuleViolation

    return RuleViolation(ErrorCode.VALUE_NOT_UNDERSTOOD, value=value, expected=expected)
