from odoo.tests import TransactionCase, tagged

from odoo.addons.ctsp_dataset.tests.shipped import ShippedDataSets


def lines(table, *days):
    return {table: [{"title": "主题", "date": day} for day in days]}


@tagged("post_install", "-at_install")
class TestDatasetRules(ShippedDataSets, TransactionCase):
    """The rules of the annual report's data set, each with a row that breaks it and rows that do not."""

    rules = {
        "annual_report": {
            "year_past": ({"year": 2027}, {"year": 2026}),
            "enrolled": ({"subjects_screened": 259}, {"subjects_screened": 260}),
            "susar": ({"susar": 4}, {"susar": 3}),
            "new_specialties": ({"new_specialties": 13}, {"new_specialties": 12}),
            "year_over": ({"year": 2026}, {"year": 2025}),
            "trained": ({"trained_people": 87}, {"trained_people": 86}),
            "investigators": ({"investigators": 87}, {"investigators": 86}),
            "has_investigators": ({"investigators": 0}, {"investigators": 0, "specialties": 0}),
            "trials_total": ({"trials_new": 58}, {"trials_new": 57}),
            **{f"{table}_year": (lines(table, "2025-01-01", "2024-12-31"), lines(table, "2025-12-31", None),
                                 {table: None})
               for table in ("training", "quality", "inspections")}},
    }
