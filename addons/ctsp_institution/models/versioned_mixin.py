from odoo import api, fields, models
from odoo.exceptions import UserError

MAGIC = {"id", "create_uid", "create_date", "write_uid", "write_date", "owner_partner_id", "active", "sequence"}
HOUSE_KEEPING = ("message_", "activity_", "integrity_", "crypto_", "tag_", "my_activity", "website_message")


class VersionedMixin(models.AbstractModel):
    """A record whose business facts belong to the versions of an institution.

    Every stored, editable field is part of the snapshot, fields added by an administrator included; a class only
    names its children and what it leaves out. Of a file the digest is kept (``ctsp.copy.mixin``). Any change marks
    the institution, and one version of it is made when the transaction ends (``ctsp.institution._version_mark``).
    """

    _name = "ctsp.versioned.mixin"
    _description = "Part of an Institution's Version"

    _version_children = ()
    """one2many fields whose rows are part of the snapshot"""
    _version_skip = ()
    """fields left out: the link to the parent, derived values, house-keeping"""
    _version_path = "institution_id"
    """path to the institution, empty on the institution itself"""
    _version_kept = False
    """whether rows are cancelled or archived rather than deleted, once the institution is filed"""

    correction_reason = fields.Char(
        "Reason of the Correction", store=False, exportable=False,
        help="Needed where a filed institution's entry is changed without a filing; kept in the version.")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._version_reasoned(vals) for vals in vals_list])
        if self._version_path:
            records._version_check_reason("create")
        records._version_touch()
        return records

    def write(self, vals):
        vals = self._version_reasoned(vals)
        if not self._version_names().intersection(vals):
            return super().write(vals)
        self._version_check_reason("write")
        self._version_touch()  # the institution a record leaves
        result = super().write(vals)
        self._version_touch()  # and the one it comes to
        return result

    def unlink(self):
        self._version_check_reason("unlink")
        self._version_touch()
        return super().unlink()

    def _version_reasoned(self, vals):
        """Return ``vals`` without the reason of a correction, which the versions of this transaction will carry."""
        reason = (vals.get("correction_reason") or "").strip()
        if reason:
            self.env["ctsp.institution"]._version_because("correction", reason=reason)
        return {name: value for name, value in vals.items() if name != "correction_reason"}

    def _version_check_reason(self, operation):
        """Ask people who change the entry of a filed institution by hand why (superuser: filings, set-up)."""
        if filed := self._version_unexplained(operation):
            raise UserError(self.env._(
                "Reason of the Correction: “%(institution)s” is filed. Say why its entry is changed without a filing.",
                institution=filed[0].name))

    def _version_unexplained(self, operation):
        """Return the filed institutions whose entry this operation changes without anybody having said why."""
        if self.env.su or self.env["ctsp.institution"]._version_transaction()["why"]:
            return self.env["ctsp.institution"]
        self.check_access(operation)  # who may not do it is told so, and not asked why
        # the institution may be hidden from the writer, which does not spare him the reason
        institutions = self.sudo().mapped(self._version_path) if self._version_path else self.sudo()
        return institutions.filtered(lambda institution: institution.state != "pending")

    def action_archive(self):
        """Ask for the reason of the correction where one is needed (action menu)."""
        return self._archive_dialog(True) or super().action_archive()

    def action_unarchive(self):
        return self._archive_dialog(False) or super().action_unarchive()

    def _archive_dialog(self, archive):
        """Return the dialog that asks why these records are (un)archived, None when nobody has to be asked."""
        if "active" not in self._fields:
            return None
        concerned = self.filtered(lambda record: record.active == archive)
        if not concerned or not concerned._version_unexplained("write"):
            return None
        return self.env["ctsp.archive.reason"]._for(concerned, archive)._open()

    def _version_touch(self):
        """Mark the institutions of these records as changed in this transaction."""
        # the mark must reach the institution whatever the writer may read of it
        records = self.sudo()
        (records.mapped(self._version_path) if self._version_path else records)._version_mark()

    def _version_names(self):
        """Return the names of the fields whose change makes a version."""
        lead = {"active", self._version_path.partition(".")[0]} - {""}  # archived rows leave the snapshot
        return lead | {name for name, field in self._fields.items() if self._version_is_fact(name, field)}

    def _version_is_fact(self, name, field):
        """Tell whether the field holds a business fact of its own: stored, typed in by somebody, no house-keeping."""
        if name in MAGIC or name in self._version_skip or name.startswith(HOUSE_KEEPING):
            return False
        if field.type in ("one2many", "binary") or not field.store or field.related:
            return False
        return not (field.compute and field.readonly)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_before_filing(self):
        """Records that stand for themselves are deleted only while their institution was never filed."""
        if not self._version_kept:
            return
        institutions = self.sudo().mapped(self._version_path) if self._version_path else self  # whoever deletes
        if any(institution.state != "pending" for institution in institutions):
            raise UserError(self.env._("What a filed institution filed cannot be deleted. Cancel or archive it."))

    # snapshot

    def _version_nodes(self, personal, path=""):
        """Return the snapshot nodes of these records (see ``tools.diff``); values that not
        every reader may see go to ``personal``.

        :param dict personal: receives path → value
        :param str path: where the records stand in the tree, with a trailing slash, "" for the institution
        """
        facts = sorted(name for name, field in self._fields.items() if self._version_is_fact(name, field))
        return [record._version_node(facts, personal, f"{path}{record.id}/" if path else "") for record in self]

    def _version_node(self, facts, personal, path):
        values = {}
        for name in facts:
            field = self._fields[name]
            value = self._version_value(field)
            if field.groups and value is not None:  # personal, or kept from some readers by an administrator
                personal[f"{path}{name}"] = value
                value = {"personal": True}
            values[name] = value
        children = {
            name: self._version_rows(name)._version_nodes(personal, f"{path}{name}/")
            for name in self._version_children
        }
        return {"model": self._name, "id": self.id, "name": self.display_name, "values": values, "children": children}

    def _version_rows(self, name):
        """Return the rows of one list, in one order always; those that only a cache still holds are no facts."""
        rows = self[name].filtered("id")
        return (rows.filtered("active") if "active" in rows._fields else rows).sorted("id")

    def _version_value(self, field):
        """Return the value of ``field`` as JSON: links keep their name, nothing is None."""
        value = self[field.name]
        if field.type == "boolean":
            return value
        if field.type in ("integer", "float", "monetary"):
            return value
        if not value:
            return None
        if field.type == "many2one":
            return [value.id, value.display_name]
        if field.type == "many2many":
            return [[record.id, record.display_name] for record in value.sorted("id")]
        if field.type == "reference":
            return f"{value._name},{value.id}"
        if field.type in ("date", "datetime"):
            return fields.Datetime.to_string(value) if field.type == "datetime" else fields.Date.to_string(value)
        return value if field.type in ("json", "properties") else str(value)
