from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import bundles
from .test_integrity import IntegrityCase

JS, CSS = "web.assets_frontend_minimal", "web.report_assets_pdf"
FOREIGN = b"alert()"


class ServedCase(IntegrityCase):
    """A script and a style sheet as Odoo compiled them."""

    def setUp(self):
        super().setUp()
        self.files = self.env["ir.attachment"]
        self.files._bundles().unlink()
        self.script, self.sheet = self.compiled(JS, "js"), self.compiled(CSS, "css")
        self.end()

    def compiled(self, name, kind, **options):
        bundle = self.env["ir.qweb"]._get_asset_bundle(name, css=kind == "css", js=kind == "js", **options)
        return bundle.js() if kind == "js" else bundle.css()

    def served(self):
        """Return what is found about files of pages, as ``{(id, kind, field)}``."""
        return {(found.res_id, found.kind, found.name) for found in self.integrity._check_all("ir.attachment")}

    def foreign(self, **values):
        """Return a file that somebody put into the store as everybody may."""
        return self.files.create({"name": "x.js", "raw": FOREIGN, "mimetype": "application/javascript", **values})


@tagged("post_install", "-at_install")
class TestBundles(ServedCase):
    """What runs in every administrator's browser is what the program's files make, or it is named."""

    def test_as_compiled(self):
        self.assertFalse(self.served())

    def test_pointed_to_another_content(self):
        """The row, not the file: the stored content of an upload of one's own."""
        other = self.foreign()
        self.sql("UPDATE ir_attachment SET store_fname = %s, checksum = %s WHERE id = %s",
                 other.store_fname, other.checksum, self.script.id)
        self.sql("UPDATE ir_attachment SET db_datas = %s, store_fname = NULL WHERE id = %s", FOREIGN, self.sheet.id)
        self.assertEqual(self.served(), {
            (self.script.id, "altered", "store_fname"), (self.script.id, "altered", "checksum"),
            (self.sheet.id, "altered", "store_fname"), (self.sheet.id, "altered", "db_datas")})

    def test_put_in_and_taken_away(self):
        """The newest row of an address is served."""
        names = "name, type, public, url, res_model, res_id, create_uid, mimetype"
        self.sql(f"INSERT INTO ir_attachment ({names}, db_datas) SELECT {names}, %s FROM ir_attachment WHERE id = %s",
                 FOREIGN, self.script.id)
        row = self.files.search([("url", "=", self.script.url)], limit=1)
        self.assertNotEqual(row, self.script)
        self.sql("DELETE FROM ir_attachment WHERE id = %s", self.sheet.id)
        self.assertEqual(self.served(), {(row.id, "added", None), (self.sheet.id, "missing", None)})

    def test_address_moved(self):
        self.sql("UPDATE ir_attachment SET url = replace(url, '.min.', '.old.') WHERE id = %s", self.script.id)
        self.assertEqual(self.served(), {(self.script.id, "altered", "url")})

    def test_file_in_the_store(self):
        path = Path(self.files._full_path(self.script.store_fname))
        content = path.read_bytes()
        self.addCleanup(path.write_bytes, content)
        path.write_bytes(content + FOREIGN)
        self.assertEqual(self.served(), {(self.script.id, "altered", "raw")})

    def test_compiled_of_something_else(self):
        """Whatever its evidence says: the files on disk make another content."""
        self.script.raw = FOREIGN
        self.end()
        self.assertEqual(self.served(), {(self.script.id, "altered", "raw")})

    def test_compiled_once(self):
        """What was found right is not compiled again; the code says so of this content alone, and nobody copies it."""
        self.assertFalse(self.served())
        with patch.object(bundles, "digest", side_effect=AssertionError):
            self.assertFalse(self.served())
        self.sheet.raw = FOREIGN
        self.sql("UPDATE ir_attachment SET compiled_seal = (SELECT compiled_seal FROM ir_attachment WHERE id = %s)"
                 " WHERE id = %s", self.script.id, self.sheet.id)
        self.assertEqual(self.served(), {(self.sheet.id, "altered", "raw")})

    def test_other_compiler(self):
        """After an update the same address is not asked for any more: nothing is said of it, and it is dropped."""
        address = self.script.url
        with patch.object(bundles, "_compilers", lambda: ("another",)):
            self.script.raw = FOREIGN
            self.end()
            self.assertFalse(self.served())
            self.files._gc_former_bundles()
            self.end()
            self.assertFalse((self.script | self.sheet).exists())
            self.assertNotEqual(self.compiled(JS, "js").url, address)
            self.end()
            self.assertFalse(self.served())

    def test_replaced_by_odoo(self):
        """A newer version drops the older one, by SQL."""
        with patch.object(bundles, "_compilers", lambda: ("another",)):
            newer = self.compiled(JS, "js")
        self.end()
        self.assertFalse(self.script.exists())
        self.assertTrue(newer.exists())
        self.assertFalse(self.served())
        self.assertFalse(self.env["ctsp.integrity.issue"].search_count([]))

    def test_replaced_after_an_attack(self):
        self.sql("UPDATE ir_attachment SET mimetype = 'text/html' WHERE id = %s", self.script.id)
        with patch.object(bundles, "_compilers", lambda: ("another",)):
            self.compiled(JS, "js")
        self.end()
        issue = self.env["ctsp.integrity.issue"].search([("res_id", "=", self.script.id)])
        self.assertEqual((issue.model, issue.field_name), ("ir.attachment", "mimetype"))

    def test_variants(self):
        """Uncompressed with their maps, from right to left, with prefixes for the printer."""
        for _time in range(2):
            self.compiled(JS, "js", debug_assets=True)
            self.compiled(CSS, "css", debug_assets=True)
        self.compiled(CSS, "css", autoprefix=True)
        with mute_logger("odoo.addons.base.models.assetsbundle"):  # rtlcss is not there
            self.compiled(CSS, "css", rtl=True)
            self.end()
            self.assertEqual(len(self.files._bundles()), 8)
            self.assertFalse(self.served())
        self.files._gc_former_bundles()
        self.assertEqual(len(self.files._bundles()), 8)

    def test_rows_that_break_bundles(self):
        """A row of assets that another hand put in does not keep the look at the others from its end."""
        self.sql("INSERT INTO ir_asset (name, bundle, directive, path, target, active, sequence)"
                 " VALUES ('x', %s, 'replace', '/none/x.js', '/none/y.js', true, 1)", JS)
        with self.assertLogs("odoo.addons.ctsp_crypto.tools.bundles", "WARNING"):
            self.assertFalse(self.served())
        self.assertEqual(len(self.integrity._check_all("ir.asset")), 1)


