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
    "DeclareForceMajeure": "登记不可抗力",
    "EndForceMajeure": "结束不可抗力",
    "RecordRestriction": "登记医院限制预约",
    "LiftRestriction": "解除医院限制预约",
    "RecordComplaint": "登记投诉",
    "RecordDisclosure": "登记信息提供",
    "TakeInHospitalList": "载入医院清单",
    "TakeInShippedList": "载入随程序附带的医院清单",
    "ImportHospitalList": "导入医院清单",
    "ImportCalendarYear": "导入工作日历",
    "CorrectCalendarDay": "更正工作日历",
    "ConfirmClock": "核对本机时钟",
    "clock_suspicious": "本机时钟可疑",
    "OpenRequest": "发起服务申请",
    "SubmitRequest": "提交服务申请",
    "StartReview": "开始审核",
    "RecordReview": "记录服务审核",
    "MaterialArrived": "补件到齐",
    "ConfirmRequirement": "确认需求",
    "BeginCoordination": "开始协调",
    "RecordCoordinationNotice": "反馈协调情况",
    "AwaitStart": "等待客户确认开启",
    "ConfirmStart": "确认开启服务",
    "ReverseStart": "冲正权益",
    "WithdrawRequest": "开启前撤回",
    "PauseRequest": "暂停服务",
    "ResumeRequest": "恢复服务",
    "ArchiveRequest": "归档",
    "RecordBookingAttempt": "记录预约尝试",
    "RecordBooking": "记录预约成功",
    "SendInstructions": "告知结果与注意事项",
    "RecordAttendance": "记录到院",
    "CompleteService": "确认服务完成",
    "RecordNoShow": "记录爽约",
    "CancelByInsured": "记录客户取消",
    "RescheduleByHospital": "医院原因改期",
    "RecordNotBooked": "记录未约成",
    "PlanFollowUp": "安排随访",
    "RecordFollowUp": "记录随访",
    "CloseFollowUp": "关闭随访",
    "MoveFollowUp": "调整随访日期",
    "RecordEducation": "记录宣教",
    "PlanReminder": "安排提醒",
    "RecordReminderSent": "记录已提醒",
    "CancelReminder": "取消提醒",
    "IssueDocument": "签发文书",
    "SealDocument": "封存文书",
    "RecordPrint": "打印文书",
    "AddMaterial": "收取材料",
    "ClassifyMaterial": "材料分类",
    "ConfirmMaterial": "核对材料",
    "MarkMaterialDeficient": "标记材料有误",
    "RotateMaterial": "旋转材料",
    "AttachMaterialToRequest": "材料用于服务",
    "DetachMaterialFromRequest": "取消材料用于服务",
    "RecordMaterialExport": "另存材料",
    "RecordMaterialView": "查看材料",
    "ReopenRequest": "更正：恢复误结束的服务",
    "CorrectStart": "更正：误开启",
    "CorrectBooking": "更正预约内容",
    "RecordPolicyTerms": "登记等待期与宽限期",
    "ReverseTermination": "更正：误登记合同终止",
    "OpenFurtherFile": "为另一份保单建立档案",
    "RecordHandbookEdition": "登记手册版本",
    "RecordNoticeDelivered": "登记手册通知送达",
    "ExportNoticeList": "导出手册通知名单",
    "RecordEmergency": "宣读急救提示",
    "LiftEmergency": "解除急救暂停",
    "RecordCalendarExport": "导出日程文件",
    "MakeDemo": "生成演示数据",
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
