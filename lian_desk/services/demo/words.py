"""Turns of phrase for invented work: what customers ask, what case managers write down."""

from lian_desk.models.vocabulary import MaterialKind, ServiceKind

NEEDS: dict[ServiceKind, tuple[str, ...]] = {
    ServiceKind.CASE_MANAGEMENT: (
        "刚拿到诊断结果，希望专案管家帮忙梳理病历、说明下一步就医安排。",
        "家人多科室就诊，想请专案管家全程跟进并整理资料。",
        "希望了解三甲医院就诊流程，建立就医档案。",
    ),
    ServiceKind.OUTPATIENT_COORDINATION: (
        "想预约肿瘤专科的专家门诊，最好是下周上午。",
        "当地医院建议到上级医院复诊，希望预约副主任医师以上的专家号。",
        "检查结果出来了，想请知名专家看一下后续方案。",
        "希望就近在省会医院看专家门诊，时间可以配合。",
    ),
    ServiceKind.INPATIENT_COORDINATION: (
        "医生已开住院通知单，床位一直排不上，希望协助。",
        "已收到入院通知单，希望尽快安排住院。",
    ),
    ServiceKind.SURGERY_COORDINATION: (
        "主任已开手术通知单，希望协调手术时间。",
        "已确定手术方案，想尽快排上主刀专家的手术。",
    ),
    ServiceKind.EXPEDITED_EXAMINATION: (
        "门诊开了增强CT检查单，排期要三周，希望加急。",
        "医生开了胃肠镜检查单，希望能提前做。",
        "开了核磁共振检查，想加急安排。",
    ),
}
NOTICES: dict[ServiceKind, MaterialKind] = {
    ServiceKind.INPATIENT_COORDINATION: MaterialKind.ADMISSION_NOTICE,
    ServiceKind.SURGERY_COORDINATION: MaterialKind.SURGERY_NOTICE,
    ServiceKind.EXPEDITED_EXAMINATION: MaterialKind.EXAMINATION_NOTICE,
}
INSTRUCTIONS: dict[ServiceKind, str] = {
    ServiceKind.OUTPATIENT_COORDINATION: "请携带身份证、医保卡与既往病历、影像资料，提前30分钟到门诊自助机取号；如有发热请提前告知。",
    ServiceKind.INPATIENT_COORDINATION: "请于通知时间到住院处办理入院手续，携带身份证、医保卡、入院通知单及换洗衣物；停药事项以医嘱为准。",
    ServiceKind.SURGERY_COORDINATION: "请按时办理手术登记手续，术前禁食禁水时间以医嘱为准，须有一名家属陪同。",
    ServiceKind.EXPEDITED_EXAMINATION: "请携带检查单提前30分钟到检查科室报到，检查前准备以检查单说明为准。",
}
PLACES: dict[ServiceKind, str] = {
    ServiceKind.OUTPATIENT_COORDINATION: "门诊楼3层专家诊区",
    ServiceKind.INPATIENT_COORDINATION: "住院处1层入院登记窗口",
    ServiceKind.SURGERY_COORDINATION: "住院部5层手术登记处",
    ServiceKind.EXPEDITED_EXAMINATION: "医技楼2层检查预约台",
}
FEEDBACK = (
    "已与医院对接，专家本周号源紧张，正在协调下周时段。",
    "医院回复有两个时段可选，待进一步确认。",
    "已提交预约登记，预计两个工作日内有结果。",
    "首选院区暂无床位，已同步备选院区情况。",
)
ATTEMPTS = (
    "号源已满，已登记候补。",
    "医院答复下周放号，次日再联系。",
    "联系住院处，床位待定。",
    "医院给出可选时段，已转告。",
)
CONDITIONS = (
    "精神尚可，食欲较前好转，切口无渗液。",
    "就诊顺利，医生建议继续观察，一月后复查。",
    "偶有乏力，无发热，睡眠一般。",
    "检查已完成，报告预计三个工作日后取。",
    "恢复良好，已能正常活动，情绪稳定。",
)
MEDICATIONS = ("按医嘱服药，无不适。", "已按医嘱停用一种降压药。", "近期未用药。", "遵医嘱口服，未漏服。")
SYMPTOMS = (None, "无", "乏力", "乏力\n食欲差", "头晕", "睡眠差", "切口轻微疼痛")
REJECTIONS = (
    ("R34", "申请科室为口腔科，不在服务支持范围。"),
    ("R40", "未能提供所指定医院开具的通知单。"),
    ("R8", "所患疾病不在合同列明的轻症、中症、重症范围。"),
    ("R29", "申请医院所在城市不在服务范围。"),
)
WITHDRAWALS = ("客户表示已自行挂到号。", "客户与家人商量后暂不就诊。", "客户改到当地医院就诊。")
CANCELLATIONS = ("客户因工作安排取消，已再次说明视为已使用。", "客户因家中有事取消，已告知扣除权益。")
NOT_BOOKED = ("医院床位持续紧张，经多次协调仍无法安排。", "专家临时外派，期限内无号源。")
SUSPENSION_NOTE = "续期保费未缴，效力中止"
ASSESSMENTS = (
    ("专案评估", "已梳理近期门诊病历与检查报告，列出就诊时需向医生确认的三个问题；就诊资料已整理成册。"),
    ("就医计划", "拟先完成专家门诊，视医生意见安排检查；已与客户确认时间偏好与陪同人员。"),
    ("电话沟通", "客户情绪稳定，已说明服务流程与权益次数，并解释费用由客户自行承担。"),
)
CLOSING_UPDATES = (
    "就诊结果、随访情况与用药变化已更新到档案。",
    "检查结果已归档，客户无后续需求。",
    "出院小结已归档，后续按医嘱复诊。",
)
FREE_QUESTIONS = (
    "想咨询一下就医服务怎么使用。",
    "被保险人是孩子，应该由谁来申请？",
    "确诊了，想预约北京的专家。",
    "请问住院协调需要准备哪些材料？",
    "检查排期太久，能帮忙加急吗？",
)
