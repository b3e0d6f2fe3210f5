"""What a password of one's own must be like (GB/T 22239-2019 8.1.4.1: complexity). Pure.

Words are looked for in what remains after the usual disguises are taken off (P@ssw0rd is password).
"""
import re
from collections.abc import Iterable

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")
DISGUISES = str.maketrans("@40!1|3$57", "aaolliesst")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv", "abcdefghijklmnopqrstuvwxyz", "01234567890")
OWN = 6  # signs that must remain when a well-known word is taken out
RUN = 5  # so many neighbours on the keyboard, in the alphabet or among the digits, or the same sign so often
WORDS = (
    "password", "passwort", "passwd", "admin", "administrator", "welcome", "letmein", "iloveyou", "monkey", "dragon",
    "football", "baseball", "sunshine", "princess", "superman", "master", "shadow", "secret", "changeme", "default",
    "qwerty", "woaini", "mima", "mimashi", "zhongguo", "beijing", "shanghai", "guangdong", "zhejiang", "jiangsu",
    "yaojian", "yaojianju", "linchuang", "shiyan", "jianguan", "pingtai", "ceshi", "nihao", "system", "root", "guest",
    "test1234", "user1234", "a1b2c3d4", "5201314", "1314520",
)


def problems(
    password: str, *, length: int, classes: int, names: Iterable[str] = (), words: Iterable[str] = (),
) -> list[str]:
    """Return the codes of what is wrong: ``length``, ``classes``, ``name``, ``word``, ``run``.

    :param names: login, name and the like of the user, of three signs and more
    :param words: forbidden words beside :data:`WORDS`
    """
    found = []
    if len(password) < length:
        found.append("length")
    if sum(bool(re.search(kind, password)) for kind in CLASSES) < classes:
        found.append("classes")
    plain, bare = password.casefold(), _undisguised(password)
    if any(len(name) > 2 and name.casefold() in plain for name in names):
        found.append("name")
    if any(_rests_on(text, word.casefold()) for word in (*WORDS, *words) for text in (plain, bare)):
        found.append("word")
    if has_run(plain):
        found.append("run")
    return found


def _rests_on(password: str, word: str) -> bool:
    return bool(word) and word in password and len(password.replace(word, "")) < OWN


def _undisguised(password: str) -> str:
    return password.casefold().translate(DISGUISES)


def has_run(text: str) -> bool:
    """Say whether the text holds the same sign RUN times or RUN neighbours in a row, in either direction."""
    for start in range(len(text) - RUN + 1):
        piece = text[start:start + RUN]
        if len(set(piece)) == 1 or any(piece in line or piece[::-1] in line for line in KEYBOARD):
            return True
    return False
