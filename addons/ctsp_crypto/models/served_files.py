"""Files that browsers are given whoever asks: compiled scripts and styles, public files, files with an address."""
import hashlib
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import bundles, evidence, files
from .integrity import CREATED, MAC, REMOVED

ENTERING = {"url", "public"}
SEAL = re.compile(r"(\d{1,6}):([0-9a-f]{64})")
"""version of the key and code"""


class IrAttachment(models.Model):
    """Files of pages are protected like the code they are: address, kind, and which content they have.

    Whoever turned one to another content by SQL would run his script in every administrator's browser. Each check
    reads the content as well, and compiles each bundle once more from the files on disk, once.
    """

    _inherit = "ir.attachment"
    _integrity_fields = {1: (
        "url", "public", "type", "mimetype", "res_model", "res_id", "checksum", "store_fname", "db_datas")}
    _integrity_rows = "(t.public OR t.url IS NOT NULL)"

    compiled_seal = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS,
        help="A code of its own over address and content: compared with the files on disk, and found right.")

    def write(self, vals):
        if not ENTERING & vals.keys() or not all(self._ids):
            return super().write(vals)
        before = self._served_ids()
        result = super().write(vals)
        integrity = self.env["ctsp.integrity"]
        integrity._touch(self._name, set(self._ids) - before, CREATED)
        integrity._touch(self._name, before, REMOVED)  # put down for those that are served no more
        return result

    def _served_ids(self):
        self.flush_recordset(ENTERING)
        return {row[0] for row in self.env.execute_query(SQL(
            "SELECT t.id FROM ir_attachment t WHERE t.id = ANY(%s) AND %s", list(self._ids),
            SQL(self._integrity_rows)))}

    # ---- content

    def _foreign_content(self):
        """Return ``{id: what stands there}`` of files whose content is not what the platform stored or, of a bundle,
        not what its files on disk make.
        """
        found, bundled = {}, {}
        for file in self.filtered(lambda one: one.type == "binary"):
            is_stored, content = file._stored_content()
            if not is_stored:
                found[file.id] = content
            elif (file.url or "").startswith(bundles.ADDRESS):
                bundled[file] = content
        return found | self._other_than_compiled(bundled)

    def _stored_content(self):
        """Return whether the content has the name it was stored under, and its SM3."""
        try:
            content = self.raw or b""
        except UserError:
            return False, "closed"  # an encrypted file that does not open
        is_stored = files.is_sealed(self.store_fname) or (_odoo_name(content) if content else False) == self.checksum
        return is_stored, sm3(content)

    @api.model
    def _other_than_compiled(self, bundled):
        """Compile once more what was not found right before, and return ``{id: digest}`` of what is another content.

        :param bundled: ``{bundle: digest of its content}``; of files that changed since nothing can be said
        """
        found, right = {}, {}
        known = self._compared(bundled)
        for file, content in bundled.items():
            if file in known or not (opened := bundles.opened(self.env, file.url)) or not opened[2]:
                continue
            made = bundles.digest(*opened[:2])
            if made == content:
                right[file] = content
            elif made:
                found[file.id] = content
        self._remember(right)
        return found

    @api.model
    def _compared(self, bundled):
        """Return which of ``bundled`` bear the code of having been found right, with this content at this address."""
        sealed = {file: found.groups() for file in bundled if (found := SEAL.fullmatch(file.compiled_seal or ""))}
        holds = self.env["ctsp.crypto"]._verify_mac(MAC, [
            (_statement(file, bundled[file]), bytes.fromhex(code), int(version))
            for file, (version, code) in sealed.items()], self._name) if sealed else []
        return {file for file, answer in zip(sealed, holds) if answer}

    @api.model
    def _remember(self, right):
        if not right:
            return
        made = self.env["ctsp.crypto"]._mac(MAC, [_statement(*one) for one in right.items()], self._name)
        for file, code in zip(right, made.values):
            self.env.cr.execute(SQL(
                "UPDATE ir_attachment SET compiled_seal = %s WHERE id = %s", f"{made.version}:{code.hex()}", file.id))
        self.browse([file.id for file in right]).invalidate_recordset(["compiled_seal"], flush=False)

    # ---- bundles

    @api.model
    def _bundles(self):
        # superuser: they belong to the system, whoever is to make them anew
        return self.sudo().search([("url", "=like", f"{bundles.ADDRESS}%")])

    @api.autovacuum
    def _gc_former_bundles(self):
        """Drop bundles of other files than there are now, and have every process look at the files again."""
        found = [(one, bundles.opened(self.env, one.url)) for one in self._bundles()]
        self.browse([one.id for one, bundle in found if bundle and not bundle[2]]).sudo().unlink()  # sudo: as above
        self.env.registry.clear_cache("assets")

    @api.model
    def _make_bundles_anew(self):
        """Drop all bundles, from the evidence also those another hand took away; Odoo compiles them when they are asked
        for, under new addresses: what browsers have kept of the old ones is not used any more. Return their number.
        """
        found = self._bundles()
        count = len(found)
        found.unlink()
        # superuser: evidence, and a counter of the platform's own
        integrity, parameters = self.env["ctsp.integrity"].sudo(), self.env["ir.config_parameter"].sudo()
        gone = [one.res_id for one in integrity._check_all(self._name) if one.kind == "missing"]
        gone = integrity._as_put_down(self._name, gone, "res_model", {"ir.ui.view": "ir.ui.view"})
        integrity._touch(self._name, gone, REMOVED)
        parameters.set_param(bundles.GENERATION, str(int(parameters.get_param(bundles.GENERATION, "0")) + 1))
        self.env.registry.clear_cache("assets")
        self.env["ctsp.audit.port"]._log("integrity.bundles", None, bundles=count, missing=len(gone))
        return count + len(gone)


class IrQweb(models.AbstractModel):
    """Pages name bundles whose coming and going is noted."""

    _inherit = "ir.qweb"

    def _get_asset_bundle(self, bundle_name, css=True, js=True, debug_assets=False, rtl=False, assets_params=None,
                          autoprefix=False):
        if assets_params is None:
            assets_params = self.env["ir.asset"]._get_asset_params()
        found, external = self._get_asset_content(bundle_name, assets_params)
        return bundles.Bundle(
            bundle_name, found, external, env=self.env, css=css, js=js, debug_assets=debug_assets, rtl=rtl,
            assets_params=assets_params, autoprefix=autoprefix)


class ServedFiles(models.AbstractModel):
    """The content of files of pages, looked at with each check of their rows."""

    _inherit = "ctsp.integrity"

    @api.model
    def _check_files(self, protection, ids):
        found = super()._check_files(protection, ids)
        if protection.model != bundles.ATTACHMENT:
            return found
        rows = self.env[bundles.ATTACHMENT].sudo().browse(ids)  # superuser: the check does not depend on who asks
        rows.invalidate_recordset()
        return found + [evidence.Finding("altered", rows._name, res_id, "raw", present=content)
                        for res_id, content in rows._foreign_content().items()]

    @api.model
    def _begin(self):
        """Compiled bundles of before are not taken as they are: nobody knows whose they are."""
        if bundles.ATTACHMENT not in self._begun():
            self.env[bundles.ATTACHMENT]._bundles().unlink()
        return super()._begin()


def _odoo_name(content):
    """Return Odoo's own name of a stored content: what is meant by it is said by the evidence."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _statement(file, content):
    return f"compiled|{file.url}|{content}".encode()
