from odoo.tests import TransactionCase, tagged

from odoo.addons.ctsp_dataset.tests.shipped import ShippedDataSets
from odoo.addons.ctsp_dataset.tools.expression import compile_rule

SITE = {"name": "本部", "address": "上海市徐汇区示例路1号", "is_main": True}
LICENCE = {"kind": "practice", "number": "PDY1", "valid_from": "2024-01-01", "valid_to": "2028-12-31"}
MEMBER = {"name": "王某某（示例）", "gender": "female", "role": "member", "background": "medical", "is_external": False}


def sites(*main):
    return {"sites": [{**SITE, "name": f"院区{number}", "is_main": value} for number, value in enumerate(main)]}


def licence(**changes):
    return {"licences": [LICENCE, {**LICENCE, **changes}]}


def members(count=6, chair=None, **changes):
    """A chair and some members, the last of them changed."""
    found = [{**MEMBER, "role": "chair", "gender": "male", **(chair or {})}, *({**MEMBER} for _number in range(count))]
    found[-1].update(changes)
    return {"members": found}


@tagged("post_install", "-at_install")
class TestDatasetRules(ShippedDataSets, TransactionCase):
    """The rules of the data sets about institutions, each with a row that breaks it and rows that do not."""

    unmet = {"ethics_committee": {"seven", "genders", "backgrounds"}}
    rules = {
        "institution_basic": {
            "one_main_site": (sites(True, True), sites(True, False), {"sites": None}),
            "licence_dates": (licence(valid_to="2023-12-31"), licence(valid_to="2024-01-01"), licence(valid_to=None)),
            "licence_valid": (licence(valid_to="2026-05-31"), licence(valid_to="2026-06-01"), licence(valid_to=None)),
            "practice_licence": ({"licences": None}, {"licences": None, "is_cdc": True, "kind": "cdc"}),
            "grade": ({"level": "2b"}, {"level": "2a"}, {"level": "none", "is_cdc": True, "kind": "cdc"}),
            "cdc_kind": ({"is_cdc": True}, {"is_cdc": True, "kind": "cdc"}, {"is_cdc": None, "kind": "cdc"}),
            "sites_given": ({"sites": None}, sites(True))},
        "specialty_group": {
            "drug_or_device": ({"is_drug": False}, {"is_drug": False, "is_device": True}),
            "pi_experience": ({"pi_trials": 2}, {"pi_trials": 3}, {"pi_trials": None}),
            "pi_title": ({"pi_title": "attending_physician"}, {"pi_title": "associate_chief_physician"},
                         {"pi_title": "associate_chief_nurse"}),
            "pi_gcp": ({"pi_gcp_date": None}, {"pi_gcp_date": None, "is_drug": False, "is_device": True})},
        "ethics_committee": {
            "term": ({"term_to": "2024-01-01"}, {"term_to": "2027-01-02"}),
            "seven": (members(5), members(6)),
            "genders": (members(6, {"gender": "female"}), members(6)),
            "external": (members(6), members(6, is_external=True)),
            "chair": (members(6, role="chair"), members(6, role="vice")),
            "term_length": ({"term_to": "2029-01-02"}, {"term_to": "2029-01-01"}),
            "term_over": ({"term_to": "2026-05-31"}, {"term_to": "2026-06-01"}),
            "backgrounds": (members(6), members(6, background="law")),
            "employers": (members(6, is_external=True), members(6, is_external=True, employer="示例大学（示例）"))},
    }

    def test_senior(self):
        """What the data set takes for a senior title is what the registry takes for one."""
        definition = self.env["ctsp.dataset"]._find("specialty_group")._definition()
        [rule] = [rule for rule in definition.rules if rule.code == "pi_title"]
        holds = compile_rule(rule.expression)
        titles = self.env["ctsp.dictionary.item"].search([("dictionary_id.code", "=", "professional_title")])
        known = dict(definition.field("pi_title").codes)
        for title in titles.filtered(lambda title: title.code in known):
            self.assertEqual(holds({"pi_title": title.code}), title.mark == "senior", title.code)
