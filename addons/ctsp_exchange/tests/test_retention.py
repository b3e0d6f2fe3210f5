import json
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import moment
from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestRetention(EngineCase):
    """Old contents leave the table and stay what they were."""

    def test_retention(self):
        """Contents of old messages leave the table for the archive, where they can still be read; the rest stays."""
        message = self.write("B1", version=5, a=1)
        self.run_out()
        message.done_at = moment.now() - timedelta(days=366)
        waiting = self.write("B2")
        self.assertEqual(self.env["ctsp.exchange.message"]._gc_contents(), (1, False))
        self.assertFalse(message.payload)
        self.assertTrue(message.digest and message.archived_at and waiting.payload)
        self.env.invalidate_all()
        steward = message.with_user(self.role("data_steward"))
        self.assertEqual(json.loads(steward.payload_text), {"a": 1})
        self.env.cr.execute("SELECT payload FROM ctsp_exchange_message WHERE id = %s", [message.id])
        self.assertIsNone(self.env.cr.fetchone()[0])
        self.assertEqual(message._data(), {"a": 1}, "and handed out again where the other side lost it")
        with self.assertRaises(AccessError):
            steward.read(["content_file"])
        self.assertEqual(self.write("B1", version=5, a=1), message)
        with self.assertRaises(UserError):
            message.with_user(self.role("data_steward")).action_resend()

    def test_archive_altered(self):
        """An archived content that is another message's, or gone: said with the message's name, logged, never used."""
        messages = self.write("B1", a=1) | self.write("B2", a=2)
        self.run_out()
        messages.done_at = moment.now() - timedelta(days=366)
        self.env["ctsp.exchange.message"]._gc_contents()
        message, steward = messages[0], messages[0].with_user(self.role("data_steward"))
        self.assertIn("content_digest", message._integrity_fields[max(message._integrity_fields)])
        own, other = (self.env["ir.attachment"].sudo().search([
            ("res_model", "=", one._name), ("res_id", "=", one.id), ("res_field", "=", "content_file")])
            for one in messages)
        swap = SQL("UPDATE ir_attachment SET store_fname = %s WHERE id = %s", other.store_fname, own.id)
        before = SQL("UPDATE ctsp_exchange_message SET content_digest = NULL WHERE id = %s", message.id)
        gone = SQL("DELETE FROM ir_attachment WHERE id = %s", own.id)
        for attack in ((swap,), (gone,), (swap, before)):
            with self.env.cr.savepoint(flush=True) as kept, \
                    patch.object(self.env.registry["ctsp.audit.port"], "_log_failure") as logged:
                for statement in attack:
                    self.env.cr.execute(statement)
                self.env.invalidate_all()
                self.env.cr.cache.clear()
                self.assertIn("B1", steward.payload_text)
                self.assertEqual(logged.call_args.args[:2], ("crypto.altered", message))
                with self.assertRaises(CryptoAltered):
                    message._data()
                found = self.env["ctsp.integrity"]._check(message._name, message.ids)
                self.assertEqual({one.kind for one in found}, {"altered"}, "the nightly verification knows it as well")
                kept.rollback()
            self.env.invalidate_all()
        self.env.cr.execute(before)  # archived before there was a digest of the file
        self.env.invalidate_all()
        self.assertEqual(json.loads(steward.payload_text), {"a": 1})
