from collections import Counter
from itertools import islice

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ctsp_dataset.tools.intake import FINDINGS_KEPT
from odoo.addons.ctsp_dataset.tools.outcome import Outcome

from .desk import FILINGS

REASON = "机构系统报送（回执 {}）"
FOREIGN = "统一社会信用代码与登记的不一致，请确认是否变更"
UNUSED = "没有一行能写入备案申请，请按问题清单改正后重新报送"
HEADER = ("name", "uscc", "is_cdc", "address", "office_phone", "website", "bed_count")
COMMITTEE = (
    "name", "filing_no", "address", "term_from", "term_to", "charter_version", "charter_date", "sop_version",
    "sop_date", "contact_name", "contact_phone")
MEMBER = ("name", "gender", "role", "is_external", "employer", "gcp_date")


class DatasetSubmission(models.Model):
    """机构基本信息, 专业组, 伦理委员会: a draft of a change filing, which the institution looks over and hands in.

    管理规定 (2019年第101号): changes of what is filed are filed. Nothing of it reaches the registry before an officer
    approves. One draft collects what the three data sets bring; what says the same as the registry makes none.
    """

    _inherit = "ctsp.dataset.submission"

    def _numbered(self):
        super()._numbered()
        filings = self.link_ids.filtered(lambda link: link.res_model == "ctsp.filing").mapped("res_id")
        unnamed = REASON.format(self.request_id)
        self.env["ctsp.filing"].browse(filings).filtered(
            lambda filing: filing.reason == unnamed).reason = REASON.format(self.number)

    def _test_problems(self):
        """The registry stays out of tests, but for whose code a program sends: in earnest it is too late."""
        found = super()._test_problems()
        known = self.dataset_id.handler == "filing_institution" and self._own_institution().uscc
        if not known:
            return found
        foreign = (number for number, row in self._accepted_rows() if row["uscc"] != known)
        return found + [(number, "uscc", FOREIGN, "请改用本机构的代码；示例数据中的代码是虚构的")
                        for number in islice(foreign, FINDINGS_KEPT)]

    def _handle_filing_institution(self, rows):
        return self._into_filing(rows, self._propose_institution)

    def _handle_filing_specialty(self, rows):
        return self._into_filing(rows, self._propose_specialty)

    def _handle_filing_committee(self, rows):
        return self._into_filing(rows, self._propose_committee)

    def _into_filing(self, rows, propose):
        """Let ``propose(filing, row, problem)`` put each row into the draft."""
        outcome, institution = Outcome(), self._own_institution()
        if institution.state != "filed":
            outcome.text, outcome.failed = "登记库中没有已备案的本机构，数据已留存；首次备案请在平台上填报", True
            return outcome
        filing = self._open_draft(institution)
        made = not filing
        filing = filing or self.env["ctsp.filing"].create({
            "kind": "change", "institution_id": institution.id, "reason": REASON.format(self._source())})
        numbers = []
        for number, row in rows:
            try:
                with self.env.cr.savepoint():
                    propose(filing, row, lambda path, text, number=number: outcome.problem(number, path, text))
                    self.env.flush_all()
                numbers.append(number)
            except UserError as error:
                outcome.problem(number, "", f"未能写入备案申请：{error}")
        if not any(row._changed_names() for row in filing._proposals()):
            if made:
                filing.unlink()
            outcome.text, outcome.failed = "与登记信息一致，无需变更备案" if numbers else UNUSED, not numbers
            return outcome
        if not numbers:
            outcome.text, outcome.failed = UNUSED, True
            return outcome
        outcome.links = [(number, filing) for number in numbers]
        outcome.text = f"已生成变更备案草稿（{institution.name}），请登录平台核对后提交"
        self.env["ctsp.desk.notice"]._send(filing, FILINGS, outcome.text, None, "info")
        return outcome

    def _open_draft(self, institution):
        """Return the draft that an earlier submission began, if it is still a draft."""
        links = self.env["ctsp.dataset.link"].search([
            ("res_model", "=", "ctsp.filing"), ("submission_id.partner_id", "=", self.partner_id.id)])
        return self.env["ctsp.filing"].search([
            ("id", "in", links.mapped("res_id")), ("state", "=", "draft"), ("kind", "=", "change"),
            ("institution_id", "=", institution.id)], limit=1)

    # ------------------------------------------------------------------
    # One row
    # ------------------------------------------------------------------
    def _propose_institution(self, filing, row, problem):
        if row["uscc"] != filing.institution_id.uscc and filing.institution_id.uscc:
            problem("uscc", FOREIGN)
        vals = {name: row[name] for name in HEADER if name in row}
        vals |= self._coded(row, {"level": ("institution_level", "level_id"), "kind": ("institution_kind", "kind_id")})
        if district := self._district(row, problem):
            vals["district_id"] = district.id
        filing._push(filing, vals, lambda name, text: problem(name.removesuffix("_id"), text))
        for site in row.get("sites", []):
            line = filing.site_ids.filtered(lambda it, site=site: it.name == site["name"])[:1]
            values = {"name": site["name"], "address": site["address"], "is_main": site["is_main"]}
            if district := self._district(site, problem):
                values["district_id"] = district.id
            self._put(line, values, filing, lambda _name, text: problem("sites", text))
        for licence in row.get("licences", []):
            kind = self._coded(licence, {"kind": ("licence_kind", "kind_id")})
            line = filing.licence_ids.filtered(
                lambda it, kind=kind: it.kind_id.id == kind["kind_id"])[:1]
            names = ("number", "issuer", "valid_from", "valid_to")
            self._put(line, {**kind, **{name: licence[name] for name in names if name in licence}}, filing,
                      lambda _name, text: problem("licences", text))

    def _propose_specialty(self, filing, row, problem):
        line = filing.specialty_ids.filtered(lambda it: it.name == row["name"])[:1]
        values = {name: row[name] for name in ("name", "is_drug", "is_device", "bed_count", "base_note") if name in row}
        discipline = self.env["ctsp.discipline"].search(
            ["|", ("code", "=", row["discipline"]), ("name", "=", row["discipline"])], limit=1)
        if discipline:
            values["discipline_id"] = discipline.id
        elif not line:
            problem("discipline", f"诊疗科目“{row['discipline']}”不在字典中，该专业未写入备案申请")
            return
        else:
            problem("discipline", f"诊疗科目“{row['discipline']}”不在字典中，保留原科目")
        values["pi_line_id"] = self._person_line(filing, row, problem).id
        names = [name.strip() for name in row.get("site_names", "").split("、") if name.strip()]
        sites = filing.site_ids.filtered(lambda it: it.name in names)
        if names:
            values["site_line_ids"] = [(6, 0, sites.ids)]
        for name in sorted(set(names) - set(sites.mapped("name"))):
            problem("site_names", f"没有院区“{name}”")
        self._put(line, values, filing, problem)

    def _person_line(self, filing, row, problem):
        line = filing.person_ids.filtered(lambda it: it.name == row["pi_name"])
        if len(line) > 1:
            text = f"备案申请中有{len(line)}名“{row['pi_name']}”，无法确定是哪一位，请在平台上填报"
            raise UserError(text)
        values = {"name": row["pi_name"], **self._coded(row, {"pi_title": ("professional_title", "title_id")})}
        if row.get("pi_gcp_date"):
            values["gcp_date"] = row["pi_gcp_date"]
        return self._put(line, values, filing, lambda _name, text: problem("pi_name", text))

    def _propose_committee(self, filing, row, problem):
        line = filing.committee_ids.filtered(lambda it: it.name == row["name"])[:1]
        line = self._put(line, {name: row[name] for name in COMMITTEE if name in row}, filing, problem)
        given = Counter(member["name"] for member in row["members"])
        for member in row["members"]:
            same = line.member_ids.filtered(lambda it, member=member: it.name == member["name"])
            if given[member["name"]] > 1 or len(same) > 1:
                problem("members", f"有多名委员“{member['name']}”，无法确定是哪一位，未写入，请在平台上填报")
                continue
            values = {name: member[name] for name in MEMBER if name in member}
            values |= self._coded(member, {"background": ("member_background", "background_id")})
            if same:
                filing._push(same, values, lambda _name, text: problem("members", text))
            else:
                filing._note_pushed(
                    line.member_ids.create({**values, "committee_line_id": line.id}), values)
        gone = line.member_ids.filtered(lambda it: it.name not in {member["name"] for member in row["members"]})
        for member in gone:
            problem("members", f"登记的委员“{member.name}”不在报送数据中；如已离任，请在备案申请中勾选移除")

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------
    def _put(self, line, values, filing, tell):
        """Change a row of the draft, or add it."""
        if line:
            filing._push(line, values, tell)
            return line
        line = line.create({**values, "filing_id": filing.id, "sequence": 99})
        filing._note_pushed(line, values)
        return line

    def _coded(self, row, places):
        items = self.env["ctsp.dictionary.item"]
        return {name: items._item(dictionary, row[code]).id
                for code, (dictionary, name) in places.items() if row.get(code)}

    def _district(self, row, problem):
        if not row.get("district_code"):
            return None
        district = self.env["ctsp.district"].search([("code", "=", row["district_code"])], limit=1)
        if not district:
            problem("district_code", f"行政区划代码“{row['district_code']}”不在字典中")
        return district
