"""What belongs to the platform and to no institution: set-up, dictionaries, law, people's own work."""

from .access import business_models

SECOND = "owned by the second database role: a row made here could not be taken back"
FINISHED = "statistics of what is finished; what the test's institutions have is under way"
SIGN_IN = "kept by the sign-in alone, about an account and no institution; tested in ctsp_auth"
VERIFIED = "written by the verification of the platform's evidence alone; tested in ctsp_crypto"
EXCHANGED = "kept by the engine about other systems and no institution; tested in ctsp_exchange"
HOST = "written by what watches the server from outside; tested in ctsp_audit"

WITHOUT = {
    "ctsp.audit.archive": SECOND,
    "ctsp.audit.event": "the kernel's log before the audit addon takes over: append-only, of no institution",
    "ctsp.audit.log": SECOND,
    "ctsp.audit.seal": SECOND,
    "ctsp.business.file": "what came from the business platform, read by the engine alone; of no institution",
    "ctsp.admin.message": "messages as the exchange engine keeps them; the rows follow those",
    "ctsp.business.message": "messages as the exchange engine keeps them; the rows follow those",
    "ctsp.clause.report": FINISHED,
    "ctsp.inspection.object.report": FINISHED,
    "ctsp.inspection.report": FINISHED,
    "ctsp.inspector.report": FINISHED,
    "ctsp.plan.report": FINISHED,
    "ctsp.progress": "written on a cursor of its own: a row would outlive the test",
    "ctsp.studio.field": "making one changes the database's tables and every model's fields",
    "ctsp.studio.option": "a choice of a field of ctsp.studio.field",
}
"""models no record is made of here, and why; the table holds the rights on the model alone"""
FAMILIES = {
    "ctsp.audit.host": HOST,
    "ctsp.auth.": SIGN_IN,
    "ctsp.security.mark": "made by the platform, of no institution; tested in ctsp_crypto",
    "ctsp.crypto.": "keys and what they are for: made in ceremonies, of no institution; tested in ctsp_crypto",
    "ctsp.exchange.": EXCHANGED,
    "ctsp.integrity.": VERIFIED,
}
"""likewise, by how the names of the models begin"""


def may_lack(model):
    """Say whether there is a reason why the world has no record of ``model``."""
    return model in WITHOUT or model.startswith(tuple(FAMILIES))


class Platform:
    """Part of :class:`World`."""

    def share(self, model, record):
        """Remember a record that is nobody's own."""
        assert record, model
        self.records[model] = record
        self.shared.add(model)
        return record

    def platform(self):
        self.clauses()
        self.rules()
        self.own_work()
        self.watched()
        self.people_of_the_app()
        self.tasks()
        self.shipped()

    def shipped(self):
        """Rows that ship with the platform, and those that engines keep: any one of them stands for all."""
        for model in business_models(self.env):
            if not self.records.get(model) and not may_lack(model):
                record = self.env[model].with_context(active_test=False).search([], limit=1)
                if record:
                    self.share(model, record)

    def clauses(self):
        """Clauses of the library this world was inspected by: read by all of the supervision."""
        clause = self.records["ctsp.inspection.line"].clause_id
        self.share("ctsp.clause", clause)
        self.share("ctsp.clause.section", clause.section_id)
        self.share("ctsp.clause.library", clause.library_id)
        self.share("ctsp.checklist", self.env["ctsp.checklist"].create({
            "name": f"Check list {self.mark}", "library_id": clause.library_id.id}))
        self.share("ctsp.finding.phrase", self.env["ctsp.finding.phrase"].create({
            "clause_id": clause.id, "text": f"Phrase {self.mark}"}))

    def rules(self):
        self.share("ctsp.risk.rule", self.env["ctsp.risk.rule"].search([], limit=1))
        rules = self.env["ctsp.workflow.rule"]
        key = rules._fields["key"].get_values(self.env)[0]
        self.share("ctsp.workflow.rule", rules.search([("key", "=", key)]) or rules.create({"key": key}))
        menu = self.env.ref("ctsp_base.menu_root_registry")
        menus = self.env["ctsp.studio.menu"]
        self.share("ctsp.studio.menu", menus.search([("menu_id", "=", menu.id)]) or menus.create({"menu_id": menu.id}))
        self.share("ctsp.organization", self.env["ctsp.trial.party"].browse(
            self.records["ctsp.trial.party"].id).organization_id)
        self.share("ctsp.account", self.env["ctsp.account"].search([("login", "=", self.user.login)]))

    def own_work(self):
        """What belongs to the person who made it, here the superuser: nobody else reads it."""
        before = set(self.records)
        self.make("ctsp.query", name=f"Query {self.mark}")
        self.make("ctsp.document.batch", name=f"Batch {self.mark}")
        self.make("ctsp.import.mapping", name=f"Matching {self.mark}", res_model="ctsp.organization", lines=[])
        self.make("ctsp.export.job", name=f"Export {self.mark}", res_model="ctsp.organization")
        link = {"job_id": self.make("ctsp.import.job", res_model="ctsp.organization").id}
        self.make("ctsp.import.sheet", **link, name="Sheet")
        self.make("ctsp.import.target", **link, field_name="name", label="Name")
        self.make("ctsp.import.column", **link, position=0, header="Name")
        self.make("ctsp.import.row", **link, number=1, state="new")
        self.personal = set(self.records) - before

    def tasks(self):
        """What the inspection system and the business platform sent; the regulator's people read it."""
        task = self.env["ctsp.admin.task"].create({"number": f"T{self.mark}", "name": "Task", "kind": "routine"})
        self.share("ctsp.admin.task", task)
        self.share("ctsp.admin.task.line", self.env["ctsp.admin.task.line"].create(
            {"task_id": task.id, "name": f"Enterprise {self.mark}"}))
        item = self.env["ctsp.business.item"].create({
            "number": f"I{self.mark}", "name": "Item", "kind": "other", "note": "What is asked for"})
        self.share("ctsp.business.item", item)

    def people_of_the_app(self):
        """Whom the mobile APP sent, and the rule that opens accounts to them."""
        self.make("ctsp.app.person", subject=f"p{self.mark}", name=f"Person {self.mark}")
        roles = self.env["ctsp.role"].search([("kind", "=", "business")], limit=1)
        self.make("ctsp.app.rule", name=f"Rule {self.mark}", posts=f"Post {self.mark}", role_ids=[(6, 0, roles.ids)])

    def watched(self):
        """What the audit administrator looks at."""
        self.make("ctsp.audit.alert", name=f"Alert {self.mark}", kind="failed_login", who=self.mark)
        link = {"verification_id": self.make("ctsp.audit.verification", scope="recent").id}
        kinds = self.env["ctsp.audit.verification.issue"]._fields["kind"].get_values(self.env)
        self.make("ctsp.audit.verification.issue", **link, kind=kinds[0])
