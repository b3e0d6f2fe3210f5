import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_open

from ..tools import definition

UNSET = {"expected_days": 0, "conformance_rows": 1}


class Dataset(models.Model):
    """A standard data set (规范数据集): what institutions report about one matter, in versions.

    What becomes of accepted rows is said by ``handler``: they are kept as they came, or an addon above adds a code and
    methods ``_handle_<code>`` that carry them on.
    """

    _name = "ctsp.dataset"
    _description = "Data Set"
    _inherit = ["mail.thread", "ctsp.export.mixin", "ctsp.tag.mixin"]
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]
    _integrity_fields = {1: ("code", "kind", "handler", "by_hand", "current_id", "active")}

    name = fields.Char("Data Set", required=True, tracking=True)
    code = fields.Char(required=True, copy=False, index=True, tracking=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("report", "Open Interface"), ("sync", "Synchronisation Interface")], required=True, default="report",
        index=True)
    handler = fields.Selection(
        [("store", "Checked and Kept")], "What Becomes of the Rows", required=True, default="store",
        help="What the platform does with accepted rows. An addon that can do more adds it here.")
    by_hand = fields.Boolean(
        "Files from the Desk", compute="_compute_by_hand", store=True, readonly=False, precompute=True,
        help="People of an institution may send files of this data set on their desk; programs send it by the "
        "interface in any case.")
    description = fields.Text()
    version_ids = fields.One2many("ctsp.dataset.version", "dataset_id", "Versions")
    current_id = fields.Many2one(
        "ctsp.dataset.version", "Version in Force", compute="_compute_current_id", store=True, index="btree_not_null")
    version_count = fields.Integer(compute="_compute_version_count")
    field_count = fields.Integer("Fields", related="current_id.field_count")
    published_at = fields.Datetime(related="current_id.published_at")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "There is a data set with this code already.")

    @api.depends("version_ids.state", "version_ids.published_at")
    def _compute_current_id(self):
        """The version in force is the one published last that is not retired."""
        for dataset in self:
            published = dataset.version_ids.filtered(lambda version: version.state == "published")
            dataset.current_id = published.sorted(lambda version: (version.published_at, version.id))[-1:]

    @api.depends("kind")
    def _compute_by_hand(self):
        """Synchronisation is between systems; the data steward may open it to people, too."""
        for dataset in self:
            dataset.by_hand = dataset.kind == "report"

    @api.depends("version_ids")
    def _compute_version_count(self):
        counts = dict(self.env["ctsp.dataset.version"]._read_group(
            [("dataset_id", "in", self.ids)], ["dataset_id"], ["__count"]))
        for dataset in self:
            dataset.version_count = counts.get(dataset._origin, 0)

    @api.constrains("code")
    def _check_code(self):
        for dataset in self:
            if not definition.CODE.match(dataset.code):
                raise ValidationError(self.env._(
                    "Code “%(code)s” of the data set: small letters, digits and underscores, beginning with a letter.",
                    code=dataset.code))

    @api.model_create_multi
    def create(self, vals_list):
        # “created” would say nothing, and speak English for what comes with the platform
        return super(Dataset, self.with_context(mail_create_nolog=True)).create(vals_list)

    def action_open_versions(self):
        """Open the versions of the data set."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_dataset.ctsp_dataset_version_action")
        return {**action, "domain": [("dataset_id", "=", self.id)], "context": {"default_dataset_id": self.id}}

    def action_guide(self):
        """Download the guide to the interfaces: how to call them, and every data set field by field."""
        return self.current_id.action_guide()

    def _accepted(self):
        """Return the versions that are accepted, the newest first."""
        return self.version_ids.filtered(lambda version: version.state == "published").sorted("id", reverse=True)

    @api.model
    def _find(self, code, number=None):
        """Return the published version ``number`` (the one in force when not given) of the data set, maybe empty."""
        dataset = self.search([("code", "=", code)], limit=1)
        if not number:
            return dataset.current_id
        return dataset.version_ids.filtered(
            lambda version: version.number == number and version.state == "published")[:1]

    @api.model
    def _take_over(self, handlers):
        """Say what becomes of the rows of data sets: ``{code: handler}``. Called by data files of addons above."""
        for dataset in self.with_context(active_test=False).search([("code", "in", list(handlers))]):
            dataset.handler = handlers[dataset.code]
        return True

    @api.model
    def _load_files(self, addon, names, handler="store", kind="report"):
        """Ship data sets: publish the definitions ``<addon>/data/dataset/<name>.json`` that are not there yet.

        Called by data files as superuser. A version number that is there is left alone; a new one is in force from then
        on, unless an administrator published a version of his own: then it is a draft for him to look at. ``platform``
        in a file is the platform's default for a new data set, and what is new in the version (``change_note``).
        """
        for sequence, name in enumerate(names, 1):
            data, defaults, note = _shipped(addon, name)
            dataset = self.with_context(active_test=False).search([("code", "=", data["code"])], limit=1)
            if not dataset:
                dataset = self.create({
                    "code": data["code"], "name": data["name"], "description": data.get("description"), "kind": kind,
                    "handler": handler, "sequence": (10 if kind == "report" else 100) + sequence, **defaults})
            if data["version"] not in dataset.version_ids.mapped("number"):
                dataset._ship(data, note)
        return True

    def _ship(self, data, note):
        """Add a version that comes with the platform, and tell those who tested the one before. A draft where an
        administrator published his own, or took the data set out of use."""
        previous, is_new = self.current_id, not self.version_ids
        version = self.env["ctsp.dataset.version"]._from_data(self, data)
        if previous:
            version.write({"previous_id": previous.id, "change_note": note})
        if is_new or (previous and not previous.published_by):
            version._freeze()
            version._set_state("published", None, published_at=fields.Datetime.now())
            version._after_publish(None)

    @api.model
    def _load_defaults(self, addon, names):
        """Give data sets that came before them the defaults of their files, where nobody chose anything else."""
        for name in names:
            data, defaults, _note = _shipped(addon, name)
            dataset = self.with_context(active_test=False).search([("code", "=", data["code"])], limit=1)
            dataset.write({name: value for name, value in defaults.items() if dataset[name] == UNSET[name]})


def _shipped(addon, name):
    """Return the definition that an addon ships, what the platform sets for the data set itself, and what is new."""
    with file_open(f"{addon}/data/dataset/{name}.json", "r") as stream:
        data = json.load(stream)
    defaults = data.pop("platform", {})
    return data, defaults, defaults.pop("change_note", "")
