"""The words of the program: one Chinese phrase for every member of a vocabulary and for every error.

Screen, paper and command line all take their words here, so that one thing has one name everywhere
(docs/GLOSSARY.md). A registry test fails for a member without a phrase.
"""

from enum import StrEnum

from lian_desk.models import vocabulary as v
from lian_desk.models.errors import DeskError
from lian_desk.services.words.error_sentences import SENTENCES

_PHRASES: dict[type[StrEnum], dict[str, str]] = {
    v.Role: {"case_manager": "专案管家", "team_lead": "主管", "administrator": "管理员"},
    v.ServiceKind: {
        "case_management": "专案管家",
        "outpatient_coordination": "门诊协调",
        "inpatient_coordination": "住院协调",
        "surgery_coordination": "手术协调",
        "expedited_examination": "检查加急",
    },
    v.RequestStatus: {
        "draft": "草稿",
        "submitted": "已提交",
        "under_review": "审核中",
        "awaiting_material": "待补件",
        "requirement_confirmed": "需求已确认",
        "coordinating": "协调中",
        "awaiting_start": "待客户确认开启",
        "started": "已开启",
        "booked": "预约成功",
        "arrived": "已到院",
        "in_progress": "住院/手术进行中",
        "service_completed": "服务完成",
        "following_up": "随访中",
        "archived": "已归档",
        "paused": "暂停",
        "rejected": "审核不通过",
        "withdrawn": "开启前撤回",
        "cancelled_by_insured": "客户取消（计已用）",
        "no_show": "爽约（计已用）",
        "not_booked": "未约成",
        "policy_terminated": "保单终止",
    },
    v.PauseReason: {
        "policy_suspended": "保单中止",
        "force_majeure": "不可抗力",
        "doctors_order": "特殊医嘱",
        "awaiting_customer": "待客户答复",
    },
    v.ClockKind: {"response": "首次响应", "feedback": "协调反馈", "booking": "预约时限"},
    v.ClockState: {
        "running": "进行中",
        "at_risk": "临近截止",
        "urgent": "即将超时",
        "paused": "暂停",
        "kept": "按时完成",
        "broken": "已超时",
    },
    v.PolicyStatus: {"in_force": "保单有效", "suspended": "效力中止", "terminated": "合同终止"},
    v.TerminationReason: {
        "cooling_off_cancellation": "犹豫期退保",
        "surrender": "退保",
        "agreed_termination": "协议解约",
        "non_disclosure": "不如实告知",
        "waiting_period_event": "等待期出险",
        "liability_exclusion": "责任免除",
        "other": "其他原因",
    },
    v.FactSource: {
        "insurer_system": "保险公司系统",
        "insurer_notice": "保险公司通知",
        "insured_statement": "被保险人自述",
        "hospital": "医院",
        "document": "材料",
    },
    v.Severity: {"mild": "轻症", "moderate": "中症", "severe": "重症"},
    v.Certainty: {"confirmed": "确诊", "suspected": "疑似", "excluded": "已排除"},
    v.Sex: {"female": "女", "male": "男", "erased": "已删除"},
    v.IdentityDocumentKind: {
        "resident_identity_card": "居民身份证",
        "passport": "护照",
        "hong_kong_macao_taiwan_permit": "港澳台居民证件",
        "foreign_permanent_resident_card": "外国人永久居留身份证",
        "household_register": "户口簿",
        "birth_certificate": "出生医学证明",
    },
    v.IdentityCheckMethod: {
        "document_seen": "核对证件影像",
        "insurer_system_match": "与承保信息一致",
        "video_call": "视频核对",
    },
    v.GuardianRelation: {
        "father": "父亲",
        "mother": "母亲",
        "grandparent": "祖父母或外祖父母",
        "other_guardian": "其他监护人",
    },
    v.Channel: {
        "wecom": "企业微信",
        "lian_app": "利安人寿APP",
        "hotline": "客户服务热线",
        "phone": "电话",
        "walk_in": "到访",
        "sms": "短信",
        "email": "电子邮件",
    },
    v.HistoryKind: {"condition": "既往病史", "medication": "用药情况", "allergy": "过敏史", "operation": "手术史"},
    v.Knownness: {"known": "有", "none": "无", "unknown": "不详", "declined": "不愿提供"},
    v.SignerKind: {"insured": "被保险人", "guardian": "监护人", "agent": "代办人"},
    v.EvidenceForm: {"message_image": "消息截图", "call_note": "通话记录", "signed_form": "签字文件"},
    v.MaterialKind: {
        "outpatient_record": "门诊病历",
        "diagnosis_certificate": "诊断证明书",
        "blood_test_report": "血液检测报告",
        "examination_report": "检查报告",
        "pathology_report": "病理报告",
        "discharge_summary": "出院小结",
        "admission_notice": "入院通知单",
        "surgery_notice": "手术通知单",
        "examination_notice": "检查通知单",
        "identity_document": "身份证件",
        "authorization_form": "信息授权书",
        "guardianship_proof": "监护关系证明",
        "confirmation": "确认凭证",
        "other": "其他材料",
        "unclassified": "待分类",
    },
    v.MaterialSource: {
        "button": "选择文件",
        "drop": "拖入",
        "paste": "粘贴",
        "drop_folder": "收件文件夹",
        "demo": "演示数据",
    },
    v.IntakeState: {"waiting": "待收取", "added": "已收取", "duplicate": "重复", "refused": "没有收取"},
    v.MaterialRelation: {"split": "由扫描件拆出", "linked": "关联已有材料", "kept": "与已有材料相同，单独保留"},
    v.MaterialFlaw: {
        "end_incomplete": "文件结尾不完整",
        "pages_lost": "后面的页缺失",
        "bottom_lost": "图片下部损坏",
        "top_lost": "图片上部损坏",
        "left_lost": "图片左侧损坏",
        "right_lost": "图片右侧损坏",
        "band_damaged": "图片中段损坏",
        "detail_lost": "图片细节不全",
        "part_damaged": "图片部分损坏",
    },
    v.MaterialState: {"received": "待核对", "confirmed": "已核对", "deficient": "有误", "quarantined": "已隔离"},
    v.RecognitionState: {
        "queued": "等待识别",
        "paused": "已暂停",
        "done": "已识别",
        "failed": "未能识别",
        "cancelled": "已取消识别",
    },
    v.TextOrigin: {"document": "文件自带文字", "recognised": "识别文字"},
    v.FindingField: {
        "kind": "类型",
        "document_on": "报告日期",
        "hospital": "出具医院",
        "department": "科室",
        "doctor": "出具医生",
        "name": "姓名",
        "identity_number": "证件号码",
        "visit_number": "就诊号",
        "born_on": "出生日期",
    },
    v.FindingState: {"proposed": "待核对", "confirmed": "已确认", "corrected": "已更正"},
    v.NameAnswer: {"insured": "本人", "other": "他人", "unseen": "未见姓名，请核对"},
    v.OwnSign: {
        "name_read": "人工看到姓名",
        "identity_number": "证件号",
        "visit_number": "就诊号",
        "born_on": "出生日期",
        "customer_statement": "客户说明",
        "other_sign": "其他依据",
    },
    v.FindingMatch: {"same": "与档案一致", "needs_look": "请看一眼", "other": "不是被保险人"},
    v.HospitalLevel: {
        "class_a_tertiary": "三甲",
        "other_tertiary": "三级",
        "secondary": "二级",
        "other": "未定级",
    },
    v.HospitalSpecialty: {
        "general": "综合",
        "cancer": "肿瘤专科",
        "traditional_chinese_medicine": "中医",
        "children": "儿童",
        "other": "其他专科",
    },
    v.ExpertTitle: {
        "chief_physician": "主任医师",
        "associate_chief_physician": "副主任医师",
        "attending_physician": "主治医师",
        "resident_physician": "住院医师",
        "unknown": "职称待核",
    },
    v.ExpertHonour: {
        "academician": "院士",
        "professor": "教授",
        "doctoral_supervisor": "博士生导师",
        "associate_professor": "副教授",
    },
    v.ExaminationCode: {
        "laboratory": "检验项目",
        "imaging": "影像项目",
        "lumbar_puncture": "腰穿刺",
        "thoracentesis": "胸穿刺",
        "gi_endoscopy": "胃肠镜检查",
    },
    v.CheckResult: {"passed": "通过", "failed": "不通过", "needs_more": "需补充"},
    v.ContactResult: {"reached": "已告知本人", "message_delivered": "消息已送达", "no_answer": "未接通"},
    v.AttemptResult: {"pending": "等待医院回复", "no_slot": "无号源", "offered": "已提供时间", "refused": "医院不接受"},
    v.EntryKind: {"grant": "授予", "start": "开启扣除", "reversal": "冲正", "correction": "更正"},
    v.EntryCategory: {
        "application": "申请",
        "file": "档案",
        "material": "材料",
        "request": "服务",
        "booking": "预约",
        "follow_up": "随访",
        "policy": "保单",
        "document": "文书",
    },
    v.CarePhase: {
        "pre_visit_planning": "诊前策划",
        "during_visit_support": "诊中跟进",
        "post_visit_care": "诊后关怀",
    },
    v.DayUnit: {"working": "个工作日", "calendar": "天（自然日）"},
    v.PhraseField: {"condition": "病情", "medication": "用药", "note": "备注"},
    v.FollowUpKind: {
        "after_visit": "诊后随访",
        "after_stay": "住院后随访",
        "after_surgery": "手术后随访",
        "after_examination": "检查后随访",
        "in_stay": "在院跟进",
    },
    v.FollowUpOutcome: {
        "reached": "已完成",
        "no_answer": "未接通",
        "call_later": "改时间再联系",
        "declined": "拒绝随访",
        "wrong_number": "号码有误",
        "closed": "已关闭",
    },
    v.DocumentKind: {
        "follow_up_record": "随访记录",
        "file_summary": "个案摘要",
        "medical_sheet": "病史与用药单",
        "booking_notice": "预约结果与注意事项",
        "entitlement_statement": "权益使用清单",
        "deadline_proof": "时限达标说明",
        "education_leaflet": "健康宣教单",
        "team_summary": "团队小结",
        "disclosure_pack": "就诊资料包",
    },
    v.MaskingLevel: {
        "internal": "内部使用",
        "insured": "交被保险人",
        "hospital": "交医疗机构",
        "revealed": "不遮盖",
    },
    v.DayKind: {"day_off": "放假", "make_up_working_day": "调休上班"},
    v.CalendarStatus: {"official": "已公布", "provisional": "暂定"},
    v.RescheduleCause: {"cancelled_by_hospital": "停诊", "postponed_by_hospital": "医院临时取消或延期"},
    v.AttendanceKind: {
        "visited": "完成就诊",
        "admitted": "已办理入院手续",
        "surgery_registered": "已办理手术登记手续",
        "examined": "已接受检查",
    },
    v.NextAction: {
        "respond": "首次响应",
        "open_file": "建立档案",
        "submit": "提交申请",
        "review": "服务审核",
        "ask_for_material": "催补材料",
        "confirm_requirement": "确认需求",
        "give_feedback": "反馈协调情况",
        "confirm_start": "确认开启服务",
        "record_booking": "完成预约",
        "send_instructions": "告知预约结果",
        "record_attendance": "记录到院",
        "record_progress": "跟进住院或手术进展",
        "complete_service": "确认服务完成",
        "follow_up": "随访",
        "archive": "归档",
        "resume": "恢复服务",
        "none": "无",
    },
    v.ReminderKind: {"instructions": "注意事项", "day_before": "前一日提醒", "other": "提醒"},
    v.ForceMajeureCause: {
        "war": "战争",
        "unrest": "动乱",
        "famine": "灾荒",
        "explosion": "爆炸",
        "strike": "罢工",
        "natural_disaster": "自然灾害",
        "government_act": "政府行为",
        "epidemic": "重大疫情",
        "other": "其他不可抗力",
    },
    v.ClockDoubt: {
        "behind_log": "时钟早于已有记录",
        "far_ahead_of_log": "与上一条记录相隔过久",
        "set_back": "时钟在使用中被调回",
        "set_forward": "时钟在使用中被调快",
    },
    v.CorrectionSubject: {"status": "服务状态", "booking": "预约内容"},
    v.SensitiveKind: {"transferred": "转院", "died": "去世"},
    v.ErasureGround: {
        "retention_ended": "保存期限届满",
        "consent_withdrawn": "被保险人撤回同意",
        "insured_request": "被保险人要求删除",
    },
    v.ComplaintTarget: {"service": "关于本服务", "hospital": "关于医疗机构或医生"},
}


def phrase(member: StrEnum) -> str:
    """Return the Chinese phrase of a vocabulary member; a member without one is a bug and raises ``KeyError``."""
    return _PHRASES[type(member)][member.value]


def phrases(vocabulary: type[StrEnum]) -> list[tuple[StrEnum, str]]:
    """Return every member of ``vocabulary`` with its phrase, in the order of the vocabulary."""
    return [(member, phrase(member)) for member in vocabulary]


def worded_vocabularies() -> frozenset[type[StrEnum]]:
    """Return the vocabularies that have phrases."""
    return frozenset(_PHRASES)


def sentence(error: DeskError) -> str:
    """Return what happened and what to do, in Chinese; parameters are filled in, personal data never is one."""
    words = {name: _spoken(value) for name, value in error.parameters.items()}
    return SENTENCES[error.code].format_map(_Blank(words))


class _Blank(dict[str, str]):
    """Parameters that were not given read as nothing."""

    def __missing__(self, key: str) -> str:
        """Return the empty text for an unknown parameter."""
        return ""


def _spoken(value: object) -> str:
    if isinstance(value, StrEnum) and type(value) in _PHRASES:
        return phrase(value)
    return str(value)
