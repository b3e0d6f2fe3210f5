import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestWorkflow(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.role("filing_officer")
        cls.reviewer = cls.role("reviewer")
        cls.Document = cls.env["ctsp.test.document"]

    def document(self, **values):
        return self.Document.with_user(self.officer).create({"name": "one", **values})

    def events(self):
        return self.env.cr.precommit.data.get("ctsp_test_events", [])

    def test_a_step_runs_its_hooks_stamps_logs_and_announces(self):
        """One call does everything a step is for."""
        document = self.document()
        document.run_transition("submit")
        self.assertEqual(document.state, "submitted")
        self.assertEqual(document.trail, "before draft, after submitted")
        self.assertEqual(document.submitted_by, self.officer)
        self.assertTrue(document.submitted_at)
        log = document.transition_log_ids
        self.assertEqual((log.transition, log.from_state, log.to_state), ("submit", "draft", "submitted"))
        self.assertEqual((log.transition_label, log.from_label, log.to_label), ("Submit", "Draft", "Submitted"))
        self.assertEqual(log.user_id, self.officer)
        event, payload = self.events()[-1]
        self.assertEqual(event, "ctsp.test.document.submit")
        self.assertEqual(json.loads(json.dumps(payload)), payload)
        self.assertEqual((payload["from"], payload["to"], payload["id"]), ("draft", "submitted", document.id))

    def test_the_state_cannot_be_written(self):
        """Neither its author nor the superuser writes the state, when or who, by write or create."""
        document = self.document()
        for records in (document, document.sudo()):
            for values in ({"state": "approved"}, {"state_since": "2020-01-01"}, {"submitted_by": self.officer.id}):
                with self.assertRaises(AccessError):
                    records.write({"name": "two", **values})
        for values in ({"state": "approved"}, {"submitted_by": self.officer.id}):
            with self.assertRaises(AccessError):
                self.document(**values)
        self.assertEqual(document.name, "one")

    def test_a_grant_cannot_be_sent(self):
        """What RPC can put into a context opens nothing."""
        document = self.document()
        for forged in (True, "x", {"model": "ctsp.test.document", "ids": document.ids, "state": "approved"}):
            with self.assertRaises(AccessError):
                document.with_context(ctsp_workflow_grant=forged).write({"state": "approved"})

    def test_defaults_do_not_set_the_state(self):
        """default_state in the context and stored defaults leave a new record in the initial state."""
        self.env["ir.default"].set("ctsp.test.document", "state", "approved")
        Document = self.Document.with_user(self.officer).with_context(default_state="approved")
        self.assertEqual(Document.create({"name": "three"}).state, "draft")
        self.assertEqual(Document.default_get(["state"])["state"], "draft")

    def test_import_does_not_set_the_state(self):
        """A file with a state column is refused row by row; the unchanged state passes."""
        Document = self.Document.with_user(self.officer)
        result = Document.load(["name", "state"], [["four", "approved"]])
        self.assertFalse(result["ids"])
        result = Document.load(["name", "state"], [["five", "draft"]])
        document = Document.browse(result["ids"])
        self.assertEqual(document.state, "draft")
        self.assertTrue(document.write({"state": "draft", "name": "six"}))
        self.assertEqual(document.name, "six")

    def test_a_form_does_not_set_the_state(self):
        """What a client sends from a form is refused like any other write."""
        view = self.env["ir.ui.view"].create({
            "model": "ctsp.test.document", "type": "form",
            "arch": "<form><field name='name'/><field name='state'/></form>",
        })
        form = Form(self.document(), view=view.id)
        form.state = "approved"
        with self.assertRaises(AccessError):
            form.save()

    def test_a_copy_starts_anew(self):
        document = self.document()
        document.run_transition("submit")
        copy = document.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.submitted_by)

    def test_wrong_state_group_code_and_content_are_refused(self):
        """Each refusal changes nothing and leaves no log row."""
        document = self.document()
        with self.assertRaises(UserError):
            document.run_transition("nonsense")
        with self.assertRaises(UserError):
            document.run_transition("_write_state")
        with self.assertRaises(AccessError):
            document.with_user(self.reviewer).run_transition("submit")
        with self.assertRaises(UserError):
            document.with_user(self.reviewer).run_transition("approve")
        document.name = "incomplete"
        with self.assertRaises(ValidationError):
            document.run_transition("submit")
        self.assertEqual(document.state, "draft")
        self.assertFalse(document.transition_log_ids)

    def test_a_record_out_of_reach_stays_so(self):
        """The group alone is not enough: record rules bind the step, with the right it declares."""
        document = self.document(secret=True)
        document.run_transition("submit")
        with self.assertRaises(AccessError):
            document.with_user(self.reviewer).run_transition("approve")

    def test_read_access_is_enough_where_declared(self):
        """A reviewer approves what he may not edit."""
        document = self.document()
        document.run_transition("submit")
        with self.assertRaises(AccessError):
            document.with_user(self.reviewer).write({"name": "mine"})
        document.with_user(self.reviewer).run_transition("approve")
        self.assertEqual(document.state, "approved")
        self.assertEqual(document.transition_log_ids[0].user_id, self.reviewer)

    def test_a_needed_reason_is_asked_for(self):
        """Without reason: refused by RPC, a dialog by button; the dialog makes the step."""
        document = self.document()
        document.run_transition("submit")
        mine = document.with_user(self.reviewer)
        for reason in (None, "", "  "):
            with self.assertRaises(UserError):
                mine.run_transition("return", reason)
        action = mine.with_context(transition="return").action_transition()
        wizard = self.env[action["res_model"]].with_user(self.reviewer).browse(action["res_id"])
        self.assertEqual((wizard.label, wizard.subject), ("Return", "one"))
        wizard.reason = "Page 3 is missing"
        wizard.action_confirm()
        self.assertEqual(document.state, "returned")
        self.assertEqual(document.transition_log_ids[0].reason, "Page 3 is missing")

    def test_the_dialog_serves_workflows_only(self):
        """A dialog row pointing at another model opens nothing."""
        wizard = self.env["ctsp.workflow.reason"].with_user(self.officer).create({
            "res_model": "res.partner", "res_ids": [1], "transition": "submit",
        })
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_automatic_steps_are_for_code(self):
        document = self.document()
        document.run_transition("submit")
        document.with_user(self.reviewer).run_transition("approve")
        for user in (self.officer, self.reviewer):
            self.assertNotIn("expire", document.with_user(user).available_transitions or [])
            with self.assertRaises(AccessError):
                document.with_user(user).run_transition("expire")
        document.sudo().run_transition("expire")
        self.assertEqual(document.state, "expired")

    def test_buttons_follow_state_group_and_right(self):
        document = self.document()
        self.assertEqual(document.available_transitions, ["submit"])
        self.assertFalse(document.with_user(self.reviewer).available_transitions)
        document.run_transition("submit")
        self.assertFalse(document.available_transitions)
        self.assertEqual(document.with_user(self.reviewer).available_transitions, ["return", "approve"])
        self.assertFalse(self.Document.new({"name": "new"}).available_transitions)

    def test_rows_switch_off_and_regroup_but_never_add(self):
        """An administrator disables a step or gives it to others; he cannot invent one."""
        Rule = self.env["ctsp.workflow.rule"].with_user(self.role("system_admin"))
        Rule._open_screen()
        rule = Rule.search([("key", "=", "ctsp.test.document,submit")])
        self.assertEqual((rule.model, rule.code), ("ctsp.test.document", "submit"))
        self.assertEqual(rule.shipped_groups, "Filing Officer")
        document = self.document()
        rule.enabled = False
        with self.assertRaises(AccessError):
            document.run_transition("submit")
        document.invalidate_recordset(["available_transitions"])
        self.assertFalse(document.available_transitions)
        rule.write({"enabled": True, "group_ids": [(4, self.env.ref("ctsp_base.group_data_steward").id)]})
        with self.assertRaises(AccessError):
            document.run_transition("submit")
        both = self.role("filing_officer", "data_steward")
        document.with_user(both).run_transition("submit")
        self.assertEqual(document.state, "submitted")
        with self.assertRaises(ValidationError):
            Rule.create({"key": "ctsp.test.document,self_approve"})
        with self.assertRaises(AccessError):
            self.env["ctsp.workflow.rule"].with_user(self.officer).search([])

    def test_the_log_is_evidence(self):
        """Nobody adds, changes or deletes rows, the superuser included where it is not the engine."""
        document = self.document()
        document.run_transition("submit")
        log = document.transition_log_ids
        for rows in (log, log.sudo()):
            with self.assertRaises(AccessError):
                rows.create({"res_model": document._name, "res_id": document.id, "to_state": "approved"})
            with self.assertRaises(AccessError):
                rows.write({"reason": "x"})
            with self.assertRaises(AccessError):
                rows.unlink()
        with self.assertRaises(AccessError):
            document.write({"transition_log_ids": [(0, 0, {"to_state": "approved"})]})

    def test_the_log_is_read_with_its_record(self):
        """Rows about a record are seen by those who see the record: list, read, count and group alike."""
        document = self.document(secret=True)
        document.run_transition("submit")
        log = document.transition_log_ids
        Log = self.env["ctsp.workflow.log"]
        for user in (self.reviewer, self.outside("Hospital")[1]):
            theirs = Log.with_user(user)
            self.assertFalse(theirs.search([("id", "=", log.id)]))
            self.assertFalse(theirs.search_count([("res_model", "=", document._name), ("res_id", "=", document.id)]))
            self.assertFalse(theirs._read_group([("id", "=", log.id)], ["res_model"]))
            with self.assertRaises(AccessError):
                log.with_user(user).read(["reason"])
        self.assertTrue(Log.with_user(self.officer).search([("id", "=", log.id)]))

    def test_outside_users_read_the_course_but_no_names(self):
        """An institution sees what happened to its document; the regulator's people stay “Regulator”."""
        outsider = self.outside("Hospital")[1]
        document = self.document()
        document.run_transition("submit")
        [values] = document.with_user(outsider).web_read({
            "transition_log_ids": {"fields": {"actor": {}, "to_label": {}, "reason": {}, "date": {}}},
        })
        self.assertEqual(values["transition_log_ids"][0]["actor"], "Regulator")
        self.assertEqual(document.transition_log_ids.actor, self.officer.name)
        for field in ("user_id", "create_uid", "write_uid"):
            with self.assertRaises(AccessError):
                document.transition_log_ids.with_user(outsider).read([field])
        self.assertIn("actor", self.env["ctsp.workflow.log"].with_user(outsider).get_view(view_type="list")["arch"])

    def test_the_course_of_many_records_costs_the_same(self):
        """Reading state, tags and course of 40 records takes no more queries than of 10."""
        documents = self.env["ctsp.test.document"].with_user(self.officer).create([
            {"name": str(number)} for number in range(40)
        ])
        documents.run_transition("submit")
        counts = []
        for some in (documents[:10], documents[:10], documents):  # the first round fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.web_read({
                "state": {}, "state_since": {}, "tag_ids": {"fields": {"display_name": {}, "color": {}}},
                "transition_log_ids": {"fields": {"actor": {}, "to_label": {}}},
            })
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_deletion_ends_with_the_first_step(self):
        document, other = self.document(), self.document()
        document.run_transition("submit")
        with self.assertRaises(UserError):
            document.unlink()
        self.assertTrue(other.unlink())

    def test_history_is_loaded_by_code_and_logged(self):
        """Loading sets any state with its stamps; hooks and events stay silent."""
        document = self.document()
        document._set_state("approved", "from the archive", submitted_at="2020-05-01 00:00:00")
        self.assertEqual((document.state, document.trail), ("approved", False))
        self.assertEqual(document.submitted_at.year, 2020)
        self.assertEqual(document.transition_log_ids.reason, "from the archive")
        self.assertFalse([event for event in self.events() if event[1]["id"] == document.id])
        with self.assertRaises(ValueError):
            document._set_state("nonsense", "")

    def test_many_records_all_or_none(self):
        good, bad = self.document(), self.document(name="incomplete")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            (good + bad).run_transition("submit")
        self.assertEqual(good.state, "draft")
