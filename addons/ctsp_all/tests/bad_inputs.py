"""Bad inputs as data: put through forms, XML-RPC, JSON-2 and files, each must be refused with field and reason.

A value that is text beginning with ``$`` stands for a record or code of :class:`BadWorld`.
"""
from dataclasses import dataclass, field

HOME, OTHER = "示例规则医院（示例）", "示例另一医院（示例）"
RECORD_NO, USCC, CTR = "药临床机构备字2098000001", "12310000425006790X", "CTR20980001"
LONG = "很长的文字" * 6000


@dataclass(frozen=True)
class Bad:
    """One bad input: a complete record but for ``values``, which must be refused in words that hold ``words``."""

    model: str
    values: dict
    words: str
    role: str = "data_steward"
    cells: dict = field(default_factory=dict)  # what stands in the file where it differs from the value
    file: bool = True  # whether a file can hold it at all
    write: bool = True  # whether an existing record is to refuse it, too
    xml: bool = True  # whether XML can carry it


BASE = {
    "ctsp.institution": {"name": "示例新医院（示例）"},
    "ctsp.site": {"institution_id": "$home", "name": "新院区", "address": "新路1号"},
    "ctsp.licence": {"institution_id": "$home", "kind_id": "$licence_kind", "number": "N-1"},
    "ctsp.institution.former.name": {"institution_id": "$home", "name": "更早的名称"},
    "ctsp.specialty": {"institution_id": "$home", "discipline_id": "$discipline_b", "name": "新专业"},
    "ctsp.person": {"institution_id": "$home", "name": "新人员（示例）"},
    "ctsp.person.post": {"person_id": "$person", "post_id": "$post"},
    "ctsp.person.gcp": {"person_id": "$person", "certificate_no": "G-NEW", "date": "2024-01-01"},
    "ctsp.person.experience": {"person_id": "$person", "trial_name": "某试验（示例）"},
    "ctsp.ethics.committee": {"institution_id": "$home", "name": "新委员会（示例）"},
    "ctsp.ethics.member": {"committee_id": "$committee", "name": "新委员（示例）"},
    "ctsp.organization": {"name": "新公司（示例）", "is_sponsor": True},
    "ctsp.trial": {"name": "新试验（示例）"},
    "ctsp.trial.site": {"trial_id": "$trial", "institution_id": "$other"},
    "ctsp.trial.party": {"trial_id": "$trial", "organization_id": "$sponsor", "role": "cro"},
    "ctsp.trial.protocol": {"trial_id": "$trial", "version": "9", "date": "2024-01-01"},
    "ctsp.trial.contract": {"site_id": "$site", "name": "HT-NEW", "date": "2024-01-01", "amount": 1},
    "ctsp.dictionary.item": {"dictionary_id": "$dictionary", "code": "new", "name": "新项"},
    "ctsp.district": {"code": "319901", "name": "新区（示例）"},
    "ctsp.discipline": {"code": "98.01", "name": "新科目（示例）"},
    "ctsp.filing": {"kind": "initial", "name": "新机构（示例）", "applicant_id": "$applicant"},
    "ctsp.filing.site": {"filing_id": "$filing", "name": "新院区", "address": "新路1号"},
    "ctsp.filing.person": {"filing_id": "$filing", "name": "新人员（示例）"},
    "ctsp.filing.experience": {"person_line_id": "$proposed", "trial_name": "某试验（示例）"},
    "ctsp.plan": {"kind": "special", "name": "新计划（示例）", "year": 2026, "date_from": "2026-01-01",
                  "date_to": "2026-12-31"},
    "ctsp.inspection": {"institution_id": "$home", "date_planned_from": "2026-03-02"},
    "ctsp.inspector": {"name": "新检查员（示例）"},
}
OLD = {
    "ctsp.site": {"name": "旧院区", "address": "旧路1号"}, "ctsp.licence": {"number": "O-1"},
    "ctsp.institution.former.name": {"name": "旧名称"}, "ctsp.specialty": {"name": "旧专业"},
    "ctsp.person": {"name": "旧人员（示例）"}, "ctsp.person.gcp": {"certificate_no": "G-OLD"},
    "ctsp.person.experience": {"trial_name": "旧试验（示例）"}, "ctsp.ethics.committee": {"name": "旧委员会（示例）"},
    "ctsp.organization": {"name": "旧公司（示例）"}, "ctsp.trial": {"name": "旧试验（示例）"},
    "ctsp.trial.party": {"role": "smo"}, "ctsp.trial.protocol": {"version": "8"},
    "ctsp.trial.contract": {"name": "HT-OLD"}, "ctsp.district": {"code": "319902"},
    "ctsp.discipline": {"code": "98.02"},
    "ctsp.person.post": {"date_from": "2001-01-01"},
}
"""how the record that is written on differs from ``BASE``"""
OFFICER, PLANNER = "filing_officer", "planner"

