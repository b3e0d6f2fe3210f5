import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..tools import clock, numbering

PREFIX = re.compile(r"[^%]*%\(range_year\)s[^%]*")
LONGEST = 10


class NumberSeries(models.Model):
    """Series of document numbers (编号规则) for the system administrator: a delegated screen on ``ir.sequence``.

    Numbers are drawn by ``ir.sequence._draw``, without gap per series and year. What was drawn stays; the form of
    the next numbers may change, and a year that began in another system may go on from there.
    """

    _name = "ctsp.number.series"
    _description = "Number Series"
    _auto = False
    _order = "code, id"
    _depends = {"ir.sequence": ["code", "prefix", "padding", "implementation", "use_date_range"]}

    sequence_id = fields.Many2one("ir.sequence", readonly=True)
    name = fields.Char("Documents", compute="_compute_name")
    code = fields.Char(readonly=True)
    prefix = fields.Char(
        required=True,
        help="What stands before the number. The year stands in curly brackets; counting begins anew with it.")
    padding = fields.Integer("Digits", help="Shorter numbers are filled up with zeros.", aggregator=None)
    next_number = fields.Integer(
        "Next Number This Year", compute="_compute_next_number", readonly=False, aggregator=None)
    example = fields.Char("Next Document Gets", compute="_compute_next_number")
    drawn_count = fields.Integer("Drawn This Year", compute="_compute_next_number", aggregator=None)

    @property
    def _table_query(self):
        return SQL(
            """SELECT id, id AS sequence_id, code, REPLACE(prefix, %s, %s) AS prefix, padding FROM ir_sequence
                WHERE implementation = 'no_gap' AND use_date_range AND active AND code LIKE 'ctsp.%%'""",
            numbering.YEAR, numbering.SHOWN)

    @api.depends("sequence_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for series in self:
            series.name = series.sudo().sequence_id.name  # sudo: a name

    @api.depends("name")
    def _compute_display_name(self):
        for series in self:
            series.display_name = series.name

    @api.depends("prefix", "padding")
    def _compute_next_number(self):
        today = clock.today()
        for series in self:
            sequence = series.sudo().sequence_id  # sudo: the rows of a sequence belong to the engine
            last = sequence._last_number(today.year)
            series.next_number = max(last + 1, sequence._first_number(today))
            series.drawn_count = self.env["ctsp.sequence.number"].search_count(
                [("sequence_id", "=", sequence.id), ("year", "=", today.year)])
            prefix = numbering.in_year(series.prefix, today.year)
            series.example = f"{prefix}{series.next_number:0{series.padding or 1}d}{sequence.suffix or ''}"

    def _go_on_from(self, number):
        """Go on from another number this year: a date range of the sequence says where the year begins."""
        first, last = clock.today().replace(month=1, day=1), clock.today().replace(month=12, day=31)
        for series in self:
            sequence = series.sudo().sequence_id  # sudo: checked in write
            if number <= sequence._last_number(first.year):
                raise ValidationError(self.env._(
                    "Next Number This Year: %(number)s has been drawn already; numbers are never drawn twice.",
                    number=number))
            ranges = sequence.date_range_ids.filtered(lambda period: period.date_from <= first <= period.date_to)
            if ranges:
                ranges[:1].number_next = number
            else:
                sequence.date_range_ids.create({
                    "sequence_id": sequence.id, "date_from": first, "date_to": last, "number_next_actual": number})

    def write(self, vals):  # pylint: disable=method-required-super
        """Change prefix, digits or the next number; there is no table of its own."""
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_system_admin")):
            raise AccessError(self.env._("Only the system administrator changes how documents are numbered."))
        if "prefix" in vals:
            vals = {**vals, "prefix": numbering.stored(vals["prefix"])}
        self._check_form(vals)
        shape = {name: vals[name] for name in ("prefix", "padding") if name in vals}
        for series in self:
            series.sudo().sequence_id.write(shape)  # sudo: the administrator has no right on sequences, checked above
            self.env["ctsp.audit.port"]._log("numbering", series, name=series.name, fields=sorted(vals), **vals)
        if "next_number" in vals:
            self._go_on_from(vals["next_number"])
        self.invalidate_recordset()
        return True

    def _check_form(self, vals):
        if "prefix" in vals and not PREFIX.fullmatch(vals["prefix"]):
            raise ValidationError(self.env._(
                "Prefix: it must contain %(year)s once, since counting begins anew each year.", year=numbering.SHOWN))
        if "padding" in vals and not 1 <= vals["padding"] <= LONGEST:
            raise ValidationError(self.env._("Digits: between 1 and %s.", LONGEST))

    def action_open_numbers(self):
        """Open the numbers drawn from this series."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.ctsp_sequence_number_action")
        return {**action, "domain": [("sequence_id", "=", self.id)], "name": self.name}
