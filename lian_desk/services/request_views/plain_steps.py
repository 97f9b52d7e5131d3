"""Steps of a request that ask for nothing but a yes: their command, and what it does in one sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lian_desk.services.commands.commands import Command
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.service_requests import AwaitStart, BeginCoordination, StartReview, SubmitRequest


@dataclass(frozen=True, slots=True)
class PlainStep:
    """A step without a form: ``make`` takes the key of the command and of the request."""

    make: Callable[[int, int], Command]
    effect: str


PLAIN_STEPS: Final[dict[RequestAction, PlainStep]] = {
    RequestAction.SUBMIT: PlainStep(
        lambda command_id, key: SubmitRequest(command_id=command_id, request_id=key),
        "申请提交后进入服务审核，不扣除权益次数。",
    ),
    RequestAction.START_REVIEW: PlainStep(
        lambda command_id, key: StartReview(command_id=command_id, request_id=key),
        "申请转入审核中，由您审核；三项核对另行登记。",
    ),
    RequestAction.BEGIN_COORDINATION: PlainStep(
        lambda command_id, key: BeginCoordination(command_id=command_id, request_id=key),
        "开始与医院协调，反馈与预约时限照常计算，不扣除权益次数。",
    ),
    RequestAction.AWAIT_START: PlainStep(
        lambda command_id, key: AwaitStart(command_id=command_id, request_id=key),
        "等待被保险人确认开启；等待期间预约时限暂停，尚不扣除权益次数。",
    ),
}
