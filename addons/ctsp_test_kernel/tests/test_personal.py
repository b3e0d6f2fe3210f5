

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .personal_case import CLEAR, MASKED, PersonalCase


@tagged("post_install", "-at_install")
class TestPersonalRefused(PersonalCase):
    """A role without the right finds no path to a value in clear."""

    def assertHidden(self, call):
        with mute_logger("odoo.models", "odoo.orm.models"), self.assertRaises(AccessError):
            call()

    def test_attribute(self):
        person = self.as_masked()
        for name in CLEAR:
            self.assertHidden(lambda name=name: person[name])
            self.assertHidden(lambda name=name: person.mapped(name))

    def test_message(self):
        """The refusal names the field as people know it and no internal group."""
        with self.assertRaisesRegex(AccessError, "^“Identity Number” is personal data: you see it masked only.$"):
            self.as_masked().read(["id_number"])

    def test_attribute_after_superuser_filled_the_cache(self):
        """The cache is shared by all users of a transaction: a value in it is still refused."""
        person = self.as_masked()
        self.assertEqual(person.sudo().mobile, CLEAR["mobile"])
        self.assertHidden(lambda: person.mobile)

    def test_read_family(self):
        person = self.as_masked()
        for name in CLEAR:
            self.assertHidden(lambda name=name: person.read([name]))
            self.assertHidden(lambda name=name: person.web_read({name: {}}))
            self.assertHidden(lambda name=name: person.search_read([], [name]))
            self.assertHidden(lambda name=name: person.web_search_read([], {name: {}}))
            self.assertHidden(lambda name=name: person.search_fetch([], [name]))

    def test_read_everything_leaves_them_out(self):
        values = self.as_masked().read()[0]
        self.assertFalse(CLEAR.keys() & values.keys())
        self.assertNotIn(CLEAR["mobile"], str(values))
        self.assertNotIn(CLEAR["name"], str(values))

    def test_read_through_relations(self):
        organisation = self.as_masked(self.organisation)
        for spec in (
            {"person_ids": {"fields": {"mobile": {}}}},
            {"lead_id": {"fields": {"mobile": {}}}},
            {"lead_mobile": {}},
        ):
            self.assertHidden(lambda spec=spec: organisation.web_read(spec))
        self.assertHidden(lambda: organisation.lead_mobile)
        self.assertHidden(lambda: organisation.search([("lead_mobile", "=", CLEAR["mobile"])]))

    def test_delegation(self):
        card = self.env["ctsp.test.person.card"].create({"person_id": self.person.id, "number": "1"})
        card = self.as_masked(card)
        self.assertHidden(lambda: card.mobile)
        self.assertHidden(lambda: card.read(["mobile"]))
        self.assertHidden(lambda: card.search([("mobile", "=", CLEAR["mobile"])]))
        self.assertHidden(lambda: card.formatted_read_group([], ["mobile"], ["__count"]))

    def test_export(self):
        for path in ("mobile", "name", "organisation_id/lead_mobile", "organisation_id/person_ids/id_number"):
            self.assertHidden(lambda path=path: self.as_masked().export_data(["code", path]))
        rows = self.as_masked().export_data(["code", "mobile_masked", "display_name", "organisation_id/lead_id"])
        self.assertEqual(rows["datas"][0], ["P1", MASKED["mobile"], MASKED["name"], MASKED["name"]])

    def test_group_and_aggregate(self):
        persons = self.as_masked()
        for name in CLEAR:
            spec = f"{name}:month" if name == "birth_date" else name
            self.assertHidden(lambda spec=spec: persons._read_group([], [spec], ["__count"]))
            self.assertHidden(lambda spec=spec: persons.formatted_read_group([], [spec], ["__count"]))
            self.assertHidden(lambda spec=spec: persons.web_read_group([], [spec], ["__count"]))
            for function in ("array_agg", "max", "min", "count_distinct", "array_agg_distinct"):
                self.assertHidden(lambda a=f"{name}:{function}": persons.formatted_read_group([], ["post"], [a]))
        self.assertHidden(lambda: self.as_masked(self.organisation)._read_group([], ["lead_id.mobile"], ["__count"]))
        having = [("mobile:max", "=", "1")]
        self.assertHidden(lambda: persons.formatted_read_group([], ["code"], ["__count"], having=having))

    def test_group_by_relation_shows_masked_names(self):
        groups = self.as_masked(self.organisation).formatted_read_group([], ["lead_id"], ["__count"])
        self.assertEqual([group["lead_id"][1] for group in groups if group["lead_id"]], [MASKED["name"]])

    def test_domain(self):
        persons = self.as_masked()
        organisations = self.as_masked(self.organisation)
        for name, value in CLEAR.items():
            for operator in ("=", "!=", "in", "ilike", ">", "<=")[: 4 if name == "birth_date" else 6]:
                operand = [value] if operator == "in" else value
                self.assertHidden(lambda n=name, o=operator, v=operand: persons.search([(n, o, v)]))
        self.assertHidden(lambda: persons.search_count([("mobile", "=like", "138%")]))
        self.assertHidden(lambda: persons.filtered_domain([("mobile", "=", CLEAR["mobile"])]))
        for domain in (
            [("person_ids.mobile", "=", CLEAR["mobile"])],
            [("lead_id.id_number", "=like", "310%")],
            [("person_ids", "any", [("mobile", "=", CLEAR["mobile"])])],
            [("lead_id", "any", [("email", "=", CLEAR["email"])])],
            [("lead_id", "not any", [("email", "=", CLEAR["email"])])],
            [("lead_id.organisation_id.person_ids.mobile", "!=", False)],
        ):
            self.assertHidden(lambda domain=domain: organisations.search(domain))
            self.assertHidden(lambda domain=domain: organisations.search_count(domain))

    def test_domain_cannot_bypass_rights(self):
        """``any!`` runs as superuser: it is not for callers."""
        with self.assertRaises(Exception) as caught, mute_logger("odoo.models", "odoo.orm.models"):
            self.as_masked(self.organisation).search_read([("lead_id", "any!", [("mobile", "=", "1")])], ["name"])
        self.assertIsInstance(caught.exception, (AccessError, ValueError))

    def test_order_tells_nothing(self):
        """Sorting by a hidden field is ignored, wherever it is asked for, the model's own order included."""
        persons = self.as_masked()
        self.assertEqual(persons._order, "name")
        by_id = persons.search([], order="id").ids
        for order in (None, "name", "name desc", "mobile desc, name", "id_number"):
            self.assertEqual(persons.search([], order=order).ids, by_id)
        query = str(self.as_masked(self.organisation)._search([], order="lead_id").select().code)
        self.assertNotIn('"name"', query.partition("ORDER BY")[2])
        self.assertEqual(self.as_clear().search([], order="mobile desc")[0], self.other)

    def test_names(self):
        """``_rec_name`` is personal here: display names are masked, even read as superuser for the user."""
        person = self.as_masked()
        self.assertEqual(person.display_name, MASKED["name"])
        self.assertEqual(person.sudo().display_name, MASKED["name"])
        self.assertEqual(person.name_search("P1"), [(person.id, MASKED["name"])])
        self.assertEqual(self.as_masked(self.organisation).read(["lead_id"])[0]["lead_id"][1], MASKED["name"])
        self.assertEqual(self.as_clear().display_name, CLEAR["name"])

    def test_name_does_not_leak_from_the_cache_of_another_reader(self):
        """Clear names computed first for another user of the same transaction are not shown to this one."""
        self.assertEqual(self.as_clear().display_name, CLEAR["name"])
        self.assertEqual(self.person.display_name, CLEAR["name"])
        self.assertEqual(self.person.with_user(self.masked_user).display_name, MASKED["name"])

    def test_name_search_finds_by_open_fields_only(self):
        persons = self.as_masked()
        for name in (CLEAR["name"], CLEAR["mobile"], "张"):
            self.assertEqual(persons.name_search(name), [])
            self.assertEqual(persons.search([("display_name", "ilike", name)]).ids, [])
            self.assertFalse(self.as_masked(self.organisation).search([("lead_id", "ilike", name)]))
        self.assertEqual(len(persons.name_search("")), 2)
        self.assertEqual(self.as_clear().name_search(CLEAR["name"]), [(self.person.id, CLEAR["name"])])

    def test_copy(self):
        self.assertHidden(lambda: self.as_masked().copy_data())
        self.assertHidden(lambda: self.as_masked().copy())

    def test_onchange(self):
        person = self.as_masked()
        self.assertHidden(lambda: person.onchange({}, [], {"mobile": {}}))
        self.assertHidden(lambda: person.onchange({"code": "x"}, ["code"], {"mobile": {}, "code": {}}))
        for values in ({}, {"person_ids": [[4, self.person.id]]}, {"person_ids": [[1, self.person.id, {"code": "x"}]]}):
            with mute_logger("odoo.models", "odoo.orm.models"):
                try:
                    spec = {"person_ids": {"fields": {"mobile": {}, "code": {}}}}
                    result = self.as_masked(self.organisation).onchange(values, list(values), spec)
                except AccessError:
                    result = None
            self.assertNotIn(CLEAR["mobile"], str(result))

    def test_write(self):
        """Who cannot see a value cannot overwrite it either."""
        person = self.as_masked()
        self.assertHidden(lambda: person.write({"mobile": "13700000000"}))
        self.assertHidden(lambda: person.create({"name": "王五"}))
        self.assertHidden(lambda: person.web_save({"mobile": "13700000000"}, {"code": {}}))
        self.assertHidden(lambda: person.with_context(default_mobile="1").default_get(["mobile"]) and person.mobile)

    def test_fields_are_not_offered(self):
        """The search and export dialogs offer what ``fields_get`` tells."""
        described = self.as_masked().fields_get()
        self.assertFalse(CLEAR.keys() & described.keys())
        self.assertEqual(described["id_number_masked"]["string"], "Identity Number")
        self.assertNotIn("lead_mobile", self.as_masked(self.organisation).fields_get())

    def test_tracking(self):
        """Old and new values of tracked personal fields are shown to whom the field is."""
        person = self.person.with_context(tracking_disable=False)
        person.mobile = "13811111111"
        person.env.flush_all()
        self.env.cr.precommit.run()
        message = self.person.message_ids.filtered("tracking_value_ids")
        self.assertTrue(message)
        self.assertHidden(lambda: message.with_user(self.masked_user).tracking_value_ids.read(["new_value_char"]))
        with mute_logger("odoo.models", "odoo.orm.models"):
            thread = self.env["mail.message"].with_user(self.masked_user).search(
                [("model", "=", "ctsp.test.person"), ("res_id", "=", self.person.id)]
            )
            self.assertNotIn("13811111111", str(thread._message_fetch([])) + str(thread.mapped("body")))

    def test_recipients(self):
        """The chatter opens for every reader and suggests the address of nobody whose data the record holds."""
        for user in (self.masked_user, self.clear_user, self.env.user):
            person = self.person.with_user(user)
            self.assertNotIn(CLEAR["email"], str(person._message_get_suggested_recipients()))
            store = Store()
            person._thread_to_store(store, [], request_list=["suggestedRecipients", "followers", "activities"])
            self.assertNotIn(CLEAR["email"], str(store.get_result()))
