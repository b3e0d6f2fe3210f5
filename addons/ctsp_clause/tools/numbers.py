"""Numbers of clauses and articles as people write them: 2.10, A3, 第二十六条, 一、（二）."""
import re

CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = re.compile(r"\d{1,18}|[零〇一二两三四五六七八九十百千]+")


def chinese_number(text):
    """Return the whole number that ``text`` (二十六, 一百零三) writes."""
    total, digit = 0, 0
    for char in text:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = digit * 10 * (char not in "零〇") + CHINESE[char]
    return total + digit


def sort_key(number):
    """Return a text that sorts numbers as people count: 2.9 before 2.10, 第九条 before 第十条."""
    def padded(match):
        text = match.group()
        return f"{int(text) if text.isdecimal() else chinese_number(text):05d}"

    return NUMBER.sub(padded, (number or "").strip())
