from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.defaults import without_defaults
from ..tools.import_engine import ImportEngine
from ..tools.import_plan import BAD, CHANGED, NEW, UNCHANGED
from ..tools.model_names import named

AT_ONCE = 300  # rows; more than this is done in the background
KEEP_DAYS = 180
USER_FIELDS = {"res_model", "file", "file_name", "sheet_id", "mode", "clear_empty", "column_ids", "mapping_id"}


class ImportJob(models.Model):
    """One import, from the uploaded file to its undo.

    The user goes 上传 → 对应列 → 试运行 → 导入; ``pending`` says which work the background job does.
    Files and row values are copies of data: they go after half a year, the counts stay.
    """

    _name = "ctsp.import.job"
    _inherit = ["ctsp.job.mixin"]
    _description = "Import"
    _order = "id desc"

    name = fields.Char("Title", compute="_compute_name")
    res_model = fields.Selection(selection="_selection_models", string="Data", required=True, index=True)
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    state = fields.Selection(
        [("upload", "Upload"), ("mapping", "Match Columns"), ("tested", "Dry Run"), ("running", "Importing"),
         ("done", "Done"), ("undone", "Undone")],
        default="upload", required=True, readonly=True, copy=False, index=True)
    pending = fields.Selection(
        [("test", "Dry Run"), ("run", "Import"), ("undo", "Undo")], "Work", readonly=True, copy=False)
    mode = fields.Selection(
        [("all", "All or nothing"), ("good", "Good rows only")], "Bad Rows", default="all", required=True,
        help="All or nothing: one bad row stops the import. Good rows only: bad rows are left out and reported.")
    clear_empty = fields.Boolean("Empty Cells Clear Values", help="Otherwise an empty cell leaves what is stored.")
    sheet_ids = fields.One2many("ctsp.import.sheet", "job_id", "Sheets", readonly=True)
    sheet_id = fields.Many2one("ctsp.import.sheet", domain="[('job_id', '=', id)]", copy=False)
    header_row = fields.Integer(readonly=True, copy=False)
    file_rows = fields.Integer("Rows in the File", readonly=True, copy=False)
    column_ids = fields.One2many("ctsp.import.column", "job_id", "Columns", copy=False)
    target_ids = fields.One2many("ctsp.import.target", "job_id", "Fields", readonly=True)
    mapping_id = fields.Many2one(
        "ctsp.import.mapping", "Saved Matching", domain="[('res_model', '=', res_model)]", ondelete="set null")
    row_ids = fields.One2many("ctsp.import.row", "job_id", "Result", readonly=True)
    new_count = fields.Integer("New", readonly=True, copy=False)
    changed_count = fields.Integer("Changed", readonly=True, copy=False)
    unchanged_count = fields.Integer("Unchanged", readonly=True, copy=False)
    bad_count = fields.Integer("Bad", readonly=True, copy=False)
    notice = fields.Text(readonly=True, copy=False)
    imported_at = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _selection_models(self):
        """Models with the import mixin that the user may create records of."""
        registry = self.env.registry
        names = [name for name in registry.descendants(["ctsp.import.mixin"], "_inherit")
                 if not registry[name]._abstract and (self.env.su or self.env[name].has_access("create"))]
        return named(self.env, names)

    @api.depends("res_model", "file_name")
    def _compute_name(self):
        names = dict(self._selection_models())
        for job in self:
            job.name = " · ".join(filter(None, [names.get(job.res_model, job.res_model), job.file_name]))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_engine_fields(vals)
        jobs = self if self.env.su else without_defaults(self, USER_FIELDS | self._started_from())
        return super(ImportJob, jobs).create(vals_list)

    def write(self, vals):
        self._refuse_engine_fields(vals)
        return super().write(vals)

    @api.model
    def _started_from(self):
        """Return the fields that say from where an import was started; known by defaults only, fixed afterwards."""
        return frozenset()

    @api.model
    def _refuse_engine_fields(self, vals):
        """Users fill in the form; what happened is written by the engine alone."""
        foreign = set(vals) - USER_FIELDS
        if foreign and not self.env.su:
            raise AccessError(self.env._("The result of an import cannot be edited."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_run(self):
        if not self.env.su and any(job.state not in ("upload", "mapping") for job in self):
            raise UserError(self.env._("An import that has been run is part of the record and cannot be deleted."))

    def _target(self):
        """Return the empty recordset to import into, in the importing user's environment."""
        if self.res_model not in dict(self._selection_models()):
            raise UserError(self.env._("You may not import this data."))
        return self.env[self.res_model].with_context(import_file=True, mail_create_nosubscribe=True)

    # -- steps ------------------------------------------------------------------------------------

    def action_test(self):
        """Dry run: everything is tried, nothing is kept."""
        return self._begin("test", ("mapping", "tested"))

    def action_run(self):
        """Import for good."""
        return self._begin("run", ("tested",))

    def action_undo(self):
        """Take the import back; only the last one of this data, and only once."""
        self._refuse_undo()
        return self._begin("undo", ("done",))

    def action_back(self):
        """Return to the matching of columns."""
        self.check_access("write")
        self.filtered(lambda job: job.state == "tested" and job.job_state not in ("queued", "running")).sudo().write(
            {"state": "mapping", "notice": False})  # the engine's field

    def action_upload_again(self):
        """Return to the first step, to upload a corrected file."""
        self.check_access("write")
        self.filtered(lambda job: job.state in ("mapping", "tested")).sudo().write(
            {"state": "upload", "notice": False, "file": False, "file_name": False})  # the engine's field

    def action_save_mapping(self):
        """Keep this matching of columns under a name, to be chosen again or shared."""
        self.ensure_one()
        self.check_access("write")
        self.mapping_id = self.env["ctsp.import.mapping"]._save_from(self)

    def _begin(self, work, states):
        self.ensure_one()
        self.check_access("write")
        if self.state not in states or self.job_state in ("queued", "running"):
            raise UserError(self.env._("This step is not possible now."))
        if work != "undo":
            self._mapped_columns()
            self.env["ctsp.import.mapping"]._remember(self)
        self.sudo().write({"pending": work, "notice": False, "job_state": "idle"})  # the engine's fields
        self._job_start(background=self.file_rows > AT_ONCE)
        return True

    def _job_title(self):
        works = dict(self._fields["pending"]._description_selection(self.env))
        return f"{works[self.pending]}: {self.name}"

    def _job_size(self):
        return self.file_rows * 2

    def _job_execute(self, progress):
        {"test": self._execute_test, "run": self._execute_run, "undo": self._execute_undo}[self.pending](progress)
        progress.result({
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [[False, "form"]]})

    # -- the work ---------------------------------------------------------------------------------

    def _plan_and_apply(self, progress, keep):
        """Plan and apply in a savepoint that stays only when ``keep(plans)`` says so. Return the plans."""
        table = self._read_table()
        engine = ImportEngine(self._target(), self._mapped_columns(), self.clear_empty)
        plans = engine.plan(table.rows, progress)
        savepoint = self.env.cr.savepoint()
        try:
            engine.apply(plans, progress)
            kept = keep(plans)
        except BaseException:
            savepoint.close(rollback=True)
            raise
        savepoint.close(rollback=not kept)
        if not kept:
            self.env.registry.clear_all_caches()
            self.env.registry.reset_changes()
        return plans

    def _execute_test(self, progress):
        plans = self._plan_and_apply(progress, lambda _plans: False)
        self._keep_result(plans, done=False)
        self.sudo().write({"state": "tested"})  # the engine's field

    def _execute_run(self, progress):
        def keep(plans):
            return self.mode == "good" or not any(plan.state == BAD for plan in plans)

        plans = self._plan_and_apply(progress, keep)
        kept = keep(plans)
        self._keep_result(plans, done=kept)
        values = {"state": "done", "imported_at": fields.Datetime.now()} if kept else {
            "state": "tested", "notice": self.env._("Nothing was imported: the file has bad rows.")}
        self.sudo().write(values)  # the engine's fields
        if kept:
            self._log_import()

    def _keep_result(self, plans, done):
        counts = {state: sum(plan.state == state for plan in plans) for state in (NEW, CHANGED, UNCHANGED, BAD)}
        job = self.sudo()  # the result is the engine's
        job.row_ids.unlink()
        self.env["ctsp.import.row"].sudo()._keep(self, plans, done)
        job.write({f"{state}_count": count for state, count in counts.items()})

    def _log_import(self):
        port = self.env.get("ctsp.audit.port")
        if port is not None:
            port._log(
                "import", None, model=self.res_model, file=self.file_name, new=self.new_count,
                changed=self.changed_count, bad=self.bad_count)

    def _job_failed(self, message):
        self.sudo().write({"notice": message})  # the engine's field

    @api.autovacuum
    def _gc_copies(self):
        """Drop the copies of data that old imports hold."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = self.search([("create_date", "<", limit), ("job_state", "not in", ("queued", "running"))])
        old.row_ids.unlink()
        old.filtered("file_name").write({"file": False})
