import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_open


class District(models.Model):
    """行政区划: a district with its boundary, for facets, statistics and maps. Coordinates are WGS-84 degrees."""

    _name = "ctsp.district"
    _inherit = ["ctsp.reference.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _description = "District"
    _import_keys = ("code",)
    _import_fields = ("code", "name", "label_longitude", "label_latitude", "sequence", "note")
    _import_headers = {
        "code": ("区划代码", "行政区划代码"), "name": ("区划名称", "行政区划名称", "区名"),
        "label_longitude": ("经度",), "label_latitude": ("纬度",),
    }

    label_longitude = fields.Float(digits=(9, 6), help="Where a map writes the name; WGS-84.")
    label_latitude = fields.Float(digits=(8, 6), help="Where a map writes the name; WGS-84.")
    boundary = fields.Json(prefetch=False, help="GeoJSON geometry (Polygon or MultiPolygon), WGS-84.")
    boundary_source = fields.Char(help="Where the boundary comes from, and its map approval number.")
    has_boundary = fields.Boolean(string="Boundary Known", compute="_compute_has_boundary")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a district with this code already.")

    @api.depends("boundary")
    def _compute_has_boundary(self):
        for district in self:
            district.has_boundary = bool(district.boundary)

    @api.constrains("code")
    def _check_code(self):
        """GB/T 2260: six digits."""
        for district in self:
            if not (district.code.isascii() and district.code.isdigit() and len(district.code) == 6):
                raise ValidationError(self.env._("The code of district “%(name)s” must have six digits.",
                                                 name=district.name))

    @api.constrains("boundary")
    def _check_boundary(self):
        for district in self:
            boundary = district.boundary
            if boundary and (
                not isinstance(boundary, dict)
                or boundary.get("type") not in ("Polygon", "MultiPolygon")
                or not isinstance(boundary.get("coordinates"), list)
            ):
                raise ValidationError(self.env._(
                    "The boundary of “%(name)s” is no GeoJSON Polygon or MultiPolygon.", name=district.name
                ))

    @api.model
    def _import_example(self):
        return {"code": "310101", "label_longitude": "121.484443", "label_latitude": "31.231763"}

    @api.model
    def _load_boundaries(self, path):
        """Give each district in the GeoJSON file at ``path`` its boundary and label point, where it has none yet."""
        with file_open(path, "rb") as stream:
            collection = json.load(stream)
        shapes = {feature["id"]: feature for feature in collection["features"]}
        for district in self.search([("code", "in", list(shapes))]).filtered(lambda row: not row.boundary):
            feature = shapes[district.code]
            longitude, latitude = feature["properties"]["label_point"]
            district.write({
                "boundary": feature["geometry"],
                "boundary_source": collection["source"],
                "label_longitude": longitude,
                "label_latitude": latitude,
            })
