from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..tools.workflow import Grant, Workflow

GRANT = "ctsp_workflow_grant"


class WorkflowMixin(models.AbstractModel):
    """States that change by declared transitions only, whoever asks and by whichever way.

    A class declares ``_workflow`` and a ``state`` selection; see ``docs/kernel.md``. Hooks, all called on one record
    as the user who makes the step: ``_check_transition(transition)`` raises when the step must not be made,
    ``_before_<code>(reason)`` runs before and ``_after_<code>(reason)`` after the state is written.
    """

    _name = "ctsp.workflow.mixin"
    _inherit = ["ctsp.outbox.mixin"]
    _description = "Workflow"

    _workflow: Workflow = None

    state_since = fields.Datetime(
        string="In This State Since", readonly=True, copy=False, default=fields.Datetime.now, index=True
    )
    transition_log_ids = fields.One2many(
        "ctsp.workflow.log", "res_id", string="Course",
        domain=lambda self: [("res_model", "=", self._name)], readonly=True, copy=False,
    )
    available_transitions = fields.Json(
        string="Possible Steps", compute="_compute_available_transitions",
        help="Codes of the steps the user may take now, for buttons: 'approve' not in available_transitions",
    )

    def _register_hook(self):
        super()._register_hook()
        if self._workflow is None:
            return
        known = set(self._fields["state"].get_values(self.env))
        if unknown := self._workflow.states - known:
            raise ValueError(f"{self._name}: the workflow names states unknown to the field: {sorted(unknown)}")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_available_transitions(self):
        for record in self:
            record.available_transitions = [step.code for step in record._available_transitions()]

    def _available_transitions(self):
        """Return the transitions the user may make on this one record now, checks of the content aside."""
        self.ensure_one()
        if not self._origin:
            return []
        right = {access: self._origin.has_access(access) for access in ("read", "write")}
        return [
            step for step in self._workflow.leaving(self.state)
            if right[step.access] and not step.automatic and self._may_make(step)
        ]

    def _may_make(self, transition):
        """Say whether the step is switched on and open to a group of the user."""
        override = self.env["ctsp.workflow.rule"]._overrides(self._name).get(transition.code)
        if override and not override.enabled:
            return False
        if self.env.su:
            return True
        if override and override.group_ids:
            return not override.group_ids.isdisjoint(self.env.user._get_group_ids())
        return not transition.groups or any(self.env.user.has_group(group) for group in transition.groups)

    # ---- the fence around the field -------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "state" in fields:
            values["state"] = self._workflow.initial
        return values

    @api.model_create_multi
    def create(self, vals_list):
        fenced = self._fenced_fields()
        for vals in vals_list:
            if vals.get("state", self._workflow.initial) != self._workflow.initial:
                raise self._state_refusal("state")
            for name in fenced & vals.keys() - {"state", "state_since"}:
                if vals[name]:
                    raise self._state_refusal(name)
        vals_list = [{name: value for name, value in vals.items() if name not in fenced} for vals in vals_list]
        if defaults := {f"default_{name}" for name in fenced} & self.env.context.keys():
            context = {key: value for key, value in self.env.context.items() if key not in defaults}
            self = self.with_context(context)  # pylint: disable=context-overridden; keys are to be gone
        return super().create(vals_list)

    def write(self, vals):
        grant = self.env.context.get(GRANT)
        fenced = self._fenced_fields() & vals.keys()
        if fenced and not (isinstance(grant, Grant) and grant.covers(self, vals.get("state"))):
            # sudo: only compares, tells nothing. A form or an import that sends the state back unchanged may do so.
            unchanged = "state" in fenced and all(record.state == vals["state"] for record in self.sudo())
            if forbidden := fenced - ({"state"} if unchanged else set()):
                raise self._state_refusal(min(forbidden))
            vals = {name: value for name, value in vals.items() if name != "state"}
        return super().write(vals)

    @api.model
    def _fenced_fields(self):
        """Return the fields that only a step writes: the state, since when, and the stamps."""
        stamps = {step.stamp for step in self._workflow.transitions if step.stamp}
        names = {f"{stamp}_{end}" for stamp in stamps for end in ("at", "by")}
        return {"state", "state_since"} | (names & self._fields.keys())

    def copy_data(self, default=None):
        fenced = self._fenced_fields()
        return [
            {name: value for name, value in vals.items() if name not in fenced}
            for vals in super().copy_data(default)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_only_deletable(self):
        for record in self:
            if record.state not in self._workflow.deletable:
                raise UserError(self.env._(
                    "“%(record)s” cannot be deleted: it is already in the state “%(state)s”.",
                    record=record.display_name, state=record._state_label(record.state),
                ))

    def _state_refusal(self, field_name):
        field = self._fields[field_name]
        return AccessError(self.env._(
            "“%(field)s” of “%(model)s” cannot be written; it changes by steps only (submit, approve …).",
            field=field.get_description(self.env, ["string"])["string"],
            model=self.env["ir.model"]._get(self._name).name,
        ))

    def _set_state(self, state, reason, **stamps):
        """Put records into ``state`` outside the transitions: for loading history and migrations, never for a user.

        Logged like a step, without a code; no hook runs, no event is emitted.

        :param stamps: values of ``state_since`` and of stamp fields, when history knows them
        """
        if state not in self._workflow.states or not stamps.keys() <= self._fenced_fields():
            raise ValueError(f"{self._name}: unknown state {state!r} or stamp among {sorted(stamps)}")
        for record in self:
            record._write_state(state, stamps, "", reason)

    def _write_state(self, state, stamps, code, reason):
        previous = self.state
        values = {"state": state, "state_since": fields.Datetime.now(), **stamps}
        # Superuser: the right to make the step was checked; nobody has the right to write the field itself.
        self.sudo().with_context(**{GRANT: Grant(self, state)}).write(values)
        self.env["ctsp.workflow.log"]._append([{
            "res_model": self._name,
            "res_id": self.id,
            "transition": code,
            "from_state": previous,
            "to_state": state,
            "reason": reason,
            "user_id": self.env.uid,
        }])

    # ---- making a step --------------------------------------------------------------------------------------------

    def action_transition(self):
        """Make the step named by ``transition`` in the context; ask for the reason first when it wants one."""
        code = self.env.context.get("transition")
        transition = self._transition(code)
        if not transition.needs_reason:
            return self.run_transition(code)
        wizard = self.env["ctsp.workflow.reason"]._for(self, transition)
        return wizard._open()

    def run_transition(self, code, reason=None):
        """Make the step ``code`` on each record, all or none.

        Checks in this order: the step exists and is on, the user's groups, his right on the records, nobody else is
        at them, their state, the reason, :meth:`_check_transition`.

        :raise UserError: wrong state, no reason, somebody else at it
        :raise AccessError: not for this user
        """
        transition = self._transition(code)
        self._check_right(transition)
        self._lock()
        reason = (reason or "").strip()
        if transition.needs_reason and not reason:
            raise UserError(self.env._("Please give the reason for “%(step)s”.", step=self._label(transition)))
        for record in self:
            record._check_source(transition)
            record._check_transition(transition)
            record._make(transition, reason)
        return True

    def _transition(self, code):
        transition = self._workflow.get(code)
        if transition is None:
            raise UserError(self.env._("There is no step “%(code)s” here.", code=code))
        return transition

    def _check_right(self, transition):
        if not self._may_make(transition) or (transition.automatic and not self.env.su):
            raise AccessError(self.env._(
                "The step “%(step)s” is not open to you or switched off.", step=self._label(transition)
            ))
        self.check_access("read")
        self.check_access(transition.access)

    def _lock(self):
        """Keep others from the records until the transaction ends, and read their state anew."""
        try:
            self.sudo().lock_for_update()  # superuser: a reviewer may hold the read right only
        except LockError as error:
            raise UserError(self.env._(
                "Somebody else is working on this at the same moment. Please reload the page and try again."
            )) from error
        self.invalidate_recordset(["state"])

    def _check_source(self, transition):
        if self.state not in transition.sources:
            raise UserError(self.env._(
                "“%(step)s” is not possible: “%(record)s” is in the state “%(state)s” now.",
                step=self._label(transition), record=self.display_name, state=self._state_label(self.state),
            ))

    def _make(self, transition, reason):
        self._hook("before", transition, reason)
        previous = self.state
        self._write_state(transition.target, self._stamps(transition), transition.code, reason)
        self._hook("after", transition, reason)
        self._outbox_emit(f"{self._name}.{transition.code}", self._transition_payload(transition, previous, reason))

    def _hook(self, moment, transition, reason):
        hook = getattr(self, f"_{moment}_{transition.code}", None)
        if hook:
            hook(reason)

    def _check_transition(self, transition):
        """Raise when ``transition`` must not be made on this record. For override."""

    def _stamps(self, transition):
        """Return who-and-when values for the fields ``<stamp>_at`` and ``<stamp>_by`` that the model has."""
        values = {f"{transition.stamp}_at": fields.Datetime.now(), f"{transition.stamp}_by": self.env.uid}
        return {name: value for name, value in values.items() if transition.stamp and name in self._fields}

    def _transition_payload(self, transition, previous, reason):
        """Return what the event tells the other addons; JSON-serialisable. For override."""
        return {
            "model": self._name, "id": self.id, "transition": transition.code, "from": previous,
            "to": transition.target, "reason": reason, "user_id": self.env.uid,
            "at": fields.Datetime.to_string(self.state_since),
        }

    # ---- words ----------------------------------------------------------------------------------------------------

    @api.model
    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env)).get(state, state or "")

    @api.model
    def _label(self, transition):
        label = transition.label or transition.code
        return label if isinstance(label, str) else self.env._(label)
