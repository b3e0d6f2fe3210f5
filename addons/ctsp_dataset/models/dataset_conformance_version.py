from odoo import api, fields, models

DESK = "ctsp_dataset.ctsp_dataset_conformance_action_desk"


class DatasetConformance(models.Model):
    """Which version a report is about. Versions that ask the same of rows share one; a version with other fields or
    rules is tested and signed off by itself, while keys of production that were issued before go on working."""

    _inherit = "ctsp.dataset.conformance"

    unsigned_version_id = fields.Many2one(
        "ctsp.dataset.version", "In Force, Not Signed Off", compute="_compute_unsigned_version_id")

    @api.depends("version_id", "state", "dataset_id.current_id")
    def _compute_unsigned_version_id(self):
        """The version in force where the report says nothing about it and no other one does."""
        for one in self:
            whole = one.sudo()  # other versions and reports of the same institution
            current = whole.dataset_id.current_id
            signed = whole.search([
                ("partner_id", "=", whole.partner_id.id), ("dataset_id", "=", whole.dataset_id.id),
                ("state", "=", "signed")]).version_id
            covered = any(version._asks_same(current) for version in signed | whole.version_id)
            one.unsigned_version_id = False if covered or not whole.version_id else current

    @api.model
    def _about(self, partner, dataset, version):
        """Return the report about a version, or about one that asks the same, maybe none."""
        reports = self.search([("partner_id", "=", partner.id), ("dataset_id", "=", dataset.id)])
        return reports.filtered(lambda one: one.version_id == version)[:1] or reports.filtered(
            lambda one: one.version_id._asks_same(version))[:1]

    @api.model
    def _of(self, partner, dataset, version=None):
        """Return the report about a version, the one in force when none is given; the first call makes it."""
        version = version or dataset.current_id
        if found := self._about(partner, dataset, version):
            return found
        self.env["ctsp.exchange.nonce"]._reserve(f"conformance\n{partner.id}\n{dataset.id}\n{version.id}")
        return self._about(partner, dataset, version) or self.create({
            "partner_id": partner.id, "dataset_id": dataset.id, "version_id": version.id})

    @api.model
    def _signed(self, partner, datasets):
        """Return the reports that were signed off for the organisation, of whatever version, the newest first."""
        # sudo: who issues keys need not read reports
        return self.sudo().search([
            ("partner_id", "=", partner.commercial_partner_id.id), ("state", "=", "signed"),
            ("dataset_id", "in", datasets.ids)])

    @api.model
    def _unsigned(self, partner, datasets):
        """Return those of ``datasets`` that nobody signed off for the organisation in any version."""
        return datasets - self._signed(partner, datasets).dataset_id

    def _answer(self):
        """Return the report as the interface tells it."""
        checks = []
        for code in self._codes():
            name, hint = self._words(code)
            checks.append({"code": code, "name": name, "hint": hint, "passed": bool(self[f"{code}_at"]),
                           **({"rows": self.bulk_rows} if code == "bulk" else {})})
        signed = self._signed(self.partner_id, self.dataset_id).version_id
        return {"dataset": self.dataset_id.code, "version": self.version_id.number or "",
                "state": self.progress, "signedVersions": signed.mapped("number"), "checks": checks,
                "requestedAt": _moment(self.state != "testing" and self.requested_at),
                "signedAt": _moment(self.state == "signed" and self.signed_at), "returned": self.returned or None}


def _moment(value):
    return f"{value.isoformat()}Z" if value else None


class DatasetVersion(models.Model):
    """Versions that ask the same of rows; who tested an earlier one is told of one that asks something else."""

    _inherit = "ctsp.dataset.version"

    def _asks_same(self, other):
        """Return whether rows that were written for the one are checked alike by the other. Both were published."""
        return self == other or (bool(self.definition) and self._asked() == other._asked())

    def _asked(self):
        data = self.definition or {}
        return {**{name: data.get(name) for name in ("mode", "keys", "rules")}, "fields": _bare(data.get("fields"))}

    def _after_publish(self, reason):
        reports = self.env["ctsp.dataset.conformance"].sudo()  # sudo: the institutions' own reports
        for report in reports.search([("dataset_id", "=", self.dataset_id.id), ("state", "=", "signed")]):
            if not report.version_id._asks_same(self):
                note = (f"已确认的是版本{report.version_id.number}，已发的正式密钥继续有效；"
                        "请按新版本修改程序，用测试密钥重新通过对接检查并申请确认。")
                self.env["ctsp.desk.notice"]._send(
                    report, DESK, f"“{self.dataset_id.name}”发布版本{self.number}，字段或规则有变化", note, "info",
                    f"dataset.version:{self.id}:{report.id}")


def _bare(fields_):
    """Return fields without what only explains them."""
    return [{name: _bare(value) if name == "fields" else value for name, value in item.items()
             if name not in ("definition", "source", "example")} for item in fields_ or []]
