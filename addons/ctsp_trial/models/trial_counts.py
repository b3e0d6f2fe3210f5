from odoo import api, fields, models

INTERNAL = "base.group_user"


class Trial(models.Model):
    """What follows from the rows of the institutions that take part; stored, since lists group and sort by it.

    Institution, specialty and investigator are those of the leading institution of this city, else of the first one
    that takes part. Users of institutions do not read them: they would tell about the other institutions.
    """

    _name = "ctsp.trial"
    _inherit = ["ctsp.trial", "ctsp.group.mixin"]
    _paged_groups = ("specialty_id", "institution_id")

    institution_id = fields.Many2one(
        "ctsp.institution", compute="_compute_from_sites", store=True, groups=INTERNAL)
    specialty_id = fields.Many2one(
        "ctsp.specialty", compute="_compute_from_sites", store=True, groups=INTERNAL)
    discipline_id = fields.Many2one(
        "ctsp.discipline", compute="_compute_from_sites", store=True, index=True, groups=INTERNAL)
    pi_id = fields.Many2one(
        "ctsp.person", string="Principal Investigator", compute="_compute_from_sites", store=True, groups=INTERNAL)
    lead_name = fields.Char(string="Leading Institution", compute="_compute_from_sites", store=True)
    is_local_lead = fields.Boolean(string="Led in This City", compute="_compute_from_sites", store=True)
    site_count = fields.Integer(string="Institutions", compute="_compute_from_sites", store=True)
    local_site_count = fields.Integer(string="Local Institutions", compute="_compute_from_sites", store=True)
    local_planned = fields.Integer(
        string="Planned Subjects (Local)", compute="_compute_from_sites", store=True, groups=INTERNAL)
    local_actual = fields.Integer(
        string="Enrolled Subjects (Local)", compute="_compute_from_sites", store=True, groups=INTERNAL)
    last_protocol = fields.Char(string="Current Protocol", compute="_compute_last_protocol")

    # grouping by one of these counts thousands of groups from its index alone
    _institution_idx = models.Index("(institution_id, active)")
    _specialty_idx = models.Index("(specialty_id, active)")
    _pi_idx = models.Index("(pi_id, active)")

    @api.depends(
        "site_ids.role", "site_ids.name", "site_ids.institution_id", "site_ids.specialty_id.discipline_id",
        "site_ids.pi_id", "site_ids.planned", "site_ids.actual")
    def _compute_from_sites(self):
        for trial in self:
            sites = trial.site_ids
            local = sites.filtered("institution_id")
            lead = sites.filtered(lambda site: site.role == "lead")[:1]
            main = lead if lead in local else local[:1]
            trial.institution_id = main.institution_id
            trial.specialty_id = main.specialty_id
            trial.discipline_id = main.specialty_id.discipline_id
            trial.pi_id = main.pi_id
            trial.lead_name = lead.name
            trial.is_local_lead = bool(lead.institution_id)
            trial.site_count = len(sites)
            trial.local_site_count = len(local.institution_id)
            trial.local_planned = sum(local.mapped("planned"))
            trial.local_actual = sum(local.mapped("actual"))

    @api.depends("protocol_ids.version", "protocol_ids.date")
    def _compute_last_protocol(self):
        for trial in self:
            trial.last_protocol = trial.protocol_ids[:1].display_name

    def _open_rows(self, action):
        """Return the window action ``action``, limited to this trial."""
        self.ensure_one()
        self.check_access("read")
        result = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {**result, "domain": [("trial_id", "=", self.id)], "context": {"default_trial_id": self.id}}

    def action_open_sites(self):
        return self._open_rows("ctsp_trial.ctsp_trial_site_action")

    def action_open_contracts(self):
        return self._open_rows("ctsp_trial.ctsp_trial_contract_action")
