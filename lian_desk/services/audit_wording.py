"""The words of the audit log: one phrase per command, for the eye of a lead or an auditor."""

_REFUSED = "refused:"

_PHRASES = {
    "RecordApplication": "录入申请",
    "RespondToApplication": "记录首次响应",
    "SettleApplication": "结束申请",
    "OpenAssistanceFile": "建立档案",
    "AddDisease": "登记疾病",
    "AddHistory": "更新病史与用药",
    "RecordGuardian": "登记监护人",
    "ChangePhone": "更新联系电话",
    "AddNote": "写入档案记录",
    "RecordReveal": "显示完整个人信息",
    "ReassignFile": "转派专案管家",
    "RecordAuthorization": "登记信息授权",
    "VerifyAuthorization": "核实信息授权",
    "WithdrawAuthorization": "撤回信息授权",
    "SuspendPolicy": "登记保单中止",
    "ReinstatePolicy": "登记效力恢复",
    "TerminatePolicy": "登记合同终止",
    "VerifyPolicyStatus": "核实保单状态",
    "TakeInHospitalList": "导入医院清单",
}


def audit_phrase(kind: str) -> str:
    """Return the phrase of an audit entry's kind; a refused command says so.

    An entry of a newer program has no phrase here and shows its own name: a log hides nothing.
    """
    if kind.startswith(_REFUSED):
        return f"未通过：{audit_phrase(kind.removeprefix(_REFUSED))}"
    return _PHRASES.get(kind, kind)


def worded_kinds() -> frozenset[str]:
    """Return the kinds that have a phrase: for the test that walks every command."""
    return frozenset(_PHRASES)
