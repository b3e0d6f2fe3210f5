import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock

from ..tools import sampling

TEMPLATE = "ctsp_inspection.dossier_content"


class InspectionDossier(models.Model):
    """What the team should know before it goes (检查前档案), and which trials and subjects it might look at.

    The page gathers what the platform knows on the day it is read. The sample is drawn once, from a seed, and kept:
    who asks why this trial and this subject gets the reason and can repeat the lot (``tools/sampling.py``).
    """

    _name = "ctsp.inspection.dossier"
    _description = "Dossier Before an Inspection"
    _inherit = ["ctsp.inspection.part.mixin"]
    _order = "id desc"
    _rec_name = "institution_id"

    institution_id = fields.Many2one(related="inspection_id.institution_id", store=True, index=True)
    seed = fields.Char(required=True, readonly=True, copy=False, default=lambda self: secrets.token_hex(8))
    date = fields.Date("Sample Drawn On", required=True, readonly=True, default=lambda self: clock.today())
    trial_ids = fields.One2many("ctsp.inspection.dossier.trial", "dossier_id", "Suggested Trials", readonly=True)
    content = fields.Html("Dossier", compute="_compute_content", sanitize=False)

    _inspection_unique = models.Constraint("UNIQUE(inspection_id)", "This inspection has its dossier already.")

    @api.depends("inspection_id")
    def _compute_display_name(self):
        for dossier in self:
            dossier.display_name = self.env._("Dossier: %s", dossier.inspection_id.display_name or "")

    @api.depends_context("uid", "lang")
    def _compute_content(self):
        for dossier in self:
            dossier.content = self.env["ir.qweb"]._render(TEMPLATE, {"dossier": dossier, "data": dossier._data()})

    @api.model
    def _for(self, inspection):
        """Return the dossier of ``inspection``; made at the first call. Superuser: reading it is the right."""
        inspection.check_access("read")
        dossier = self.sudo().search([("inspection_id", "=", inspection.id)])
        if not dossier:
            dossier = self.sudo().create({"inspection_id": inspection.id})
            dossier._draw_sample()
        return dossier.with_env(self.env)

    # ------------------------------------------------------------------
    # The sample
    # ------------------------------------------------------------------
    def action_draw_again(self):
        """Draw another sample, from a new seed; for the team and planners, before the inspection begins."""
        self.check_access("read")
        for dossier in self:
            inspection = dossier.inspection_id
            if inspection.state not in ("draft", "assigned", "onsite"):
                raise AccessError(self.env._("The sample is fixed once the inspection is handed in."))
            planner = self.env.user.has_group("ctsp_base.group_planner")
            if not planner and inspection._own_member().role not in ("leader", "member"):
                raise AccessError(self.env._("Only the team and planners draw the sample."))
            engine = dossier.sudo()  # the right was checked; rows are the engine's
            engine.write({"seed": secrets.token_hex(8), "date": clock.today(), "trial_ids": [Command.clear()]})
            engine._draw_sample()
        return True

    def _draw_sample(self):
        """Choose trials and subjects by seed. Called as superuser."""
        self.ensure_one()
        parameter = self.env["ctsp.parameter"]
        least, percent, count = (parameter._get(f"inspection.sample_{name}") for name in ("least", "percent", "trials"))
        sites = self._sites()
        trials = {self._key(trial): trial for trial in sites.trial_id}
        chosen = sampling.choose(self.seed, self._candidates(sites), count)
        rows = []
        for sequence, (key, reason) in enumerate(chosen, 1):
            own = sites.filtered(lambda site, trial=trials[key]: site.trial_id == trial)
            enrolled = sum(own.mapped("actual"))
            numbers = sampling.subjects(self.seed, key, enrolled, least, percent)
            rows.append(Command.create({
                "sequence": sequence, "trial_id": trials[key].id, "specialty_id": own[:1].specialty_id.id,
                "pi_name": own[:1].pi_name, "enrolled": enrolled, "reason": reason,
                "subjects": "、".join(map(str, numbers))}))
        self.trial_ids = rows

    @api.model
    def _key(self, trial):
        return trial.ctr_no or f"#{trial.id}"

    def _sites(self):
        """Return what the institution does in trials, within the specialties inspected when some are named."""
        inspection = self.inspection_id
        domain = [("institution_id", "=", inspection.institution_id.id), ("trial_id.active", "=", True)]
        sites = self.env["ctsp.trial.site"].search(domain, order="id")
        wanted = inspection.specialty_ids
        return sites.filtered(
            lambda site: not wanted or site.specialty_id in wanted or site.trial_id in inspection.trial_ids)

    def _candidates(self, sites):
        """Return what the choice goes by, for each trial of ``sites``; a constant number of queries."""
        inspected, alerted = self._inspected_trials(), self._alerted_trials(sites)
        events, named = self._serious_events(sites), self.inspection_id.trial_ids
        result = []
        for trial, own in sites.grouped("trial_id").items():
            result.append(sampling.Candidate(
                self._key(trial), sum(own.mapped("actual")), trial in inspected, trial in named,
                sum(events.get(site.id, 0) for site in own), int(trial in alerted)))
        return result

    def _inspected_trials(self):
        """Return the trials that earlier inspections of the institution looked at, ours and others'."""
        earlier = self.env["ctsp.inspection.history"].search([("institution_id", "=", self.institution_id.id)])
        return earlier.inspection_id.trial_ids | earlier.external_id.trial_ids

    def _alerted_trials(self, sites):
        """Return the trials about which, or about whose part here, an alert is open."""
        alerts = self.env["ctsp.risk.alert"].search([
            ("state", "in", ("new", "assigned", "handled")),
            "|", "&", ("res_model", "=", "ctsp.trial"), ("res_id", "in", sites.trial_id.ids),
            "&", ("res_model", "=", "ctsp.trial.site"), ("res_id", "in", sites.ids)])
        ids = {model: alerts.filtered(lambda row, model=model: row.res_model == model).mapped("res_id")
               for model in ("ctsp.trial", "ctsp.trial.site")}
        return sites.trial_id.browse(ids["ctsp.trial"]) | sites.browse(ids["ctsp.trial.site"]).trial_id

    @api.model
    def _serious_events(self, sites):
        """Return ``{site id: serious adverse events}``; what is known of subjects is added by their addon."""
        return {}
