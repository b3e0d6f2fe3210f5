"""What is measured: the platform's screens, and beside each the stock screen it is compared with.

The mix is that of a working morning: mostly lists and searches, then forms, some grouping.
"""
import json
import random
import sys
from dataclasses import dataclass

PINYIN = ["rmyy", "dyyy", "zyyy", "zlyy", "fybjy", "yy"]
NAMES = ["Contact 1", "Contact 22", "ntact 3", "act 40", "Cont", "tact 5"]


@dataclass(frozen=True)
class Operation:
    """One thing a person does.

    :param name: as it stands in the results
    :param weight: share in the mix, out of 100
    :param run: ``run(screens, ids)``; ids: {model: list of record ids to open}
    :param baseline: name of the stock operation it is compared with
    """

    name: str
    weight: int
    run: object
    baseline: str = ""


def list_of(model, name):
    return lambda screens, ids: screens.open_list(model, name=name)


def search_by(model, words, name):
    return lambda screens, ids: screens.search(model, random.choice(words), name=name)


def facets_of(model, name):
    return lambda screens, ids: screens.facets(model, name=name)


def group_of(model, field, name):
    return lambda screens, ids: screens.group(model, field, name=name)


def form_of(model, name):
    return lambda screens, ids: screens.open_form(model, random.choice(ids[model]), name=name)


def pages_of(model, fields, name):
    return lambda screens, ids: screens.open_page(
        model, random.choice(ids[model]), random.choice(fields), name=name)


PAGES = (
    "site_ids", "specialty_ids", "trial_site_ids", "person_ids", "ethics_committee_ids", "licence_ids", "version_ids")
"""lists on the pages of the institution's form, read when their page is opened"""

OURS = (
    Operation("institution list", 15, list_of("ctsp.institution", "institution list"), "contact list"),
    Operation("institution facets", 5, facets_of("ctsp.institution", "institution facets")),
    Operation("institution search (pinyin)", 20,
              search_by("ctsp.institution", PINYIN, "institution search (pinyin)"), "contact search"),
    Operation("institution form", 10, form_of("ctsp.institution", "institution form"), "contact form"),
    Operation("page of the institution form", 5,
              pages_of("ctsp.institution", PAGES, "page of the institution form"), "contact form"),
    Operation("trial list", 10, list_of("ctsp.trial", "trial list"), "contact list"),
    Operation("trials by specialty", 15, group_of("ctsp.trial", "specialty_id", "trials by specialty"),
              "contact group"),
    Operation("trial form", 10, form_of("ctsp.trial", "trial form"), "contact form"),
    Operation("filing list", 10, list_of("ctsp.filing", "filing list"), "contact list"),
)

STOCK = (
    Operation("contact list", 40, list_of("res.partner", "contact list")),
    Operation("contact search", 20, search_by("res.partner", NAMES, "contact search")),
    Operation("contact group", 15, group_of("res.partner", "country_id", "contact group")),
    Operation("contact form", 25, form_of("res.partner", "contact form")),
)

MODELS = {"ours": ("ctsp.institution", "ctsp.trial", "ctsp.filing"), "stock": ("res.partner",)}
MIXES = {"ours": OURS, "stock": STOCK}


def record_ids(screens, mix):
    """Some ids of each model of the mix, spread over the whole table."""
    found = {}
    for model in MODELS[mix]:
        ids = screens.call(model, "search", [], order="id")
        found[model] = ids[::max(len(ids) // 200, 1)]
    return found


def prepare(screens, mix):
    """Load views and ids of a mix; return the ids."""
    for model in MODELS[mix]:
        screens.load_views(model)
    return record_ids(screens, mix)


if __name__ == "__main__":
    json.dump({operation.name: operation.baseline for operation in OURS}, sys.stdout)
