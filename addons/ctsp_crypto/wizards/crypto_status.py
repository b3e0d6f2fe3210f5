from odoo import api, fields, models

from ctsp_crypto.errors import CryptoError

from ..tools import machine


class CryptoStatus(models.TransientModel):
    """Providers, root key and key store at a glance, as they answer now."""

    _name = "ctsp.crypto.status"
    _description = "State of Cryptography"

    ready = fields.Boolean("All Is Well", readonly=True)
    root = fields.Char("Root Key", readonly=True)
    software = fields.Boolean("Software Root Key", readonly=True)
    problems = fields.Text("Problems of the Key Store", readonly=True)
    key_count = fields.Integer("Keys in Use", readonly=True)
    queued_count = fields.Integer("Signatures Waiting", readonly=True)
    owed_count = fields.Integer("Time Stamps Owed", readonly=True)
    verification_id = fields.Many2one("ctsp.integrity.verification", "Last Verification", readonly=True)
    verification_state = fields.Selection(related="verification_id.state")
    verification_date = fields.Datetime(related="verification_id.date_end", string="Verified On")
    alert_count = fields.Integer("Open Findings", readonly=True)
    line_ids = fields.One2many("ctsp.crypto.status.line", "status_id", "Providers", readonly=True)

    @api.depends("ready")
    def _compute_display_name(self):
        for status in self:
            status.display_name = self.env._("State of Cryptography")

    @api.model
    def _port_names(self):
        """Return what people call the ports of the package."""
        return {
            "digester": self.env._("Digests"), "macer": self.env._("Authentication codes"),
            "cipher": self.env._("Encryption"), "signer": self.env._("Signatures"),
            "verifier": self.env._("Verifying signatures"), "public_key_cipher": self.env._("Public-key encryption"),
            "key_agreement": self.env._("Key agreement"), "key_maker": self.env._("Making keys"),
            "random_source": self.env._("Random numbers"), "certificate_verifier": self.env._("Certificates"),
            "time_stamper": self.env._("Time stamps")}

    @api.model
    def _test_name(self, name):
        """Return how people call a self-test of the package: ``sm2 verification refusal``."""
        words = {
            "refusal": self.env._("wrong input refused"), "verification": self.env._("verification"),
            "signature": self.env._("signature"), "decryption": self.env._("decryption"),
            "random": self.env._("random numbers"),
        }
        algorithm, *rest = name.split(" ")
        return " ".join([words.get(algorithm, algorithm.upper()), *(words.get(word, word) for word in rest)])

    @api.model
    def action_open(self):
        """Ask everything now and show it; the security administrator's menu."""
        self.check_access("create")
        status = self.create({})
        status.sudo()._ask()  # superuser: keys and evidence are read by the engine
        return {"type": "ir.actions.act_window", "name": self.env._("State of Cryptography"), "res_model": self._name,
                "res_id": status.id, "views": [(False, "form")], "target": "current"}

    def action_again(self):
        """Run the self-tests again."""
        self.ensure_one()
        self.check_access("write")
        return self.action_open()

    def action_paper(self):
        """Print what an assessor (密评) asks for: keys, algorithms, coverage, last verification, as of now."""
        self.ensure_one()
        self.check_access("write")
        self.env["ctsp.crypto.coverage"].sudo()._refresh()  # superuser: counts over all rows
        return self.env.ref("ctsp_crypto.ctsp_crypto_status_report_action").report_action(self)

    def _paper_purposes(self):
        """Return a row for each purpose: its algorithm, version in use, since when, and where the key lies."""
        purposes = self.env["ctsp.crypto.purpose"].sudo().search([])  # superuser: whoever may print reads keys
        labels = dict(purposes._fields["algorithm"]._description_selection(self.env))
        return [{
            "name": one.name, "algorithm": labels.get(one.algorithm, one.algorithm), "domain": one.domain,
            "version": one.version, "outside": bool(one.locators),
            "made_on": max(one.key_ids.filtered("made_on").mapped("made_on"), default=False),
        } for one in purposes]

    def _paper_certificates(self):
        return self.env["ctsp.crypto.certificate"].sudo().search([])  # superuser: as above; certificates are public

    def _paper_coverage(self):
        return self.env["ctsp.crypto.coverage"].sudo().search([])  # superuser: counts

    def _ask(self):
        lines = self._lines()
        try:
            about, problems = machine.root().describe(), self.env["ctsp.crypto.key"]._problems()
        except CryptoError as error:
            about, problems = {"kind": "missing"}, [str(error)]
        verifications = self.env["ctsp.integrity.verification"]
        last = verifications.search([("state", "in", ("intact", "broken"))], limit=1)
        self.write({
            "ready": all(line["ready"] for line in lines) and not problems, "problems": "\n".join(problems),
            "root": self._told(about), "software": about["kind"] == "file",
            "key_count": self.env["ctsp.crypto.key"].search_count([("state", "=", "active")]),
            "queued_count": self.env["ctsp.integrity.signature"]._queued_count(),
            "owed_count": self.env["ctsp.crypto.stamp"].search_count([("state", "=", "owed")]),
            "verification_id": last.id,
            "alert_count": self.env["ctsp.integrity.issue"].search_count([("state", "=", "open")]),
            "line_ids": [fields.Command.create(line) for line in lines]})

    def _told(self, about):
        if about["kind"] == "file":
            checks = "、".join(f"#{version} {check}" for version, check in about["check_values"].items())
            return self.env._("File outside the database, check values %(checks)s", checks=checks)
        if about["kind"] == "provider":
            return self.env._("Kept by “%(provider)s”", provider=about["provider"])
        return self.env._("Missing")

    def _provider_name(self, name):
        kinds = {"standard": self.env._("Software"), "sdf": self.env._("Cryptographic device"),
                 "cloud": self.env._("Cryptographic service")}
        return f"{kinds[name]}（{name}）" if name in kinds else name

    def _lines(self):
        choice = machine.providers().choice
        passed = self.env._("passed")
        return [{
            "name": self._provider_name(health.provider), "ready": health.ready, "detail": health.detail,
            "tests": "\n".join(f"{self._test_name(name)}：{problem or passed}" for name, problem in health.checks),
        } for health in choice.start()]


class CryptoStatusLine(models.TransientModel):
    """One provider and its self-test."""

    _name = "ctsp.crypto.status.line"
    _description = "State of a Provider"

    status_id = fields.Many2one("ctsp.crypto.status", required=True, ondelete="cascade", index=True)
    name = fields.Char("Provider", readonly=True)
    ready = fields.Boolean("Self-test Passed", readonly=True)
    detail = fields.Char(readonly=True)
    tests = fields.Text("Self-tests", readonly=True)
