"""What bad inputs are set on: one complete record of each model, and a picture of everything they must not change."""
import hashlib

from odoo.fields import Command
from odoo.tools import SQL

from .bad_inputs import BASE, CTR, HOME, OLD, OTHER, RECORD_NO, USCC

WATCHED = ("mail_message", "mail_mail", "mail_followers", "mail_activity", "mail_notification", "mail_tracking_value",
           "res_partner", "ir_attachment")
NOT_WATCHED = ("ctsp_audit%", "ctsp_auth%", "ctsp_integrity%", "ctsp_import%", "ctsp_progress%", "ctsp_test%")
"""refusals are written to the log, and calls to the evidence of access, on purpose; imports keep their own rows"""


class BadWorld:
    """Records that exist, by the names the table uses, and one of each model to write on."""

    def __init__(self, env):
        self.env = env
        home, other = env["ctsp.institution"].create([
            {"name": HOME, "uscc": USCC, "record_no": RECORD_NO}, {"name": OTHER}])
        item = env["ctsp.dictionary.item"]
        dictionaries = env["ctsp.dictionary"].create([
            {"code": "bad_one", "name": "规则字典甲"}, {"code": "bad_two", "name": "规则字典乙"}])
        taken, alien = item.create([
            {"dictionary_id": dictionary.id, "code": "taken", "name": "已有项"} for dictionary in dictionaries])
        disciplines = env["ctsp.discipline"].create([
            {"code": "98", "name": "规则科目"}, {"code": "98.09", "name": "规则二级科目"}])
        person, stranger = env["ctsp.person"].create([
            {"name": "规则人员（示例）", "institution_id": home.id},
            {"name": "外人（示例）", "institution_id": other.id}])
        specialty = env["ctsp.specialty"].create({"institution_id": home.id, "discipline_id": disciplines[0].id})
        committee = env["ctsp.ethics.committee"].create({
            "institution_id": home.id, "name": "规则委员会（示例）",
            "member_ids": [Command.create({"name": "主任（示例）", "role": "chair"})]})
        sponsor = env["ctsp.organization"].create({"name": "规则申办方（示例）", "is_sponsor": True})
        trial = env["ctsp.trial"].create({"name": "规则试验（示例）", "ctr_no": CTR})
        site = env["ctsp.trial.site"].create({
            "trial_id": trial.id, "institution_id": home.id, "specialty_id": specialty.id})
        filing = env["ctsp.filing"].create({"kind": "initial", "name": "规则新机构（示例）"})
        filing._set_state("returned", "规则测试")
        proposed = env["ctsp.filing.person"].create({"filing_id": filing.id, "name": "拟任人员（示例）"})
        self.known = {
            "$filing": filing, "$proposed": proposed,
            "$home": home, "$other": other, "$dictionary": dictionaries[0], "$alien": alien, "$person": person,
            "$discipline_b": disciplines[1], "$stranger": stranger, "$specialty": specialty, "$committee": committee,
            "$sponsor": sponsor, "$trial": trial, "$site": site, "$applicant": home.partner_id,
            "$licence_kind": item.search([("dictionary_code", "=", "licence_kind")], limit=1),
            "$post": item.search([("dictionary_code", "=", "post")], limit=1),
        }
        self.records = {"ctsp.institution": home, "ctsp.dictionary.item": taken, "ctsp.trial.site": site}
        env.flush_all()

    def values(self, values):
        """Return ``values`` with the ids of what they name."""
        return {name: self._id(value) for name, value in values.items()}

    def _id(self, value):
        if isinstance(value, str) and value.startswith("$"):
            return self.known[value].id
        if isinstance(value, list):
            return [self._id(one) for one in value]
        return self.values(value) if isinstance(value, dict) else value

    def record(self, model):
        """Return a record to write on, made when first asked for."""
        if model not in self.records:
            self.records[model] = self.env[model].create(self.values({**BASE[model], **OLD.get(model, {})}))
            self.env.flush_all()
        return self.records[model]

    def cell(self, model, name, value):
        """Return what a file says for ``value``."""
        field = self.env[model]._fields[name]
        if isinstance(value, str) and value.startswith("$"):
            record = self.known[value]
            return record.ctr_no if record._name == "ctsp.trial" else record.name
        if field.type == "boolean" and isinstance(value, bool):
            return "是" if value else "否"
        if value is False:
            return ""
        return value

    def picture(self):
        """Return one digest of every column of every row that a refused input must not touch."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                  AND (relname = ANY(%s) OR relname LIKE 'ctsp%%') AND NOT relname LIKE ANY(%s)
                ORDER BY relname""",
            list(WATCHED), list(NOT_WATCHED)))
        parts = [
            SQL("SELECT %s, count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM %s t%s",
                name, SQL.identifier(name),
                SQL(" WHERE t.res_model NOT LIKE 'ctsp.import%%'") if name == "ir_attachment" else SQL())
            for name, in rows]
        content = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return {name: (count, hashlib.sha256((digest or "").encode()).hexdigest()) for name, count, digest in content}
