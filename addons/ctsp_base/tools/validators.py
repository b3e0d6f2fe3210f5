"""Validators of codes and contacts, used by forms, import and RPC alike.

Each pure function takes text as a user typed it (full-width forms, blanks, lower case), returns the normal form or
raises ``ValueError`` whose only argument is one of the codes of :func:`reason`.
"""

import re
import unicodedata
from datetime import date

from odoo.exceptions import ValidationError

from .masking import mask

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
ID_CHECKS = "10X98765432"
ID_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
RECORD_NO = re.compile(r"药临床?机构备字\d{10}", re.ASCII)
PROVINCES = "京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云滇陕甘青藏宁新黔蜀"
CTR_NO = re.compile(r"CTR\d{8}", re.ASCII)
DEVICE_NO = re.compile(rf"[{PROVINCES}]械临备\d{{8,10}}", re.ASCII)
ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([2-9]\d{6,7})(?:(?:-|转|EXT\.?|X)(\d{1,6}))?", re.ASCII)
SERVICE_NUMBER = re.compile(r"([48]00)-?(\d{3})-?(\d{4})", re.ASCII)
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
POSTCODE = re.compile(r"[0-8]\d{5}", re.ASCII)


def _compact(value: str) -> str:
    """Return ``value`` half-width, without any blank or invisible character; refuse what is empty then."""
    if isinstance(value, str) and value.isascii() and value.isalnum():
        return value  # as nearly all are
    normal = unicodedata.normalize("NFKC", str(value or ""))
    compact = "".join(char for char in normal if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"))
    if not compact:
        raise ValueError("empty")
    return compact


def _match(pattern: re.Pattern, value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError("format")
    return value


def uscc(value: str) -> str:
    """统一社会信用代码, GB 32100-2015: 18 characters without I O S V Z, the last a check character modulo 31."""
    code = _compact(value).upper()
    if len(code) != 18:
        raise ValueError("length_18")
    if not set(code) <= set(USCC_CHARS):
        raise ValueError("uscc_charset")
    total = sum(USCC_CHARS.index(char) * weight for char, weight in zip(code, USCC_WEIGHTS))
    if USCC_CHARS[-total % 31] != code[17]:
        raise ValueError("check_character")
    return code


def record_no(value: str) -> str:
    """备案号 of an institution as the national platform issues it: 药临床机构备字 and ten digits."""
    return _match(RECORD_NO, _compact(value))


def ctr_no(value: str) -> str:
    """登记号 of a trial on the national register: CTR and eight digits."""
    return _match(CTR_NO, _compact(value).upper())


def trial_no(value: str) -> str:
    """登记号 of a trial of a drug, as :func:`ctr_no` has it; of a device or an in vitro diagnostic, which the national
    register does not have, its 备案号: 沪械临备 (the province where it was filed) and eight to ten digits, without 号.
    """
    number = _compact(value).upper().removesuffix("号")
    if not (CTR_NO.fullmatch(number) or DEVICE_NO.fullmatch(number)):
        raise ValueError("trial_no")
    return number


def id_number(value: str, today: date | None = None) -> str:
    """公民身份号码, GB 11643-1999; residence permits of Hong Kong, Macao and Taiwan (81-83) follow the same scheme.

    Permanent residents from abroad (first digit 9, 2023 card) do, too.
    """
    number = _compact(value).upper()
    if len(number) != 18:
        raise ValueError("length_18")
    _match(ID_NUMBER, number)
    if number[:2] not in ID_REGIONS and number[0] != "9":
        raise ValueError("id_region")
    _check_birth(number[6:14], today or date.today())
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS))
    if ID_CHECKS[total % 11] != number[17]:
        raise ValueError("check_character")
    return number


def _check_birth(digits: str, today: date) -> None:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError("birth_date") from None
    if birth > today or today.year - birth.year > 150:
        raise ValueError("birth_date")


def phone(value: str) -> str:
    """Telephone number of the mainland: mobile, landline with area code (``021-63770000-801``) or 400 / 800 number."""
    number = re.sub(r"[()·.]", "", _compact(value).upper()).replace("—", "-").replace("–", "-")
    national = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))-?", "", number)
    if national != number and national[:1] not in "01":  # +86 21 …: the trunk prefix is not dialled from abroad
        national = f"0{national}"
    number = national
    bare = number.replace("-", "")
    if MOBILE.fullmatch(bare):
        return bare
    if match := SERVICE_NUMBER.fullmatch(number):
        return "-".join(match.groups())
    if match := LANDLINE.fullmatch(number):
        return "-".join(filter(None, match.groups()))
    raise ValueError("phone")


def email(value: str) -> str:
    """E-mail address; the domain becomes lower case."""
    address = _match(EMAIL, _compact(value))
    local, domain = address.rsplit("@", 1)
    if ".." in local or local[0] == "." or local[-1] == ".":
        raise ValueError("format")
    return f"{local}@{domain.lower()}"


def postcode(value: str) -> str:
    """邮政编码: six digits, the first 0 to 8."""
    return _match(POSTCODE, _compact(value))


def normalised(vals: dict, **rules) -> dict:
    """Return field values with codes in their written form, so that equal codes are equal strings, and no empty ones.

    What a rule (``uscc=validators.uscc``) does not accept stays as typed: a constraint names field and reason.
    """
    vals = dict(vals)
    for name in vals.keys() & rules.keys():
        try:
            vals[name] = rules[name](vals[name]) if vals[name] else False
        except ValueError:
            continue
    return vals


def reason(env, code: str) -> str:
    """Return the translated reason for the code of a ``ValueError`` raised above."""
    reasons = {
        "empty": env._("it is empty"),
        "format": env._("its format is wrong"),
        "length_18": env._("it must have 18 characters"),
        "uscc_charset": env._("only digits and capital letters without I, O, S, V, Z are allowed"),
        "check_character": env._("the check character is wrong; please compare it with the original"),
        "id_region": env._("the region code at its beginning does not exist"),
        "birth_date": env._("the birth date in it does not exist"),
        "trial_no": env._("a trial of a drug has CTR and eight digits, one of a device its filing number"),
        "phone": env._("it is neither a mobile number (11 digits) nor a landline with area code, such as 021-63770000"),
    }
    return reasons.get(code) or reasons["format"]


def constrain(records, field_name: str, validator) -> None:
    """Check ``field_name`` of ``records`` and keep the normal form; for use in ``@api.constrains``.

    Empty values pass: whether a value is required is the field's own matter.

    :raise ValidationError: translated, naming field, value (masked where it is personal: messages are logged), reason
    """
    kind = getattr(records, "_personal_fields", {}).get(field_name)
    for record in records:
        value = record[field_name]
        if not value:
            continue
        try:
            normal = validator(value)
        except ValueError as error:
            raise ValidationError(record.env._(
                "%(field)s “%(value)s” is not valid: %(reason)s.",
                field=record._fields[field_name].get_description(record.env, ["string"])["string"],
                value=mask(kind, value) if kind else value,
                reason=reason(record.env, error.args[0]),
            )) from None
        if normal != value:
            record[field_name] = normal
