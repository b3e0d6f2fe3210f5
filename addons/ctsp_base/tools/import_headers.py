"""Headers under which files of the trade bring the usual columns, by field name; a model adds its own."""

INSTITUTION = (
    "机构", "机构名称", "所属机构", "医疗机构", "医疗机构名称", "试验机构", "医院", "医院名称", "备案号", "机构备案号",
    "统一社会信用代码",
)
TRIAL = ("试验", "试验项目", "项目", "项目名称", "试验名称", "登记号", "CTR号", "CTR登记号", "试验登记号")

COMMON = {
    "institution_id": INSTITUTION,
    "trial_id": TRIAL,
    "specialty_id": ("专业", "专业名称", "备案专业", "承担专业", "试验专业"),
    "person_id": ("姓名", "人员", "人员姓名"),
    "pi_id": ("PI", "主要研究者", "研究者", "主要研究者姓名"),
    "name": ("名称",),
    "code": ("代码", "编码", "编号"),
    "note": ("备注", "说明"),
    "sequence": ("排序", "序号", "次序", "顺序"),
    "district_id": ("区", "辖区", "所在区", "行政区", "行政区划"),
    "uscc": ("信用代码", "社会信用代码", "统一信用代码"),
    "ctr_no": ("登记号", "CTR号", "CTR登记号", "药物临床试验登记号"),
    "issuer": ("发证单位", "发证机关", "颁发单位"),
    "valid_from": ("有效期起", "有效期自", "生效日期"),
    "valid_to": ("有效期至", "有效期止", "到期日期", "失效日期"),
    "date_from": ("起始日期", "开始日期", "起", "任职日期"),
    "date_to": ("截止日期", "结束日期", "止", "离任日期"),
    "gender": ("性别",),
    "role": ("角色", "职务"),
    "organization_id": ("单位", "单位名称", "企业名称"),
}
