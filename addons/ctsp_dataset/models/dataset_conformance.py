from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from ..tools.openapi_parts import PREFIX

_lt = LazyTranslate(__name__)
STEWARD = ("ctsp_base.group_data_steward",)
OUTSIDE = ("ctsp_base.group_institution_user",)

TOGETHER = object()  # a live object: no RPC, import or form can put it into a context, and so keep a notice back
#: what a developer's program has to have shown: code → (name, what to do); texts of the interface, in Chinese
CHECKS = {
    "accepted": ("报送合格数据", "报送一批全部合格的数据（state 为 accepted）"),
    "receipt": ("查询回执", "用回执编号查询该数据集的一次报送"),
    "refused": ("报送有误数据", "报送一批含有错误行的数据，例如用示例数据接口的 faults 参数生成"),
    "report": ("读取校验报告", "对有错误行的报送读取逐行校验报告（findings）"),
    "corrected": ("更正后重报", "读取校验报告之后，改正并报送一批全部合格的数据"),
    "repeated": ("幂等重发", "以同一 requestId 原样重发一次，确认返回 duplicate 为 true 的同一回执"),
    "bulk": ("批量报送", "一次报送达到规定行数且全部合格的数据"),
}


class DatasetConformance(models.Model):
    """How far an institution's program is with one version of a data set: which checks it passed with a test key, who
    signed it off.

    The platform writes down what it saw. Once everything is passed the institution asks for the sign-off; a key of
    production for the data set is issued only after the data steward has signed. From the request on nothing changes: a
    version with other fields or rules has a report of its own.
    """

    _name = "ctsp.dataset.conformance"
    _description = "Conformance Report"
    _inherit = ["ctsp.owned.mixin", "ctsp.workflow.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _owner_path = "partner_id"
    _integrity_fields = {1: ("partner_id", "dataset_id", "state", "signed_at"),
                         2: ("partner_id", "dataset_id", "version_id", "state", "signed_at")}
    _workflow = Workflow("testing", (
        Transition("request", ("testing",), "requested", _lt("Ask for the Sign-off"), groups=(*OUTSIDE, *STEWARD),
                   access="read", stamp="requested"),
        Transition("sign", ("requested",), "signed", _lt("Sign Off"), groups=STEWARD, access="read", stamp="signed"),
        Transition("return", ("requested", "signed"), "testing", _lt("Back to Testing"), groups=STEWARD,
                   access="read", needs_reason=True),
    ))

    partner_id = fields.Many2one("res.partner", "Institution", required=True, readonly=True, index=True,
                                 ondelete="restrict")
    dataset_id = fields.Many2one("ctsp.dataset", required=True, readonly=True, index=True, ondelete="restrict")
    version_id = fields.Many2one("ctsp.dataset.version", "Tested Version", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("testing", "Testing"), ("requested", "Sign-off Asked For"), ("signed", "Signed Off")], required=True,
        default="testing", readonly=True, index=True, copy=False, group_expand=True)
    accepted_at = fields.Datetime("Good Data Sent", readonly=True)
    receipt_at = fields.Datetime("Receipt Asked For", readonly=True)
    refused_at = fields.Datetime("Bad Data Sent", readonly=True)
    report_at = fields.Datetime("Report Read", readonly=True)
    corrected_at = fields.Datetime("Corrected and Sent Again", readonly=True)
    repeated_at = fields.Datetime("Repeated Request Recognised", readonly=True)
    bulk_at = fields.Datetime("Sent in Bulk", readonly=True)
    bulk_rows = fields.Integer(
        "Rows of the Bulk Test", compute="_compute_bulk_rows", store=True, aggregator=None)
    last_call_at = fields.Datetime("Last Call", readonly=True)
    passed = fields.Integer("Checks Passed", compute="_compute_passed", store=True, aggregator=None)
    total = fields.Integer("Checks", compute="_compute_passed", store=True, aggregator=None)
    is_complete = fields.Boolean("All Passed", compute="_compute_passed", store=True, index=True)
    missing = fields.Text("Still to Do", compute="_compute_missing")
    quota = fields.Text("Quota of the Keys", compute="_compute_quota")
    progress = fields.Selection(
        [("testing", "Testing"), ("ready", "Can Be Asked For"), ("requested", "Sign-off Asked For"),
         ("signed", "Signed Off")], compute="_compute_progress", store=True, index=True)
    returned = fields.Text("Returned Because", readonly=True, copy=False)
    requested_at = fields.Datetime("Asked For At", readonly=True, copy=False)
    requested_by = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_by = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")

    _pair_unique = models.UniqueIndex(
        "(partner_id, dataset_id, version_id)", "There is a report for this version already.")

    @api.depends("dataset_id.name", "version_id.number", "partner_id.name")
    def _compute_display_name(self):
        for one in self:
            whole = one.sudo()  # an older version may be retired, and names are for every reader
            parts = whole.dataset_id.name, whole.version_id.number, whole.partner_id.name
            one.display_name = " ".join(filter(None, parts))

    @api.depends("dataset_id.conformance_rows", "state")
    def _compute_bulk_rows(self):
        """What was asked for is what was tested: a number that is changed later is for tests that still run."""
        for one in self:
            kept = one.bulk_rows if one.state != "testing" else 0
            one.bulk_rows = kept or one.dataset_id.conformance_rows

    @api.depends("bulk_rows", *(f"{code}_at" for code in CHECKS))
    def _compute_passed(self):
        for one in self:
            codes = one._codes()
            one.total = len(codes)
            one.passed = sum(bool(one[f"{code}_at"]) for code in codes)
            one.is_complete = one.passed == one.total

    @api.depends("state", "is_complete")
    def _compute_progress(self):
        """What people look for: which tests are passed and still to be asked for."""
        for one in self:
            one.progress = "ready" if one.state == "testing" and one.is_complete else one.state

    @api.depends("passed")
    def _compute_missing(self):
        for one in self:
            todo = [one._words(code) for code in one._codes() if not one[f"{code}_at"]]
            one.missing = "\n".join(f"{name}：{hint}" for name, hint in todo)

    @api.depends("partner_id", "dataset_id")
    def _compute_quota(self):
        """How much each of the institution's keys in use may send; the interface tells a key the same of itself."""
        # sudo: institutions read no keys, but may know how much their own may send
        keys = self.env["ctsp.exchange.credential"].sudo().search([
            ("partner_id.commercial_partner_id", "in", self.partner_id.commercial_partner_id.ids),
            ("dataset_ids", "in", self.dataset_id.ids), ("use", "=", "in"), ("state", "=", "active")])
        for one in self:
            whose = one.partner_id.commercial_partner_id
            own = keys.filtered(lambda key, one=one, whose=whose: key.partner_id.commercial_partner_id == whose
                                and one.dataset_id in key.dataset_ids)
            one.quota = "\n".join(key._quota_text() for key in own)

    def _words(self, code):
        """Return the name of a check and what to do for it."""
        name, hint = CHECKS[code]
        return name, hint.replace("规定行数", f"{self.bulk_rows}行") if code == "bulk" else hint

    def _codes(self):
        """Return the checks that count for the report."""
        return [code for code in CHECKS if code != "bulk" or self.bulk_rows > 1]

    # ---- what is seen

    @api.model
    def _observe(self, partner, dataset, operation, submission, data):
        """Write down what a good call with a test key shows. Superuser."""
        report = self._of(partner, dataset, submission.version_id if submission else None)
        now = fields.Datetime.now()
        due = {code for code in report._codes() if not report[f"{code}_at"]}  # none once the sign-off was asked for
        seen = due.intersection(report._shown(operation, submission, data))
        report.write({"last_call_at": now, **{f"{code}_at": now for code in seen}})

    def _shown(self, operation, submission, data):
        """Yield the codes of the checks that a call passes."""
        if operation in ("submit", "replay", "upload_complete"):
            if data["duplicate"]:
                yield "repeated"
            elif data["state"] == "accepted":
                yield "accepted"
                if self.report_at:
                    yield "corrected"
                if data["rows"] >= self.bulk_rows:
                    yield "bulk"
            else:
                yield "refused"
        elif operation == "submission":
            yield "receipt"
        elif operation == "findings" and submission.refused:
            yield "report"

    def action_try(self):
        """Open the documentation of the interface, where requests are tried with a test key."""
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"{PREFIX}/docs", "target": "new"}

    # ---- sign-off

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code in ("request", "sign") and not self.is_complete:
            raise UserError(self.env._(
                "“%(report)s”: %(number)s checks are not passed yet.", report=self.display_name,
                number=self.total - self.passed))

    def _after_request(self, reason):
        self.sudo().returned = False  # sudo: institutions write nothing here
        if self.env.context.get("ctsp_together") is TOGETHER:
            return  # one word about all of them
        self.env["ctsp.desk.notice"].sudo()._send(  # sudo: the platform tells who asked and his colleagues
            self, "ctsp_dataset.ctsp_dataset_conformance_action_desk", f"{self.dataset_id.name}对接测试已申请确认",
            "由监管机构的数据标准管理员确认或退回，结果在此告知。等待期间可继续测试。", own=True)

    def _after_sign(self, reason):
        self.sudo().returned = False  # sudo: as above
        if self.env.context.get("ctsp_together") is TOGETHER:
            return
        self.env["ctsp.desk.notice"]._send(
            self, "ctsp_dataset.ctsp_dataset_conformance_action_desk",
            f"{self.dataset_id.name}（版本{self.sudo().version_id.number}）对接测试已确认",
            "可申请该数据集的正式密钥。", "success")

    def _after_return(self, reason):
        self.sudo().returned = reason  # sudo: as above
        self.env["ctsp.desk.notice"]._send(
            self, "ctsp_dataset.ctsp_dataset_conformance_action_desk",
            f"{self.dataset_id.name}对接测试退回", reason, "warning")
