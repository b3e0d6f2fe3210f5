from odoo.exceptions import UserError, ValidationError
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


@tagged("post_install", "-at_install")
class TestTurns(BaseCase):
    """Versions of one object applied by two processes: the later one waits, and looks again at what is there."""

    def test_turns(self):
        registry, name = Registry(get_db_name()), "test turns"
        with registry.cursor() as early, registry.cursor() as late:
            earlier, later = (api.Environment(cr, SUPERUSER_ID, {})["ctsp.exchange.nonce"] for cr in (early, late))
            for commits in range(2):  # the row is new, and there already
                late.execute("SELECT 1")  # its snapshot is taken
                earlier._take_turn(name)
                early.commit()
                with self.assertRaises(psycopg2.errors.SerializationFailure, msg=commits):
                    later._take_turn(name)
                late.rollback()
            later._take_turn(name)  # tried again
            late.execute("DELETE FROM ctsp_exchange_nonce WHERE value = %s", [sm3(f"turn\n{name}".encode())])
            late.commit()
