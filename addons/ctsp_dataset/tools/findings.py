"""What is wrong with a row, in words a developer at an institution understands: code, sentence, how to mend it.

These sentences are part of the interface: its answers are in Chinese whatever the language of the caller.
"""
import re
from dataclasses import asdict, dataclass

from odoo.addons.ctsp_base.tools.masking import MASKS, mask

VALUE_LIMIT = 120
#: NUL and halves of surrogates: text for Python, but neither for UTF-8 nor for PostgreSQL
BROKEN = re.compile(r"[\x00\ud800-\udfff]")

#: what a column without a header is called
HEADLESS = re.compile(r"第\d+列")

#: code → (sentence, how to mend it); places are filled from the finding's parameters
TEXTS = {
    "required": ("{name}为必填项，现为空", "请填写{name}"),
    "unknown_field": ("数据集中没有字段“{field}”", "请删去该字段，或核对字段代码是否写错、版本是否正确"),
    "no_header": ("{field}没有表头，却有内容", "请删去该内容，或补上表头；csv 中多由内容里的逗号造成，该格应加双引号"),
    "type": ("{name}应为{wanted}，现为{found}", "请按数据集说明中的类型报送，例如：{example}"),
    "length": ("{name}长度为{found}，超过上限{limit}", "请缩短至{limit}个字符以内"),
    "rows": ("{name}有{found}行，超过上限{limit}", "请减少至{limit}行以内"),
    "control": ("{name}含不可见的控制字符", "请删去控制字符（例如从其他系统复制时带入的字符）"),
    "minimum": ("{name}{beyond}下限{limit}", "请核对{what}，应不{beyond}{limit}"),
    "maximum": ("{name}{beyond}上限{limit}", "请核对{what}，应不{beyond}{limit}"),
    "digits": ("{name}的小数位数超过{limit}位", "请四舍五入至{limit}位小数"),
    "code": ("{name}的取值不在代码表中", "可用代码：{choices}"),
    "date": ("{name}不是有效日期", "请用 YYYY-MM-DD，例如 2026-03-01"),
    "datetime": ("{name}不是有效时间", "请用 YYYY-MM-DDThh:mm:ss+08:00，例如 2026-03-01T09:30:00+08:00"),
    "pattern": ("{name}格式不符", "请按格式填写，例如：{example}"),
    "format": ("{name}不是有效的{wanted}：{reason}", "请与原件核对后重新填写"),
    "cell_error": ("{name}的单元格是公式错误{found}", "请在电子表格中更正公式，或直接填写{name}"),
    "rounded": ("{name}被电子表格当作数字，末尾几位已丢失", "请先将该列的单元格格式设为“文本”，再重新填写{name}"),
    "sample": ("该行是填报模板自带的示例，不是本机构的数据", "请删去该行，或改为实际数据"),
    "row_type": ("该行不是一个对象", "每一行应为 JSON 对象：{{\"字段代码\": 值, …}}"),
    "rule": ("{message}", "{hint}"),
    "unique": ("与第{other}行重复：{names}相同", "同一批数据中{names}不得重复，请合并或删去其中一行"),
    "exists": ("{names}在本批数据中没有对应的行", "请补报对应的行，或更正{names}"),
    "more": ("同类问题另有{count}处未逐一列出（{code}）", "请先改正已列出的问题，再重新报送"),
    "syntax": ("无法解析：{reason}", "请检查该行是否为完整的 JSON 对象"),
}
REASONS = {
    "empty": "内容为空", "format": "格式不符", "length_18": "应为18位", "uscc_charset": "含不允许的字符",
    "trial_no": "药物临床试验应为CTR加8位数字，医疗器械、体外诊断试剂临床试验应为备案号，如 沪械临备20260001",
    "check_character": "校验位不符", "id_region": "地区代码不存在", "birth_date": "其中的出生日期不存在",
    "phone": "应为11位手机号，或带区号的固定电话，如 021-63770000",
}


@dataclass(slots=True)
class Finding:
    """One thing wrong (or, as a warning, doubtful) with one row. ``row`` counts from one."""

    row: int
    path: str
    code: str
    message: str
    hint: str
    value: str = ""
    rule: str = ""
    level: str = "error"

    def as_dict(self):
        return asdict(self)


def finding(row, path, code, params=None, value=None, personal="", level="error", rule=""):
    """Return the :class:`Finding`; the value is cut, and masked where it is personal."""
    message, hint = TEXTS[code]
    params = params or {}
    texts = (path, code, message.format(**params), hint.format(**params), shown(value, personal), rule, level)
    return Finding(row, *(BROKEN.sub("�", text) for text in texts))


def shown(value, personal=""):
    """Return a value as a report shows it."""
    if value is None or isinstance(value, (list, dict)):
        return ""
    text = str(value)
    if personal:
        return mask(personal, text) or "" if personal in MASKS else "***"
    return text if len(text) <= VALUE_LIMIT else f"{text[:VALUE_LIMIT]}…"
