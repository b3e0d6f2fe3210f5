from odoo.fields import Command

from odoo.addons.ctsp_base.tests.common import CtspCase


class ClauseCase(CtspCase):
    """A small unpublished library with one section and three clauses, kept by a data steward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steward, cls.inspector = cls.role("data_steward"), cls.role("inspector")
        cls.library = (
            cls.env["ctsp.clause.library"]
            .with_user(cls.steward)
            .create(
                {
                    "name": "Test Library",
                    "code": "T1",
                    "number": "No. 1",
                    "date_from": "2024-03-01",
                    "section_ids": [
                        Command.create({"name": "Staff", "sequence": 1}),
                        Command.create({"name": "Rooms", "sequence": 2}),
                    ],
                }
            )
        )
        cls.staff, cls.rooms = cls.library.section_ids.sorted("sequence")
        cls.clauses = cls.env["ctsp.clause"].with_user(cls.steward).create([
            cls.clause_values("1.1", "critical"), cls.clause_values("1.2", "major", object="specialty"),
            cls.clause_values("1.10", "minor")])

    @classmethod
    def clause_values(cls, number, grade, **values):
        return {"library_id": cls.library.id, "section_id": cls.staff.id, "number": number, "grade": grade,
                "object": "institution", "point": f"Point {number}", "content": f"Content {number}", **values}
