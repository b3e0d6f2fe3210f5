from odoo import fields, http
from odoo.http import content_disposition, request

from ..tools import compare, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {
    "section_name": 14, "number": 7, "object": 9, "point": 20, "content": 44, "grade": 9, "basis": 26,
    "article_ids": 18, "frequent_text": 34, "guidance": 40, "photo_required": 8}
COMPARED = ("ctsp.clause.compare", "ctsp.law.compare")


class Workbook(http.Controller):
    """Clause libraries and comparisons as workbooks; the rights of the reader decide."""

    @http.route("/ctsp/clause/library/<int:library_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def library(self, library_id):
        """Send a library, one row a clause, under headers by which it can be imported again."""
        library = request.env["ctsp.clause.library"].browse(library_id).exists()
        if not library or not library.has_access("read"):
            raise request.not_found()
        return self._answer(library.complete_name, self._library_file(library))

    def _library_file(self, library):
        env = library.env
        model = env["ctsp.clause"]
        labels = {name: model._fields[name]._description_string(env) for name in WIDTHS}
        rows = [self._clause_row(clause) for clause in library.clause_ids.sorted()]
        status = dict(library._fields["status"]._description_selection(env))[library.status]
        counts = f"★★ {library.critical_count} · ★ {library.major_count} · {library.minor_count}"
        return workbook.table(
            library.complete_name, f"{status} · {library.code} · {counts} · {fields.Date.context_today(library)}",
            [(labels[name], width) for name, width in WIDTHS.items()], rows)

    def _clause_row(self, clause):
        env = clause.env
        options = {name: dict(clause._fields[name]._description_selection(env)) for name in ("object", "grade")}
        shown = {
            "object": options["object"][clause.object], "grade": options["grade"][clause.grade],
            "article_ids": "、".join(clause.article_ids.mapped("complete_name")),
            "photo_required": env._("Yes") if clause.photo_required else env._("No")}
        return [shown[name] if name in shown else clause[name] or "" for name in WIDTHS]

    @http.route("/ctsp/clause/compare/<string:model>/<int:compare_id>", type="http", auth="user", methods=["GET"])
    def comparison(self, model, compare_id):
        """Send an own comparison of two versions."""
        if model not in COMPARED:
            raise request.not_found()
        wizard = request.env[model].browse(compare_id).exists()
        if not wizard or wizard.create_uid != request.env.user:
            raise request.not_found()
        env = request.env
        title = env._("Comparison")
        return self._answer(
            f"{title} {wizard.left_id.display_name} – {wizard.right_id.display_name}",
            self._comparison_file(wizard, title),
        )

    def _comparison_file(self, wizard, title):
        env, labels = wizard.env, wizard._labels()
        kinds = {
            "added": env._("Added"),
            "removed": env._("Removed"),
            "changed": env._("Changed"),
            "same": env._("The Same"),
        }
        pairs = [pair for pair in wizard._pairs() if pair.kind != compare.SAME or wizard.show_same]
        rows = [[kinds[pair.kind], *[self._cell(pair, name) for name in labels]] for pair in pairs]
        widths = {"content": 50, "text": 80, "guidance": 40, "point": 20, "basis": 26}
        return workbook.table(
            title, f"{wizard.left_id.display_name} → {wizard.right_id.display_name}",
            [(env._("Change"), 8), *[(label, widths.get(name, 12)) for name, label in labels.items()]], rows,
            lambda number: pairs[number].kind)

    def _cell(self, pair, name):
        if pair.kind == compare.CHANGED and name in pair.fields:
            return list(compare.text_diff(pair.old["values"].get(name), pair.new["values"].get(name)))
        return (pair.new or pair.old)["values"].get(name) or ""

    def _answer(self, name, content):
        return request.make_response(content, [
            ("Content-Type", XLSX), ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ("Cache-Control", "no-store")])