@tagged("post_install", "-at_install")
class TestMadeAnew(ServedCase):
    """The security administrator has what was altered made anew."""

    def setUp(self):
        super().setUp()
        self.address = self.script.url
        self.sql("INSERT INTO ir_attachment (name, type, public, url, mimetype, db_datas)"
                 " VALUES ('x', 'binary', true, %s, 'application/javascript', %s)", self.address, FOREIGN)
        self.sql("UPDATE ir_attachment SET mimetype = 'text/html' WHERE id = %s", self.script.id)
        self.sql("DELETE FROM ir_attachment WHERE id = %s", self.sheet.id)

    def test_made_anew(self):
        verification = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        verification._run_now()
        self.assertEqual(verification.issue_count, 3)
        step = self.env["ctsp.integrity.close"].with_user(self.role("security_admin")).create({
            "issue_ids": verification.issue_ids.ids, "outcome": "restored", "reason": "made anew"})
        self.assertTrue(step.about_pages)
        with self.assertRaisesRegex(UserError, "still found"), self.env.cr.savepoint():
            step.action_close()
        step.compiles_anew = True
        step.action_close()
        self.end()
        self.assertFalse(self.served())
        self.assertFalse(self.files._bundles())
        self.assertNotEqual(self.compiled(JS, "js").url, self.address, "browsers keep the altered one for a year")
        self.assertEqual(set(verification.issue_ids.mapped("state")), {"restored"})


@tagged("post_install", "-at_install")
class TestPublicFiles(ServedCase):
    """Files that are served to everybody, or under an address of their own."""

    def test_public(self):
        """A file becomes public, stays so, and is closed again."""
        file = self.foreign()
        self.end()
        file.public = True
        self.end()
        self.assertFalse(self.served())
        self.sql("UPDATE ir_attachment SET mimetype = 'text/html' WHERE id = %s", file.id)
        self.assertEqual(self.served(), {(file.id, "altered", "mimetype")})
        file.write({"mimetype": "text/css", "url": "/x.js"})
        self.end()
        self.assertFalse(self.served())
        file.write({"public": False, "url": False})
        self.end()
        self.assertFalse(self.served())
        file.public = True
        self.end()
        self.assertFalse(self.served())
        file.unlink()
        self.end()
        self.assertFalse(self.served())

    def test_opened_by_another_hand(self):
        file = self.foreign()
        self.sql("UPDATE ir_attachment SET public = true WHERE id = %s", file.id)
        self.assertEqual(self.served(), {(file.id, "added", None)})

    def test_empty_and_links(self):
        self.files.create({"name": "empty", "public": True})
        self.files.create({"name": "none", "public": True, "raw": b""})
        self.files.create({"name": "link", "type": "url", "url": "https://example.org"})
        self.end()
        self.assertFalse(self.served())

    def test_begins_with_nothing_compiled(self):
        """A database from before this is taken over without what it had compiled."""
        engine = self.registry["ctsp.integrity"]
        with patch.object(engine, "_begun", lambda _self: set()), patch.object(engine, "_append"), \
                patch.object(engine, "_begin_model", lambda _self, _protection: 0):
            self.integrity._begin()
        self.assertFalse(self.files._bundles())
