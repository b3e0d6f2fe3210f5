"""How many queries a screen takes, and that the number does not follow the rows."""
import json

from inside import Inside
from operations import MODELS, group_of

FEW, MANY = 8, 80


def measure(env):
    """Print one line of JSON: {screen: {situation: number of queries}}."""
    officer = Inside(env, "bench000")
    figures = {}
    for mix in MODELS.values():
        for model in mix:
            figures[f"{model} list"] = of_list(officer, model)
            figures[f"{model} form"] = of_forms(officer, model)
    figures["ctsp.trial by specialty"] = {
        "80 of all rows": officer.queries(lambda: group_of("ctsp.trial", "specialty_id", None)(officer, {}))}
    env.cr.rollback()
    print(json.dumps(figures))


def of_list(officer, model):
    """A short page, a full page of a small result, a full page of everything."""
    ids = officer.env[model].search([]).ids
    return {
        f"{FEW} of {MANY} rows": officer.queries(
            lambda: officer.open_list(model, [("id", "in", ids[-MANY:])], limit=FEW)),
        f"{MANY} of {MANY} rows": officer.queries(lambda: officer.open_list(model, [("id", "in", ids[-MANY:])])),
        f"{MANY} of all rows": officer.queries(lambda: officer.open_list(model)),
        "all rows": len(ids)}


def of_forms(officer, model):
    """The record with the most below it and one with little."""
    ids = officer.env[model].search([], order="id").ids
    return {
        "first record": officer.queries(lambda: officer.open_form(model, ids[0])),
        "last record": officer.queries(lambda: officer.open_form(model, ids[-1]))}
