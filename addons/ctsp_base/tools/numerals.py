"""Whole numbers in Chinese numerals."""

DIGITS = "〇一二三四五六七八九"


def numeral(value):
    """3 → 三, 12 → 十二, 120 → 一百二十; up to 9999."""
    number = int(value or 0)
    if number == 0:
        return "零"
    text, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + name
            pending = False
        else:
            pending = bool(text)
    return text.removeprefix("一") if text.startswith("一十") else text
