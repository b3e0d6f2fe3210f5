from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

from ..tools import codes

NO_LIMIT = -1


class DecisionRule(models.Model):
    """How findings by grade give a conclusion, for the institution and for each specialty separately.

    Rules in force on the day of the inspection are tried in their order; the first whose limits hold proposes its
    conclusion. The leader decides. Source: 药物临床试验机构监督检查要点及判定原则（试行）, 2023年第9号; rows that
    nobody compared with the document yet are not ``verified`` and say so in the sentence they give.
    """

    _name = "ctsp.decision.rule"
    _description = "Decision Rule"
    _inherit = ["mail.thread", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "object, date_from desc, sequence, id"
    _import_keys = (("object", "name", "date_from"),)
    _import_fields = (
        "name", "object", "date_from", "date_to", "critical_max", "major_max", "minor_max", "needs_sound_system",
        "conclusion", "source", "note", "sequence")
    _integrity_fields = {1: (
        "object", "date_from", "date_to", "sequence", "critical_max", "major_max", "minor_max", "needs_sound_system",
        "conclusion", "verified", "active")}

    name = fields.Char(required=True)
    object = fields.Selection(selection=lambda self: codes.objects(self.env), required=True, index=True)
    date_from = fields.Date("Valid From", required=True, tracking=True)
    date_to = fields.Date("Valid To", tracking=True)
    sequence = fields.Integer(default=10)
    critical_max = fields.Integer("Critical at Most", default=0, tracking=True)
    major_max = fields.Integer("Major at Most", default=0, tracking=True)
    minor_max = fields.Integer("Minor at Most", default=0, tracking=True)
    needs_sound_system = fields.Boolean("Sound Quality System", tracking=True)
    conclusion = fields.Selection(selection=lambda self: codes.conclusions(self.env), required=True, tracking=True)
    condition = fields.Char(compute="_compute_condition")
    source = fields.Char()
    verified = fields.Boolean("Checked Against the Source", tracking=True)
    note = fields.Char()
    active = fields.Boolean(default=True)

    _limits = models.Constraint(
        "CHECK(critical_max >= -1 AND major_max >= -1 AND minor_max >= -1)",
        "A limit is a number from 0 on, or -1 for none.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A rule cannot end before it begins."
    )

    @api.depends("critical_max", "major_max", "minor_max", "needs_sound_system")
    @api.depends_context("lang")
    def _compute_condition(self):
        labels = dict(codes.defects(self.env))
        for rule in self:
            limited = [grade for grade in codes.GRADES if rule[f"{grade}_max"] != NO_LIMIT]
            parts = [rule._limit_text(grade, labels[grade]) for grade in limited]
            if rule.needs_sound_system:
                parts.append(self.env._("sound quality system"))
            rule.condition = "、".join(parts) or self.env._("in all other cases")

    @api.model_create_multi
    def create(self, vals_list):
        # “created” would say nothing, and speak English for what comes with the platform
        return super(DecisionRule, self.with_context(mail_create_nolog=True)).create(vals_list)

    def _limit_text(self, grade, label):
        limit = self[f"{grade}_max"]
        if not limit:
            return self.env._("no %(grade)s", grade=label)
        return self.env._("%(grade)s at most %(limit)s", grade=label, limit=limit)

    def _holds(self, counts):
        self.ensure_one()
        if self.needs_sound_system and counts.get("sound_system") is False:
            return False
        return all(
            self[f"{grade}_max"] == NO_LIMIT or counts.get(grade, 0) <= self[f"{grade}_max"] for grade in codes.GRADES)

    @api.model
    def _in_force(self, target, on):
        day = clock.as_date(on) if on else clock.today()
        domain = Domain("object", "=", target) & Domain("date_from", "<=", day)
        return self.sudo().search(  # sudo: every conclusion needs the rules, whoever draws it
            domain & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            order="sequence, date_from desc, id",
        )

    @api.model
    def _asks_system(self, target, on=None):
        """Say whether a rule in force asks if the quality system is sound: the leader then has to state it."""
        return any(self._in_force(target, on).mapped("needs_sound_system"))

    @api.model
    def _propose(self, target, counts, on=None):
        """Return the conclusion that the rules in force propose for ``target``, and a sentence that says why.

        :param target: code of the object (``codes.objects``)
        :param counts: ``{"critical": 0, "major": 1, "minor": 3}``; ``"sound_system"``: True or False as the team found
            the quality system (管理体系是否健全), left out while nobody stated it; ``"system_reason"``: why
        :param on: the day of the inspection, today when None
        :return: ``(code or False, sentence)``; False when no rule of that day fits
        """
        found = self._sentence_counts(counts)
        rule = next((rule for rule in self._in_force(target, on) if rule._holds(counts)), None)
        if rule is None:
            return False, self.env._("%(found)s. No decision rule in force fits; the leader decides.", found=found)
        sentence = self.env._(
            "%(found)s. By “%(rule)s” (%(condition)s) the proposal is: %(conclusion)s.",
            found=found, rule=rule.name, condition=rule.condition,
            conclusion=codes.label(codes.conclusions(self.env), rule.conclusion))
        if rule.needs_sound_system and counts.get("sound_system") is None:
            sentence += self.env._(" This supposes a sound quality system, which the leader has still to state.")
        if not rule.verified:
            sentence += self.env._(" This rule has not been compared with the text of its source yet.")
        return rule.conclusion, sentence

    @api.model
    def _sentence_counts(self, counts):
        labels = dict(codes.defects(self.env))
        parts = [
            self.env._("%(grade)s: %(count)s", grade=labels[grade], count=counts.get(grade, 0))
            for grade in codes.GRADES
        ]
        sound = counts.get("sound_system")
        if sound is not None:
            state = self.env._("quality system sound") if sound else self.env._("quality system not sound")
            reason = counts.get("system_reason")
            parts.append(self.env._("%(state)s (%(reason)s)", state=state, reason=reason) if reason else state)
        return "、".join(parts)

    @api.constrains("object")
    def _check_object(self):
        for rule in self:
            if rule.object not in ("institution", "specialty", "trial"):
                raise ValidationError(
                    self.env._("Object: conclusions are drawn for institutions, specialties and trials.")
                )
