import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

PDF = base64.b64encode(b"%PDF-1.4\n%sample\n")


@tagged("post_install", "-at_install")
class TestDeskOwned(CtspCase):
    """The ownership mixin: what a share user may write, when, and where it stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a, cls.user_a = cls.outside("示例甲医院（示例）")
        cls.company_b, cls.user_b = cls.outside("示例乙医院（示例）")
        cls.officer = cls.role("filing_officer")
        Request = cls.env["ctsp.test.request"]
        cls.Request = Request.with_user(cls.user_a)
        cls.request_a = cls.Request.create({"name": "A", "line_ids": [Command.create({"name": "A1"})]})
        cls.request_b = Request.with_user(cls.user_b).create({
            "name": "B", "line_ids": [Command.create({"name": "B1"})],
        })

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.invalidate_all()

    def _submit(self, request):
        request.with_user(self.user_a).run_transition("submit")

    def test_owner_is_the_users_own_organisation(self):
        """A record made from outside belongs to the maker's organisation; its lines follow."""
        self.assertEqual(self.request_a.sudo().owner_partner_id, self.company_a)
        self.assertEqual(self.request_a.sudo().line_ids.owner_partner_id, self.company_a)

    def test_owner_cannot_be_chosen(self):
        """Neither values nor context give a record to another organisation."""
        with self.assertRaises(AccessError):
            self.Request.create({"name": "x", "owner_partner_id": self.company_b.id})
        with self.assertRaises(AccessError):
            self.Request.with_context(default_owner_partner_id=self.company_b.id).create({"name": "x"})
        with self.assertRaises(UserError):
            self.request_a.write({"owner_partner_id": self.company_b.id})

    def test_owner_by_path(self):
        """With a path the owner is computed, filled in for outside users, and not writable."""
        report = self.env["ctsp.test.desk.report"].with_user(self.user_a).create({"name": "x"})
        self.assertEqual(report.sudo().owner_partner_id, self.company_a)
        Report = self.env["ctsp.test.desk.report"].with_user(self.user_a)
        with self.assertRaises(AccessError):
            Report.create({"name": "x", "partner_id": self.company_b.id})
        with self.assertRaises(AccessError):
            Report.with_context(default_partner_id=self.company_b.id).create({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["ctsp.test.desk.report"].with_user(self.officer).create({
                "name": "x", "owner_partner_id": self.company_b.id,
            })

    def test_allow_list(self):
        """Fields off the allow-list are refused on create, write and by default_* context, on children too."""
        for values in ({"state": "done"}, {"score": 5}, {"internal_note": "x"}):
            name = next(iter(values))
            with self.subTest(name), self.assertRaises(AccessError):
                self.request_a.write(values)
            with self.subTest(name), self.assertRaises(AccessError):
                self.Request.create({"name": "x", **values})
            Request = self.Request.with_context(**{f"default_{name}": values[name]})
            if name == "state":  # the workflow drops it
                self.assertEqual(Request.create({"name": "x"}).state, "draft")
                continue
            with self.subTest(name), self.assertRaises(AccessError):
                Request.create({"name": "x"})
        with self.assertRaises(AccessError):
            self.request_a.write({"line_ids": [Command.create({"name": "x", "verdict": "good"})]})
        with self.assertRaises(AccessError):
            self.request_a.write({"line_ids": [Command.update(self.request_a.line_ids.id, {"verdict": "good"})]})
        with self.assertRaises(AccessError):
            self.request_a.with_context(default_verdict="good").write({"line_ids": [Command.create({"name": "x"})]})

    def test_state_closes_record_and_children(self):
        """After submission nothing of a request changes from outside: not itself, not its lines and files."""
        line = self.request_a.line_ids
        self._submit(self.request_a)
        attempts = {
            "write": lambda: self.request_a.write({"note": "x"}),
            "unlink": lambda: self.request_a.unlink(),
            "line write": lambda: line.write({"name": "x"}),
            "line unlink": lambda: line.unlink(),
            "line create": lambda: line.create({"name": "x", "request_id": self.request_a.id}),
            "command": lambda: self.request_a.write({"line_ids": [Command.create({"name": "x"})]}),
            "file": lambda: self.env["ctsp.test.request.file"].with_user(self.user_a).create({
                "request_id": self.request_a.id, "file_name": "x.pdf", "data": PDF,
            }),
            "twice": lambda: self.request_a.run_transition("submit"),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(AccessError):
                attempt()
        self.assertFalse(self.request_a.desk_editable)
        self.request_a.with_user(self.officer).run_transition("return", "The plan is missing")
        self.assertTrue(self.request_a.desk_editable)
        self.request_a.write({"note": "x"})

    def test_lines_stay_where_they_are(self):
        """A line moves to no other request, by key or by one2many command, for nobody."""
        line = self.request_a.line_ids
        second = self.Request.create({"name": "A2"})
        for target in (self.request_b, second):
            with self.subTest(target=target.id), self.assertRaises(UserError):
                line.write({"request_id": target.id})
        with self.assertRaises(UserError):
            second.write({"line_ids": [Command.link(line.id)]})
        with self.assertRaises(UserError):
            line.with_user(self.officer).write({"request_id": second.id})
        with self.assertRaises(UserError):
            line.sudo().write({"request_id": second.id})
        line.write({"request_id": self.request_a.id, "name": "same key is no change"})

    def test_other_organisation_is_out_of_reach(self):
        """B's records do not exist for A: search, read, write, lines, commands, references."""
        foreign = self.request_b.with_user(self.user_a)
        foreign_line = self.request_b.line_ids.with_user(self.user_a)
        self.assertNotIn(foreign, self.Request.search([]))
        self.assertFalse(self.Request.search_count([("name", "=", "B")]))
        for attempt in (
            lambda: foreign.read(["name"]),
            lambda: foreign.write({"name": "x"}),
            lambda: foreign.unlink(),
            lambda: foreign_line.write({"name": "x"}),
            lambda: foreign_line.create({"name": "x", "request_id": self.request_b.id}),
            lambda: self.request_a.write({"line_ids": [Command.update(foreign_line.id, {"name": "x"})]}),
            lambda: self.request_a.write({"line_ids": [Command.delete(foreign_line.id)]}),
            lambda: self.request_a.write({"previous_id": self.request_b.id}),
            lambda: self.Request.with_context(default_previous_id=self.request_b.id).create({"name": "x"}),
            lambda: foreign.run_transition("submit"),
        ):
            with self.assertRaises(UserError):
                attempt()
        with self.assertRaises(UserError):
            self.request_a.write({"line_ids": [Command.link(foreign_line.id)]})
        self.assertEqual(self.request_b.sudo().line_ids.mapped("name"), ["B1"])

    def test_hidden_fields(self):
        """A hidden field is neither read nor searched, sorted, grouped, exported nor described."""
        self.request_a.sudo().internal_note = "secret"
        for attempt in (
            lambda: self.request_a.internal_note,
            lambda: self.request_a.read(["internal_note"]),
            lambda: self.Request.search([("internal_note", "=like", "s%")]),
            lambda: self.Request.search([], order="internal_note"),
            lambda: self.Request.formatted_read_group([], ["internal_note"], ["__count"]),
            lambda: self.request_a.line_ids.search([("request_id.internal_note", "=", "secret")]),
            lambda: self.request_a.read(["create_uid"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):  # share users have no generic export at all
            self.request_a.export_data(["internal_note"])
        self.assertNotIn("internal_note", self.Request.fields_get())
        self.assertNotIn("internal_note", self.request_a.read()[0])
        self.assertEqual(self.request_a.with_user(self.officer).internal_note, "secret")

    def test_screens_say_what_may_be_written(self):
        """fields_get tells the web client what is read-only from outside."""
        described = self.Request.fields_get()
        self.assertTrue(described["state"]["readonly"])
        self.assertFalse(described["note"]["readonly"])
        self.assertFalse(self.Request.with_user(self.officer).fields_get()["state"]["readonly"])

    def test_copy_is_no_way_round(self):
        """A copy belongs to the copier and starts as a draft."""
        self._submit(self.request_a)
        with self.assertRaises(AccessError):
            self.request_a.copy()
        with self.assertRaises(AccessError):
            self.request_a.copy({"state": "done"})

    def test_tracked_fields(self):
        """An outside user changes a tracked field; the regulator sees the trace of it, he does not."""
        self.flush_tracking()
        request = self.request_a.with_context(tracking_disable=False)
        request.write({"note": "first"})
        request.run_transition("submit")
        self.flush_tracking()
        tracked = request.sudo().message_ids.tracking_value_ids
        self.assertEqual(tracked.mapped("new_value_text"), ["first"])
        with self.assertRaises(AccessError):
            request.read(["message_ids"])

    def test_internal_users_are_not_bound(self):
        """The allow-list and the states bind share users only."""
        request = self.request_a.with_user(self.officer)
        self._submit(self.request_a)
        request.write({"score": 3, "internal_note": "x"})
        self.assertEqual(request.score, 3)

    def test_files(self):
        """A file is checked and hashed; its facts cannot be forged."""
        File = self.env["ctsp.test.request.file"].with_user(self.user_a)
        row = File.create({"request_id": self.request_a.id, "file_name": "方案.pdf", "data": PDF})
        self.assertEqual((row.size, row.mimetype, len(row.digest)), (17, "application/pdf", 64))
        with self.assertRaises(AccessError):
            row.write({"digest": "0" * 64})
        bad = {
            "x.exe": b"MZ", "x.pdf": b"<html>", "x.png": b"%PDF-1.4", "x.docx": b"PK\x03\x04", "x": b"%PDF-",
            "../x.pdf": b"%PDF-", "x.svg": b"<svg/>", "x.pdf.html": b"%PDF-",
        }
        for name, content in bad.items():
            with self.subTest(name), self.assertRaises(ValidationError):
                File.create({"request_id": self.request_a.id, "file_name": name, "data": base64.b64encode(content)})
        with self.assertRaises(ValidationError):
            row.write({"data": base64.b64encode(b"<script>")})
        with self.assertRaises(ValidationError):
            File.create({
                "request_id": self.request_a.id, "file_name": "x.pdf",
                "data": base64.b64encode(b"%PDF-" + b"0" * (20 << 20)),
            })

    def test_refusals_name_nothing(self):
        """The refusal is a plain sentence: no joke, no internal group, no name of the other's record."""
        with self.assertRaises(AccessError) as caught:
            self.request_b.with_user(self.user_a).read(["name"])
        self.assertIn("“Test Request”", caught.exception.args[0])
        self.assertNotIn("ctsp.test.request", caught.exception.args[0])
        with self.assertRaises(AccessError) as caught:
            self.env["ir.cron"].with_user(self.user_a).search([])
        self.assertNotIn("Group", caught.exception.args[0])

    def test_list_costs_constant_queries(self):
        """The fence adds no query per row."""
        self.Request.create([{"name": str(n), "line_ids": [Command.create({"name": "l"})]} for n in range(80)])
        self.env.flush_all()
        counts = []
        for limit in (1, 10, 80):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            shown = {name: {} for name in ("name", "state", "line_ids", "desk_editable")}
            self.Request.web_search_read([], shown, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])  # the first fills the caches
