import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestContract(EngineCase):
    """Contracts are JSON Schemas with an example; a published one is fixed."""

    def test_contract(self):
        kind = self.kind("in", "task")
        contracts = self.env["ctsp.exchange.contract"]
        text = '{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}'
        with self.assertRaises(ValidationError):
            contracts.create({"type_id": kind.id, "schema": text, "example": "{}"})
        with self.assertRaises(ValidationError):
            contracts.create({"type_id": kind.id, "schema": '{"type": "nonsense"}', "example": "{}"})
        with self.assertRaises(ValidationError):
            contracts.create({"type_id": kind.id, "schema": '{"$ref": "http://127.0.0.1/x"}', "example": "{}"})
        contract = contracts.create({"type_id": kind.id, "schema": text, "example": '{"n": 1}'})
        self.assertFalse(kind._contract("v1"))
        contract.with_user(self.role("data_steward")).action_publish()
        self.assertEqual(kind._contract("v1"), contract)
        self.assertEqual(contract._errors({"n": "x"}), [{"path": "$.n", "message": "类型应为整数"}])
        with self.assertRaises(UserError):
            contract.schema = "{}"
        steward = contract.with_user(self.role("data_steward"))
        for wrong in (lambda: steward.write({"state": "draft"}),
                      lambda: steward.create({"type_id": kind.id, "version": "v2", "state": "published"})):
            with self.assertRaises(AccessError):
                wrong()
        with self.assertRaises(UserError):
            steward.action_publish()
        action = steward.action_next_version()
        draft = contracts.with_user(self.role("data_steward")).browse(action["res_id"])
        self.assertEqual((draft.version, draft.state, draft.schema), ("v2", "draft", text))
        self.assertEqual(steward.copy().version, "v3", "numbers are taken once")
        draft.schema = text.replace("integer", "number")
        draft.action_publish()
        self.assertEqual((kind._contract("v1"), kind._contract("v2").id), (contract, draft.id), "side by side")
        steward.action_retire()
        self.assertFalse(kind._contract("v1"))
        with self.assertRaises(ValidationError):
            kind.path = "news?x=1"

    def versions(self, kind, fields):
        """Publish v1 and v2 of ``kind``, each with a field of its own that is ours called ``n``."""
        inward = kind.direction == "in"
        for version, field in fields.items():
            contract = self.env["ctsp.exchange.contract"].create({
                "type_id": kind.id, "version": version, "state": "published", "example": json.dumps({field: 1}),
                "schema": json.dumps({"type": "object", "required": [field], "additionalProperties": False,
                                      "properties": {field: {"type": "integer"}}})})
            self.env["ctsp.exchange.mapping"].create({
                "contract_id": contract.id, "state": "active", "line_ids": [Command.create(
                    {"source": field if inward else "n", "target": "n" if inward else field, "required": True})]})

    def test_versions_received(self):
        """Two versions of a contract at once: each judged by its own schema, read by its own mapping, both applied."""
        inward = self.kind("in", "task")
        self.versions(inward, {"v1": "sl", "v2": "quantity"})
        got = []
        self.receives(lambda handler, message, data: got.append((message.contract, data)))
        make = self.env["ctsp.exchange.message"]._make
        for number, (version, data) in enumerate((("v1", {"sl": 1}), ("v2", {"quantity": 2}), ("v1", {"sl": 3}))):
            self.assertEqual(inward._contract(version)._errors(data), [])
            make(inward, "B1", number + 1, data, contract=version)
        self.assertTrue(inward._contract("v2")._errors({"sl": 1}), "the form of the other version is refused")
        self.run_in()
        self.assertEqual(got, [("v1", {"n": 1}), ("v2", {"n": 2}), ("v1", {"n": 3})])
        inward._contract("v1").with_user(self.role("data_steward")).action_retire()
        self.assertFalse(inward._contract("v1"), "no longer accepted")
        self.assertTrue(inward._contract("v2"))

    def test_versions_sent(self):
        """A system moves to the next version: what waits goes in the form in which it was made, the rest in the new."""
        self.versions(self.out, {"v1": "sl", "v2": "quantity"})
        self.write("B1", n=1)
        self.backend.contract = "v2"
        self.write("B2", n=2)
        self.run_out()
        self.assertEqual(
            [(ask.headers["contract"], json.loads(ask.body)["data"]) for ask in self.sent],
            [("v1", {"sl": 1}), ("v2", {"quantity": 2})])
