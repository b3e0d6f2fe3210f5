from odoo.tests import TransactionCase, tagged

#: a class that inherits one of these decides, belongs to somebody, opens something or is evidence
MATTERS = (
    "ctsp.workflow.mixin", "ctsp.owned.mixin", "ctsp.part.mixin", "ctsp.file.mixin", "ctsp.append.mixin",
    "ctsp.personal.mixin", "ctsp.encrypted.mixin", "ctsp.auth.sealed.mixin", "ctsp.integrity.mixin",
    "ctsp.trace.mixin")
#: model → why its rows carry no evidence of their own
REASONS = {
    "ctsp.dataset.call": "calls with test keys, kept for 90 days: working aids of developers",
    "ctsp.dataset.delivery": "which message was sent where; the message is the evidence",
    "ctsp.dataset.file": "what people have checked and send; what was sent is the submission, which is protected",
    "ctsp.dataset.finding": "what a check of a submission said: made anew by checking it again",
    "ctsp.desk.notice": "a message that something happened; what happened is protected where it did",
    "ctsp.exchange.refusal": "counts of what was refused and not kept, added to each time, for 90 days",
    "ctsp.exchange.try": "appended to by the platform alone; what it is about stands in the sealed log as well",
    "ctsp.export.job": "work under way and its file, wiped after some days",
    "ctsp.import.column": "work under way; what is imported is protected where it goes",
    "ctsp.import.row": "work under way; what is imported is protected where it goes",
    "ctsp.institution.former.name": "stands in the institution's versions, which are protected",
    "ctsp.tag.log": "who tagged what: working aids; each row stands in the sealed log as well",
    "ctsp.workflow.log": "each step stands in the sealed log as well, with who, when and from where",
}


@tagged("post_install", "-at_install")
class TestProtection(TransactionCase):
    """What matters is protected, or somebody said why not."""

    def test_every_model_that_matters(self):
        matters = {name for name in self.env.registry.descendants(MATTERS, "_inherit") if self.is_stored(name)}
        protected = {name for name in self.env.registry if self.env[name]._integrity_fields}
        bare = matters - protected - REASONS.keys()
        self.assertFalse(bare, "declare _integrity_fields, or give the reason in REASONS")
        self.assertFalse(REASONS.keys() & protected, "protected by now: their reason is out of date")
        self.assertFalse(REASONS.keys() - matters, "no such model any more")

    def test_fields_have_columns(self):
        """What a class names can be read: a name without a column would be left out silently."""
        for name, protection in self.env["ctsp.integrity"]._map().models.items():
            model = self.env[name]
            for version, names in model._integrity_fields.items():
                self.assertEqual(protection.versions[version], tuple(names), name)

    def is_stored(self, name):
        model = self.env[name]
        return name.startswith("ctsp.") and not name.startswith("ctsp.test.") and model._auto and not (
            model._abstract or model._transient)
