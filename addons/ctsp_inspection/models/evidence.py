import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.ctsp_base.tools import digest

from ..tools import media

FIXED = frozenset({
    "inspection_id", "line_id", "kind", "file_name", "data", "mimetype", "size", "digest", "taken_at", "exif_taken_at",
    "received_at", "latitude", "longitude", "author_id", "shown", "thumbnail", "operation"})
GIVEN = frozenset({
    "inspection_id", "line_id", "file_name", "data", "taken_at", "latitude", "longitude", "place", "note", "operation"})
"""what the one who takes evidence in may say; the rest is found out"""


class InspectionEvidence(models.Model):
    """A photo, file or voice note taken on an inspection.

    The original is kept as it came, its SM3 digest (GM/T 0004-2012) is made of its bytes at intake. A photo is shown
    by a copy that bears time, place, inspection and inspector. Nothing is changed afterwards; before the inspection is
    handed in, who took it in (or the leader) may take it away, after that nobody.
    """

    _name = "ctsp.inspection.evidence"
    _description = "Evidence"
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.integrity.mixin"]
    _order = "inspection_id, line_id, id"
    _rec_name = "file_name"
    _integrity_fields = {1: (
        "inspection_id", "line_id", "kind", "file_name", "digest", "taken_at", "received_at", "latitude", "longitude",
        "author_id")}
    _integrity_files = {"data": "digest"}

    line_id = fields.Many2one(
        "ctsp.inspection.line", "Clause", index="btree_not_null", ondelete="cascade",
        domain="[('inspection_id', '=', inspection_id)]")
    kind = fields.Selection(
        [("photo", "Photo"), ("voice", "Voice Note"), ("file", "File")], required=True, readonly=True, index=True)
    file_name = fields.Char(required=True)
    data = fields.Binary("Original", required=True, attachment=True)
    shown = fields.Binary("Shown Copy", attachment=True, readonly=True)
    thumbnail = fields.Binary(attachment=True, readonly=True)
    mimetype = fields.Char("File Type", readonly=True)
    size = fields.Integer("Size (Bytes)", readonly=True)
    digest = fields.Char("SM3 Digest", readonly=True, help="SM3 of the original as it came, 64 hex characters")
    taken_at = fields.Datetime(help="As the device of the one who took it says.")
    exif_taken_at = fields.Datetime(
        "Camera Time", readonly=True, help="What the camera wrote into the photo, by its own clock and zone.")
    received_at = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now, help="Time of the server.")
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    place = fields.Char()
    author_id = fields.Many2one(
        "res.users", "Taken By", required=True, readonly=True, default=lambda self: self.env.uid, ondelete="restrict")
    note = fields.Char()
    operation = fields.Char("Operation Id", readonly=True, copy=False)

    _order_idx = models.Index("(inspection_id, line_id, id)")
    _operation_unique = models.UniqueIndex("(operation) WHERE operation IS NOT NULL", "This file was taken in already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if alien := vals.keys() - GIVEN:
                    raise AccessError(self.env._(
                        "“%(field)s” of evidence is found out by the system.", field=min(alien)))
        rows = super().create([self._taken_in(vals) for vals in vals_list])
        rows._check_intake()
        return rows

    def _check_intake(self):
        """The file belongs where it is put; steps are kept away until it is taken in."""
        for row in self:
            row.inspection_id._record_lock()
            if row.line_id and row.line_id.inspection_id != row.inspection_id:
                raise ValidationError(self.env._("Clause: it is not one of this inspection."))
            if not (self.env.su or row.inspection_id._can_record()):
                raise UserError(self.env._(
                    "%(inspection)s: you are not recording on it, the file was not kept.",
                    inspection=row.inspection_id.display_name))

    @api.model
    def _taken_in(self, vals):
        """Return the values of a new row with all that is found out at intake."""
        content = self._decoded(vals.get("data"))
        name = (vals.get("file_name") or "").strip()
        try:
            kind, mimetype = media.kind(name, content)
            found = {
                "kind": kind, "mimetype": mimetype, "size": len(content), "digest": digest.sm3(content),
                "received_at": fields.Datetime.now(), "author_id": vals.get("author_id") or self.env.uid,
                "exif_taken_at": media.exif_taken(content) if kind == "photo" else False}
            if kind == "photo":
                shown, thumbnail = media.watermarked(content, self._watermark({**vals, **found}))
                found |= {"shown": base64.b64encode(shown), "thumbnail": base64.b64encode(thumbnail)}
        except ValueError as error:
            raise ValidationError(self._refusal(name, str(error))) from error
        return {**vals, "file_name": name, **found}

    @api.model
    def _decoded(self, data):
        try:
            return base64.b64decode(data or b"", validate=True)
        except ValueError as error:
            raise ValidationError(self.env._("Original: the content is not base64.")) from error

    @api.model
    def _watermark(self, vals):
        """Return the lines on the shown copy: server time, place, inspection, inspector."""
        inspection = self.env["ctsp.inspection"].browse(vals["inspection_id"])
        author = self.env["res.users"].sudo().browse(vals["author_id"])  # superuser: a name
        now = fields.Datetime.context_timestamp(self.with_context(tz="Asia/Shanghai"), vals["received_at"])
        return [line for line in (
            f"{now:%Y-%m-%d %H:%M:%S}  {inspection.number or ''}  {author.name}",
            f"{inspection.institution_id.name}  {self._where(vals)}".strip()) if line]

    @api.model
    def _where(self, vals):
        """Return the place as people read it: its name, then latitude and longitude as far as they are known."""
        place, latitude, longitude = (vals.get(name) for name in ("place", "latitude", "longitude"))
        known = f"{latitude or 0:.5f}, {longitude or 0:.5f}" if latitude or longitude else ""
        return " ".join(filter(None, (place, known)))

    @api.model
    def _refusal(self, name, code):
        """Return the sentence for a code of :func:`media.kind`."""
        accepted = "、".join((*media.PHOTOS, *media.VOICES, *media.FILES))
        return {
            "name": self.env._("The file name “%(name)s” is not usable.", name=name),
            "extension": self.env._(
                "Files of the type of “%(name)s” are not accepted. Accepted: %(types)s.", name=name, types=accepted),
            "empty": self.env._("“%(name)s” is empty.", name=name),
            "large": self.env._("“%(name)s” is larger than %(limit)s MB.", name=name, limit=media.LIMIT_MIB),
            "pixels": self.env._("“%(name)s” has too many pixels.", name=name),
            "macro": self.env._("“%(name)s” contains macros. Please save it without them.", name=name),
        }.get(code) or self.env._(
            "The content of “%(name)s” is not what its extension says; it may be damaged or renamed.", name=name)

    def write(self, vals):
        if not self.env.su:
            if fixed := FIXED & vals.keys():
                raise AccessError(self.env._(
                    "“%(field)s” of evidence is fixed.", field=self._fields[min(fixed)]._description_string(self.env)))
            self._check_own()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_own(self):
        if not self.env.su:
            self._check_own()
            self._take_turns()  # handing in sees it, or it comes too late
        self.env["ctsp.audit.port"]._log(
            "evidence.delete", self, files=self.mapped("file_name"), digests=self.mapped("digest"))

    def _check_own(self):
        """Allow changes to who took it in, or the leader, while the inspection is being recorded."""
        for row in self:
            inspection = row.inspection_id
            if not inspection._can_record():
                raise UserError(self.env._(
                    "%(inspection)s is closed for recording: its evidence is fixed.",
                    inspection=inspection.display_name))
            if row.author_id != self.env.user and not inspection._is_led():
                raise AccessError(self.env._("“%(file)s” was taken in by somebody else.", file=row.file_name))
