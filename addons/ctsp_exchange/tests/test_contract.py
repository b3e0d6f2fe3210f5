
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_engine import EngineCase


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
        steward.action_retire()
        self.assertFalse(kind._contract("v1"))
        with self.assertRaises(ValidationError):
            kind.path = "news?x=1"
