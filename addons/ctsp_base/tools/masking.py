"""Masking of personal data for people who need not see it in clear: pure functions, no database.

Rule: Personal Information Protection Law (个人信息保护法) articles 6 and 51: show no more than the purpose needs.
"""
import re

STAR = "*"


def mask(kind, value):
    """Return ``value`` masked as its ``kind`` wants, ``False`` for an empty value.

    :param kind: a key of :data:`MASKS`
    :raise KeyError: unknown kind
    """
    masker = MASKS[kind]
    if value is None or value is False or value == "":
        return False
    return masker(str(value).strip())


def mask_name(value):
    """张三 → 张*, 欧阳修 → 欧**, John Smith → J***. What follows in brackets is not kept."""
    core = re.split(r"[(（]", value, maxsplit=1)[0].strip()
    if not core:
        return STAR * 3
    if core[0] < "\u2e80":
        return core[0] + STAR * 3
    return core[0] + STAR * min(max(len(core) - 1, 1), 3)


def mask_phone(value):
    """13812345678 → 138****5678, 021-64175590 → 021******90."""
    digits = re.sub(r"\D", "", value)
    if len(digits) == 11 and digits.startswith("1"):
        return _keep(digits, 3, 4)
    return _keep(value, 3, 2)


def mask_id_number(value):
    """310101199001011234 → 310***********1234; other papers keep the first and the last two characters."""
    return _keep(value, 3, 4) if len(value) in (15, 18) else _keep(value, 1, 2)


def mask_email(value):
    """zhangsan@x.cn → z***@x.cn."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}***@{domain}" if at and local else STAR * 3


def mask_address(value):
    """上海市徐汇区枫林路180号 → 上海市徐汇区***."""
    found = re.match(r".{1,10}?[市州].{1,8}?[区县市旗]", value)
    return (found.group() if found else value[:3] if len(value) > 6 else "") + STAR * 3


def mask_date(value):
    """1990-01-31 → 1990-**-**."""
    return f"{value[:4]}-**-**"


def mask_text(value):
    return STAR * 3


def _keep(value, head, tail):
    """Keep ``head`` and ``tail`` characters, or none where little would be hidden."""
    hidden = len(value) - head - tail
    if hidden < 3:
        return STAR * max(len(value), 3)
    return value[:head] + STAR * hidden + value[-tail:]


MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "id_number": mask_id_number,
    "email": mask_email,
    "address": mask_address,
    "date": mask_date,
    "text": mask_text,
}
