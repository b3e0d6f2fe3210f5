from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPEN_STATES = ("draft", "returned")
"""states of a filing in which its content may be edited"""
DECIDED = ("approved", "refused", "withdrawn")
"""states in which a filing ends"""


class FilingLineMixin(models.AbstractModel):
    """A row of a filing that proposes to add, change or remove one registry record."""

    _name = "ctsp.filing.line.mixin"
    _description = "Row of a Filing"
    _inherit = ["ctsp.part.mixin", "ctsp.proposal.mixin", "ctsp.filing.remarked.mixin"]
    _desk_parent = "filing_id"
    _order = "sequence, id"

    filing_id = fields.Many2one("ctsp.filing", required=True, index=True, ondelete="cascade")
    filing_state = fields.Selection(related="filing_id.state", string="State of the Filing")
    sequence = fields.Integer(default=10)
    removal = fields.Boolean("Remove", help="Approval removes this record from the registry.")
    operation = fields.Selection(
        [("add", "Added"), ("change", "Changed"), ("remove", "Cancelled Here"), ("keep", "Unchanged")],
        compute="_compute_operation", store=True, precompute=False)

    @api.depends(lambda self: (
        "removal", "base_values", self._proposal_target, *self._proposal_names(), *self._proposal_links,
        *self._proposal_files))
    def _compute_operation(self):
        # superuser: comparing personal data must not depend on who looks, and tells nothing but “differs”
        for row, known in zip(self, self.sudo(), strict=True):
            if known.filing_id.state in DECIDED:
                row.operation = row.operation  # what was decided on stays as it was shown
            elif not known[row._proposal_target]:
                row.operation = "add"
            elif row.removal:
                row.operation = "remove"
            elif known.filing_id.kind == "cancellation":
                row.operation = "keep"
            else:
                row.operation = "change" if known._changed_names() else "keep"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_engine_part(vals | self._context_defaults())
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine_part(vals)
        return super().write(vals)

    @api.model
    def _check_engine_part(self, names):
        """What a row is compared with is the platform's word: nobody says what the registry held."""
        kept = {"base_values", "operation", self._proposal_target}.intersection(names)
        if kept and not self.env.su:
            label = self._fields[min(kept)]._description_string(self.env)
            raise AccessError(self.env._("“%(field)s” of a filing is kept by the platform.", field=label))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if not self.env.su and any(row[row._proposal_target] for row in self):
            raise UserError(self.env._(
                "This row stands for a record of the registry. To have it removed, tick “Remove”; to leave it as it "
                "is, change nothing."))

    def action_toggle_removal(self):
        """Mark the registry record for removal, or take the mark back (button; write access is checked by the ORM)."""
        for row in self:
            if not row[row._proposal_target]:
                raise UserError(self.env._("A new row is simply deleted."))
            row.removal = not row.removal
        return True

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------
    def _apply_rows(self):
        """Carry these rows into the registry (called in superuser mode by the approval)."""
        for row in self:
            if row.operation == "add":
                row[row._proposal_target] = row._apply_add()
            elif row.operation == "change":
                row._apply_change()
            elif row.operation == "remove":
                row._apply_remove()

    def _sub_rows(self):
        """Return the rows below this one."""
        self.ensure_one()
        return self.browse()

    def _apply_sub_rows(self):
        """Carry the rows below into the registry, once their parent is there."""
        self._sub_rows()._apply_rows()

    def _apply_add(self):
        target = self.env[self._fields[self._proposal_target].comodel_name]
        return target.create({**self._registry_vals(), **self._apply_parent()})

    def _apply_change(self):
        self[self._proposal_target].write(self._registry_vals())

    def _apply_remove(self):
        self[self._proposal_target].write({"active": False})

    def _apply_parent(self):
        """Return the link of a new registry record to its parent."""
        return {"institution_id": self.filing_id.institution_id.id}
