from odoo import fields, models


class FilingSite(models.Model):
    """A site as a filing proposes it. A changed address leads to a first inspection."""

    _name = "ctsp.filing.site"
    _description = "Proposed Site"
    _inherit = ["ctsp.filing.line.mixin"]
    _proposal_fields = (
        "name", "address", "district_id", "is_main", "source_crs", "source_longitude", "source_latitude")
    _desk_fields = ("sequence", "removal", *_proposal_fields)
    _integrity_fields = {1: (
        "filing_id", "name", "address", "district_id", "is_main", "source_crs", "source_longitude",
        "source_latitude")}

    target_id = fields.Many2one(
        "ctsp.site", "Registered Site", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Site", required=True)
    address = fields.Char("Site Address", required=True)
    district_id = fields.Many2one("ctsp.district")
    is_main = fields.Boolean("Main Site")
    source_crs = fields.Selection(
        [("wgs84", "WGS-84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")],
        string="Coordinate System", default="wgs84", required=True,
        help="WGS-84: GPS; GCJ-02: Amap, Tencent; BD-09: Baidu.")
    source_longitude = fields.Float("Longitude", digits=(10, 7))
    source_latitude = fields.Float("Latitude", digits=(10, 7))

    def _apply_rows(self):
        """Sites given up go first, and the mark of the main site is taken away before it is given to another one."""
        return super(FilingSite, self.sorted(lambda row: (not row.removal, row.is_main)))._apply_rows()

    def _address_changed(self):
        """Return the rows whose approval puts trials at another address."""
        return self.filtered(lambda row: row.operation == "add" or (
            row.operation == "change" and "address" in row._changed_names()))
