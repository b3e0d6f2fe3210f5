"""Words that stand on papers: Chinese, whatever the language of the screen. Codes are those of docs/inspection.md."""
from odoo.addons.ctsp_document.tools.filters import chinese_date

OBJECTS = {"institution": "机构", "specialty": "专业", "trial": "试验项目", "ethics": "伦理委员会"}
DEFECTS = {"critical": "严重缺陷", "major": "主要缺陷", "minor": "一般缺陷"}
GRADES = {"critical": "★★", "major": "★", "minor": "一般"}
RESULTS = {"unchecked": "未查", "conform": "符合", "nonconform": "不符合", "na": "不适用"}
CONCLUSIONS = {"pass": "符合要求", "rectify": "待整改后评定", "fail": "不符合要求"}
SYSTEMS = {"sound": "健全", "unsound": "不健全"}
KINDS = {
    "first": "首次监督检查", "routine": "日常监督检查", "special": "专项检查", "cause": "有因检查", "joint": "联合核查"}
SOURCES = {"plan": "年度检查计划", "filing": "备案", "transfer": "转办", "own": "自行发起"}
HANDLINGS = {"none": "通过", "rectify": "限期整改", "warning": "告诫", "talk": "约谈", "transfer": "移送"}
ROLES = {"leader": "组长", "member": "组员", "observer": "观察员"}
RECTIFICATION = {
    "waiting": "整改中", "answered": "待核实", "returned": "退回补充", "accepted": "已核实", "cancelled": "—"}
BASIS = ("《中华人民共和国药品管理法》《药物临床试验质量管理规范》《药物临床试验机构管理规定》"
         "《药物临床试验机构监督检查办法（试行）》")


def period(first, last):
    """Two dates as one text: 2026年3月2日至2026年3月4日; one day once."""
    if not first:
        return ""
    if not last or last == first:
        return chinese_date(first)
    start, end = chinese_date(first), chinese_date(last)
    return f"{start}至{end.removeprefix(f'{first.year}年') if first.year == last.year else end}"


def totals(counts):
    """The sentence on how many clauses were checked and what came out."""
    return (f"本次检查共涉及检查条款{counts['lines']}项，其中符合{counts['conform']}项、"
            f"不符合{counts['nonconform']}项、不适用{counts['na']}项、未查{counts['unchecked']}项。{defects(counts)}")


def defects(counts):
    """The sentence on the defects by grade."""
    if not counts["total"]:
        return "未发现缺陷项目。"
    return (f"共发现缺陷{counts['total']}项：严重缺陷{counts['critical']}项、主要缺陷{counts['major']}项、"
            f"一般缺陷{counts['minor']}项。")
