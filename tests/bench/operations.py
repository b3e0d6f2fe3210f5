"""What is measured: the platform's screens, and beside each the stock screen it is compared with.

The mix is that of a working morning: mostly lists and searches, then forms, some grouping.
"""
import random
from dataclasses import dataclass

PINYIN = ["sfd", "dyyy", "zyyy", "sljg", "yy", "dsr"]
NAMES = ["Contact 1", "Contact 22", "ntact 3", "act 40", "Cont", "tact 5"]


@dataclass(frozen=True)
class Operation:
    """One thing a person does.

    :param name: as it stands in the results
    :param weight: share in the mix, out of 100
    :param run: ``run(client, ids)``; ids: {model: list of record ids to open}
    :param baseline: name of the stock operation it is compared with
    """

    name: str
    weight: int
    run: object
    baseline: str = ""


def list_of(model, name):
    return lambda client, ids: client.open_list(model, name=name)


def search_by(model, words, name):
    return lambda client, ids: client.open_list(
        model, [("display_name", "ilike", random.choice(words))], name=name)


def group_of(model, field, name):
    return lambda client, ids: client.group(model, field, name=name)


def form_of(model, name):
    return lambda client, ids: client.open_form(model, random.choice(ids[model]), name=name)


OURS = (
    Operation("institution list", 20, list_of("ctsp.institution", "institution list"), "contact list"),
    Operation("institution search (pinyin)", 20,
              search_by("ctsp.institution", PINYIN, "institution search (pinyin)"), "contact search"),
    Operation("institution form", 15, form_of("ctsp.institution", "institution form"), "contact form"),
    Operation("trial list", 15, list_of("ctsp.trial", "trial list"), "contact list"),
    Operation("trials by specialty", 15, group_of("ctsp.trial.site", "specialty_id", "trials by specialty"),
              "contact group"),
    Operation("trial form", 15, form_of("ctsp.trial", "trial form"), "contact form"),
)

STOCK = (
    Operation("contact list", 35, list_of("res.partner", "contact list")),
    Operation("contact search", 20, search_by("res.partner", NAMES, "contact search")),
    Operation("contact group", 15, group_of("res.partner", "country_id", "contact group")),
    Operation("contact form", 30, form_of("res.partner", "contact form")),
)

MODELS = {"ours": ("ctsp.institution", "ctsp.trial"), "stock": ("res.partner",)}
MIXES = {"ours": OURS, "stock": STOCK}


def record_ids(client, mix):
    """Some ids of each model of the mix, spread over the whole table."""
    found = {}
    for model in MODELS[mix]:
        total = client.call(model, "search_count", [])
        step = max(total // 200, 1)
        ids = client.call(model, "search", [], order="id")
        found[model] = ids[::step]
    return found