BAD = [
    # codes with a form of their own
    Bad("ctsp.institution", {"record_no": "123"}, "备案号"),
    Bad("ctsp.institution", {"record_no": "药临床机构备字12345"}, "备案号"),
    Bad("ctsp.institution", {"uscc": "12310000425000000"}, "统一社会信用代码"),
    Bad("ctsp.institution", {"uscc": "123100004250000001"}, "统一社会信用代码"),
    Bad("ctsp.institution", {"uscc": "１２３１IO"}, "统一社会信用代码"),
    Bad("ctsp.institution", {"office_phone": "12-34"}, "电话"),
    Bad("ctsp.organization", {"uscc": "123"}, "统一社会信用代码"),
    Bad("ctsp.trial", {"ctr_no": "20211858"}, "登记号"),
    Bad("ctsp.person", {"id_number": "310101199001011235"}, "身份号码"),
    Bad("ctsp.person", {"id_number": "310101199013011234"}, "身份号码"),
    Bad("ctsp.person", {"mobile": "12345"}, "电话"),
    Bad("ctsp.person", {"email": "a@"}, "邮箱"),
    Bad("ctsp.person.experience", {"ctr_no": "CTR1"}, "登记号"),
    Bad("ctsp.district", {"code": "31"}, "六位"),
    Bad("ctsp.ethics.committee", {"contact_phone": "1"}, "电话"),
    # taken already
    Bad("ctsp.institution", {"uscc": USCC}, "统一社会信用代码", write=False, file=False),
    Bad("ctsp.institution", {"record_no": RECORD_NO}, "备案号", write=False, file=False),
    Bad("ctsp.trial", {"ctr_no": CTR}, "登记号", write=False, file=False),
    Bad("ctsp.dictionary.item", {"code": "taken"}, "代码", write=False, file=False),
    Bad("ctsp.ethics.member", {"role": "chair"}, "主任委员", write=False, cells={"role": "主任委员"}),
    # missing
    Bad("ctsp.institution", {"name": False}, "机构名称", file=False),
    Bad("ctsp.site", {"address": False}, "地址"),
    Bad("ctsp.licence", {"number": False}, "证照编号"),
    Bad("ctsp.person", {"institution_id": False}, "机构"),
    Bad("ctsp.person.gcp", {"date": False}, "培训日期"),
    Bad("ctsp.trial", {"name": False}, "题目", file=False),
    Bad("ctsp.trial.party", {"organization_id": False}, "单位"),
    Bad("ctsp.organization", {"is_sponsor": False}, "角色", write=False),
    # numbers
    Bad("ctsp.institution", {"bed_count": -1}, "床位"),
    Bad("ctsp.institution", {"bed_count": "很多"}, "床位"),
    Bad("ctsp.institution", {"bed_count": 1.5}, "床位"),
    Bad("ctsp.institution", {"bed_count": 2**40}, "床位", xml=False),
    Bad("ctsp.institution", {"bed_count": [1]}, "床位", file=False),
    Bad("ctsp.specialty", {"bed_count": -3}, "床位"),
    Bad("ctsp.trial", {"planned_total": -1}, "例数"),
    Bad("ctsp.trial.site", {"planned": -1}, "例数"),
    Bad("ctsp.trial.contract", {"amount": -1}, "金额", file=False),
    Bad("ctsp.trial.contract", {"amount": "一千"}, "金额", file=False),
    Bad("ctsp.trial.contract", {"amount": float("nan")}, "金额", file=False, xml=False),
    Bad("ctsp.trial.contract", {"amount": 1e30}, "金额", file=False),
    Bad("ctsp.site", {"source_longitude": 121.4}, "经度"),
    Bad("ctsp.site", {"source_longitude": 31.2, "source_latitude": 121.4}, "经度"),
    Bad("ctsp.filing", {"bed_count": -1}, "床位", OFFICER, file=False, write=False),
    # days
    Bad("ctsp.institution", {"first_filed_date": "2026-02-30"}, "首次备案"),
    Bad("ctsp.institution", {"first_filed_date": "昨天"}, "首次备案"),
    Bad("ctsp.institution", {"first_filed_date": 20260101.5}, "首次备案"),
    Bad("ctsp.institution", {"first_filed_date": "2026-03-01", "cancelled_date": "2025-03-01"}, "备案"),
    Bad("ctsp.licence", {"valid_to": "2026-13-01"}, "有效期"),
    Bad("ctsp.licence", {"valid_from": "2026-03-01", "valid_to": "2025-03-01"}, "有效期"),
    Bad("ctsp.institution.former.name", {"date_from": "2026-03-01", "date_to": "2025-03-01"}, "停用日期"),
    Bad("ctsp.specialty", {"filed_date": "2026-03-01", "cancelled_date": "2020-03-01"}, "备案"),
    Bad("ctsp.person", {"birth_date": "0001-01-01"}, "出生日期"),
    Bad("ctsp.person.post", {"date_from": "2026-03-01", "date_to": "2025-03-01"}, "截止日期"),
    Bad("ctsp.person.gcp", {"valid_to": "2020-01-01"}, "有效期"),
    Bad("ctsp.ethics.committee", {"term_from": "2026-03-01", "term_to": "2025-03-01"}, "届"),
    Bad("ctsp.trial", {"first_enrolled_date": "2026-03-01", "completed_date": "2026-02-01"}, "入组"),
    Bad("ctsp.trial.site", {"start_date": "2026-03-01", "end_date": "2026-02-01"}, "结束"),
    Bad("ctsp.trial.protocol", {"ethics_date": "2023-01-01"}, "伦理"),
    Bad("ctsp.trial.contract", {"date": "2999-01-01"}, "签", file=False),
    Bad("ctsp.plan", {"date_from": "2026-12-31", "date_to": "2026-01-01"}, "计划", PLANNER, file=False, write=False),
    Bad("ctsp.inspection", {"date_planned_from": "2026-02-30"}, "计划开始", PLANNER, file=False),
    # text
    Bad("ctsp.institution", {"name": LONG}, "机构名称"),
    Bad("ctsp.institution", {"name": "甲\0乙"}, "机构名称", xml=False, file=False),
    Bad("ctsp.institution", {"name": "甲\ud800"}, "机构名称", file=False, xml=False),
    Bad("ctsp.institution", {"name": ["甲"]}, "机构名称", file=False),
    Bad("ctsp.institution", {"address": {"省": "沪"}}, "地址", file=False),
    Bad("ctsp.trial", {"protocol_no": LONG}, "方案编号"),
    Bad("ctsp.filing", {"name": "甲\0"}, "机构名称", OFFICER, file=False, write=False, xml=False),
    Bad("ctsp.inspector", {"name": LONG}, "姓名", PLANNER, write=False),
    # choices
    Bad("ctsp.person", {"gender": "x"}, "性别"),
    Bad("ctsp.trial", {"design": "nonsense"}, "设计"),
    Bad("ctsp.site", {"source_crs": "mars"}, "坐标系"),
    Bad("ctsp.person.experience", {"role": "boss"}, "角色"),
    Bad("ctsp.institution", {"is_cdc": "也许"}, "疾"),
    Bad("ctsp.filing", {"kind": "nonsense"}, "备案类型", OFFICER, file=False, write=False),
    Bad("ctsp.filing", {"state": "approved"}, "状态", OFFICER, file=False, write=False),
    # rows of a filing
    Bad("ctsp.filing.site", {"address": False}, "地址", OFFICER, file=False),
    Bad("ctsp.filing.site", {"base_values": {"name": "甲"}}, "平台", OFFICER, file=False),
    Bad("ctsp.filing.person", {"gender": "x"}, "性别", OFFICER, file=False),
    Bad("ctsp.filing.person", {"title_id": "$licence_kind"}, "职称", OFFICER, file=False),
    Bad("ctsp.filing.experience", {"ctr_no": "CTR1"}, "登记号", OFFICER, file=False),
    Bad("ctsp.filing.experience", {"proof_kind_ids": [[6, 0, ["$licence_kind"]]]}, "证明", OFFICER, file=False),
    # links
    Bad("ctsp.institution", {"level_id": 2_000_000_000}, "级别", cells={"level_id": "没有的级别"}),
    Bad("ctsp.institution", {"level_id": 2**40}, "级别", cells={"level_id": "99级"}, xml=False),
    Bad("ctsp.institution", {"level_id": "三级甲等"}, "级别", file=False),
    Bad("ctsp.institution", {"level_id": -5}, "级别", cells={"level_id": "-5"}),
    Bad("ctsp.institution", {"level_id": "$licence_kind"}, "级别"),
    Bad("ctsp.person.experience", {"proof_kind_ids": [[6, 0, ["$licence_kind"]]]}, "证明", file=False),
    Bad("ctsp.specialty", {"pi_id": "$stranger"}, "研究者", cells={"pi_id": "外人（示例）"}),
    Bad("ctsp.trial.site", {"specialty_id": "$specialty"}, "专业", write=False),
    Bad("ctsp.dictionary.item", {"parent_id": "$alien"}, "字典", cells={"parent_id": "没有的上级"}),
    Bad("ctsp.discipline", {"parent_id": 2_000_000_000}, "科目", cells={"parent_id": "没有的科目"}),
    Bad("ctsp.person.experience", {"proof_kind_ids": "abc"}, "证明"),
    Bad("ctsp.person.experience", {"proof_kind_ids": [[6, 0, ["x"]]]}, "证明", file=False),
    Bad("ctsp.person", {"post_ids": [[0, 0, {"post_id": "$post", "date_from": "2026-02-30"}]]}, "起始日期", file=False),
    Bad("ctsp.person", {"post_ids": [[9, 0, 0]]}, "岗位", file=False),
    Bad("ctsp.institution", {"site_ids": {"name": "甲"}}, "院区", file=False),
    Bad("ctsp.trial", {"no_such_field": 1}, "试验项目", file=False),
]

CIRCLES = (
    ("ctsp.dictionary.item", "parent_id", "上级"),
    ("ctsp.discipline", "parent_id", "科目"),
)
"""models with a tree: no record may stand below itself"""
