from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import coordinates


class Site(models.Model):
    """A campus of an institution. Coordinates are kept as typed with their system and stored as WGS-84."""

    _name = "ctsp.site"
    _description = "Site"
    _inherit = ["ctsp.versioned.mixin", "ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "institution_id, is_main desc, sequence, id"
    _owner_path = "institution_id.partner_id"
    _import_keys = (("institution_id", "address"),)
    _version_skip = ("institution_id",)
    _integrity_fields = {1: ("institution_id", "name", "address", "district_id", "is_main", "active")}

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Site Name", required=True)
    address = fields.Char("Site Address", required=True)
    district_id = fields.Many2one("ctsp.district", index=True)
    is_main = fields.Boolean("Main Site")
    source_crs = fields.Selection(
        [("wgs84", "WGS-84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")],
        string="Coordinate System", default="wgs84", required=True,
        help="WGS-84: GPS; GCJ-02: Amap, Tencent; BD-09: Baidu. Converted to WGS-84 for storage.")
    source_longitude = fields.Float("Longitude as Entered", digits=(10, 7))
    source_latitude = fields.Float("Latitude as Entered", digits=(10, 7))
    longitude = fields.Float(
        "Longitude (WGS-84)", digits=(10, 7), compute="_compute_wgs84", store=True, aggregator=None)
    latitude = fields.Float(
        "Latitude (WGS-84)", digits=(10, 7), compute="_compute_wgs84", store=True, aggregator=None)
    has_position = fields.Boolean("Located", compute="_compute_wgs84", store=True)
    active = fields.Boolean(default=True)

    @api.depends("source_crs", "source_longitude", "source_latitude")
    def _compute_wgs84(self):
        for site in self:
            site.has_position = bool(site.source_longitude and site.source_latitude)
            position = (0.0, 0.0)
            if site.has_position:
                position = coordinates.to_wgs84(site.source_longitude, site.source_latitude, site.source_crs)
            site.longitude, site.latitude = position

    @api.constrains("source_longitude", "source_latitude")
    def _check_position(self):
        for site in self:
            if bool(site.source_longitude) != bool(site.source_latitude):
                raise ValidationError(self.env._(
                    "Site “%(name)s”: longitude and latitude must be given together.", name=site.name))
            if site.has_position and not coordinates.in_china(site.source_longitude, site.source_latitude):
                raise ValidationError(self.env._(
                    "Site “%(name)s”: longitude %(longitude)s, latitude %(latitude)s lies outside China. "
                    "Longitude and latitude may be swapped.",
                    name=site.name, longitude=site.source_longitude, latitude=site.source_latitude))

    @api.constrains("is_main", "active")
    def _check_single_main(self):
        for institution in self.filtered("is_main").institution_id:
            if len(institution.site_ids.filtered("is_main")) > 1:
                raise ValidationError(self.env._(
                    "%(institution)s: only one site can be the main site.", institution=institution.name))
