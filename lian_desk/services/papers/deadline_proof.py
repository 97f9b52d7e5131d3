"""What stands on the 时限达标说明: every promise of a file with the way its end was reckoned (R55 to R62, A45)."""

from collections.abc import Sequence

from sqlalchemy import select

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.paper_forms.paper_views import DeadlineLine, DeadlineProofView, PauseLine, ProvenRequest
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.service_request import RequestPause, ServiceRequest
from lian_desk.models.vocabulary import ClockKind
from lian_desk.services.commands.clock_doubts import MARK
from lian_desk.services.papers import facts as document_facts
from lian_desk.services.papers import history as document_history
from lian_desk.services.papers.contents import PaperPlan, stamp
from lian_desk.services.papers.facts import Paper
from lian_desk.services.papers.history import BROKEN, KEPT, RUNNING, RequestFacts
from lian_desk.services.rules.citations import place_of, with_places
from lian_desk.services.words.wording import phrase

_CALLED_OFF = "不再计时"


def deadline_proof(plan: PaperPlan) -> DeadlineProofView:
    """Return the promises of every request of the file, oldest request first."""
    paper = plan.paper
    facts = document_history.read_requests(paper)
    runs = _runs(paper, facts)
    pauses = _pauses(paper, facts)
    return DeadlineProofView(
        stamp=stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        party=document_facts.party(paper),
        requests=tuple(
            _proven(paper, facts, request, (runs.get(request.id, ()), pauses.get(request.id, ())))
            for request in facts.requests
            if runs.get(request.id)
        ),
    )


def _runs(paper: Paper, facts: RequestFacts) -> dict[int, list[ClockRun]]:
    """Return all clocks by request, those of its application among them, in the order of the clocks."""
    keys = {request.id for request in facts.requests}
    applications = {
        request.application_id: request.id for request in facts.requests if request.application_id is not None
    }
    rows = paper.session.scalars(
        select(ClockRun)
        .where(ClockRun.service_request_id.in_(keys) | ClockRun.application_id.in_(applications))
        .order_by(ClockRun.started_at, ClockRun.id)
    ).all()
    order = list(ClockKind)
    found: dict[int, list[ClockRun]] = {}
    for row in rows:
        key = row.service_request_id if row.application_id is None else applications[row.application_id]
        if key is not None:
            found.setdefault(key, []).append(row)
    for runs in found.values():
        runs.sort(key=lambda run: order.index(run.kind))
    return found


def _pauses(paper: Paper, facts: RequestFacts) -> dict[int, list[RequestPause]]:
    found: dict[int, list[RequestPause]] = {}
    for row in paper.session.scalars(
        select(RequestPause)
        .where(RequestPause.service_request_id.in_([request.id for request in facts.requests]))
        .order_by(RequestPause.paused_at, RequestPause.id)
    ):
        found.setdefault(row.service_request_id, []).append(row)
    return found


def _proven(
    paper: Paper,
    facts: RequestFacts,
    request: ServiceRequest,
    times: tuple[Sequence[ClockRun], Sequence[RequestPause]],
) -> ProvenRequest:
    runs, pauses = times
    return ProvenRequest(
        number=request.number,
        service=phrase(request.kind),
        place=document_history.place_of(paper, request, facts),
        deadlines=tuple(_deadline(paper, request, run) for run in runs),
        pauses=tuple(
            PauseLine(reason=phrase(pause.reason), from_at=pause.paused_at, to_at=pause.resumed_at) for pause in pauses
        ),
        remarks=(*document_history.remarks_of(paper, request, facts), *_late_response(paper, request)),
    )


def _deadline(paper: Paper, request: ServiceRequest, run: ClockRun) -> DeadlineLine:
    if run.met_at is None and run.ended_at is not None:
        verdict, kept = (BROKEN, False) if run.ended_at > run.due_at else (_CALLED_OFF, None)
    else:
        verdict, kept = document_history.verdict_of(run, request, paper.now)
    label = phrase(run.kind)
    if run.is_provisional and verdict not in {KEPT, BROKEN}:
        verdict = f"{verdict or RUNNING}（暂定）"
    if run.clock_doubt is not None:
        # the workstation's clock was wrong at that time: the line says so instead of standing as proof
        verdict = f"{verdict}（{MARK}）"
    return DeadlineLine(
        label=label,
        started_at=run.started_at,
        due_at=run.due_at,
        met_at=run.met_at,
        verdict=verdict,
        kept=kept,
        derivation=with_places(run.derivation),
        place=place_of(run.clause),
        edition=run.handbook_edition,
    )


def _late_response(paper: Paper, request: ServiceRequest) -> list[str]:
    """Say how the first message was answered, where somebody wrote it down."""
    if request.application_id is None:
        return []
    row = paper.session.get(IncomingApplication, request.application_id)
    return [f"首次响应：{paper.told(row.response_note)}"] if row is not None and row.response_note else []
