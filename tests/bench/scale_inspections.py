"""Adds inspections to the scale database: 20,000 over six years with 100 clauses each, 200 inspectors, a finding for
every twentieth clause with its rectification, the metadata of 200,000 photos, and a planned visit each.

Run by ``scale.Scale`` as its last step. Everything is invented.
"""
from datetime import date, datetime, timedelta

from bulk import insert

SIZES = {"inspections": 20000, "inspectors": 200, "clauses": 100, "evidence": 200000}
FIRST_YEAR, LAST_YEAR = 2021, 2026
NONCONFORM = 0.05
SECTIONS = ("组织机构", "人员", "设施设备", "管理制度", "试验用药品", "受试者保护", "数据记录", "质量管理", "伦理审查",
            "档案")
GRADES = ("critical", "major", "major", "minor", "minor", "minor", "minor", "minor", "minor", "minor")
KINDS = ("first", "routine", "routine", "routine", "special", "cause")


class Inspections:
    """One run; ``scale`` gives random numbers, ids and days."""

    def __init__(self, scale, factor):
        self.scale, self.env, self.random = scale, scale.env, scale.random
        self.size = {name: max(int(number * factor), 10) for name, number in SIZES.items()}
        self.size["clauses"] = SIZES["clauses"]

    def build(self):
        for step in (self.library, self.inspectors, self.inspections, self.plans, self.lines, self.findings,
                     self.evidence):
            step()
            self.env.cr.commit()

    # ---- what is inspected by -------------------------------------------------------------------------------------

    def library(self):
        env = self.env
        self.library_id = env["ctsp.clause.library"].create({
            "name": "测试检查要点", "code": "BENCH", "number": "BENCH", "date_from": "2020-01-01",
            "status": "sample"}).id
        sections = env["ctsp.clause.section"].create([
            {"library_id": self.library_id, "name": name, "sequence": number} for number, name in enumerate(SECTIONS)])
        self.clauses = [{
            "section": sections[n % len(SECTIONS)].name, "number": f"{n // 10 + 1}.{n % 10 + 1}",
            "point": f"检查要点{n + 1}", "content": f"检查内容{n + 1}：查看制度、记录和现场。", "grade": GRADES[n % 10],
            "object": "specialty" if n % 2 else "institution"} for n in range(self.size["clauses"])]
        made = env["ctsp.clause"].create([
            {**{name: clause[name] for name in ("number", "point", "content", "grade", "object")},
             "library_id": self.library_id, "section_id": sections[n % len(SECTIONS)].id}
            for n, clause in enumerate(self.clauses)])
        for clause, record in zip(self.clauses, made, strict=True):
            clause["id"] = record.id

    def inspectors(self):
        count = self.size["inspectors"]
        group = self.env.ref("ctsp_base.group_inspector")
        users = self.env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create([
            {"name": f"测试检查员{n:03d}", "login": f"benchinspector{n:03d}", "group_ids": [(6, 0, group.ids)]}
            for n in range(count)])
        self.users = users.ids
        self.inspector_ids = self.env["ctsp.inspector"].with_context(tracking_disable=True).create([
            {"name": user.name, "user_id": user.id, "is_leader": not n % 3, "unit": "测试检查中心"}
            for n, user in enumerate(users)]).ids

    # ---- inspections ----------------------------------------------------------------------------------------------

    def inspections(self):
        known = {row["id"]: row for row in self.env["ctsp.institution"].browse(self.scale.ids["institution"]).read(
            ["name", "district_id", "partner_id"], load=None)}
        specialties = {}
        for specialty, row in zip(self.scale.ids["specialty"], self.scale.specialty_rows, strict=True):
            specialties.setdefault(row["institution_id"], specialty)
        self.rows = [self.inspection(n, known[self.random.choice(self.scale.ids["institution"])])
                     for n in range(self.size["inspections"])]
        self.ids = insert(self.env, "ctsp.inspection", self.rows)
        self.partners = {key: row["partner_id"] for key, row in known.items()}
        self.specialty_of = [specialties.get(row["institution_id"]) for row in self.rows]
        insert(self.env, "ctsp.inspection.member", (
            {"inspection_id": inspection, "inspector_id": self.inspector_ids[who], "user_id": self.users[who],
             "role": "member" if place else "leader", "sequence": place + 1, "declaration": "none"}
            for inspection, team in zip(self.ids, self.teams, strict=True) for place, who in enumerate(team)))
        insert(self.env, "ctsp.inspection.conclusion", (
            {"inspection_id": inspection, "object": "specialty" if specialty else "institution",
             "specialty_id": specialty, "critical": row["critical_count"], "major": row["major_count"],
             "minor": row["minor_count"], "proposed": row["conclusion"], "decided": row["conclusion"]}
            for inspection, row, specialty in zip(self.ids, self.rows, self.specialty_of, strict=True)))

    def inspection(self, number, institution):
        day = date(FIRST_YEAR, 1, 1) + timedelta(
            days=self.random.randrange((date(LAST_YEAR, 9, 1) - date(FIRST_YEAR, 1, 1)).days))
        team = self.random.sample(range(len(self.inspector_ids)), 3)
        self.teams = getattr(self, "teams", [])
        self.teams.append(team)
        end = datetime(day.year, day.month, day.day, 8) + timedelta(days=2)
        kind = self.random.choice(KINDS)
        return {
            "number": f"BENCH{number:06d}", "name": f"{institution['name']}：检查", "kind": kind,
            "regulation_kind": "cause" if kind == "cause" else "routine", "source": "plan",
            "institution_id": institution["id"], "district_id": institution["district_id"],
            "library_id": self.library_id, "leader_id": self.inspector_ids[team[0]],
            "team_names": "、".join(f"测试检查员{who:03d}" for who in team),
            "date_planned_from": day, "date_planned_to": day + timedelta(days=2),
            "date_start": day, "date_end": day + timedelta(days=2), "state": "closed", "state_since": end,
            "submitted_at": end, "approved_at": end + timedelta(days=9),
            "closed_at": end + timedelta(days=self.random.randrange(20, 120)),
            "conclusion": self.random.choice(("pass", "pass", "pass", "rectify", "rectify", "fail")),
            "handling": "rectify", "critical_count": 0, "major_count": self.random.randrange(3),
            "minor_count": self.random.randrange(6), "version": 1,
        }

    def plans(self):
        plans = {year: self.env["ctsp.plan"].create({"kind": "routine", "year": year})
                 for year in range(FIRST_YEAR, LAST_YEAR + 1)}
        for plan in plans.values():
            plan._set_state("published", "测试")
        insert(self.env, "ctsp.plan.line", (
            {"plan_id": plans[row["date_start"].year].id, "kind": "routine", "plan_state": "published",
             "year": row["date_start"].year, "institution_id": row["institution_id"],
             "district_id": row["district_id"], "date_due": row["date_start"] + timedelta(days=20),
             "date_from": row["date_start"], "date_to": row["date_end"], "done_on": row["date_end"],
             "leader_id": row["leader_id"], "inspection_id": inspection, "state": "done",
             "state_since": row["closed_at"]}
            for inspection, row in zip(self.ids, self.rows, strict=True)))

    # ---- what was recorded ----------------------------------------------------------------------------------------

    def lines(self):
        """A hundred clauses each, recorded by the team in turns; which are wanting is kept for the findings."""
        self.wanting, self.line_ids = [], []
        self.line_ids = insert(self.env, "ctsp.inspection.line", (
            line for position in range(len(self.ids)) for line in self.inspection_lines(position)))

    def inspection_lines(self, position):
        row, team = self.rows[position], self.teams[position]
        for sequence, clause in enumerate(self.clauses):
            chance = self.random.random()
            wanting = chance < NONCONFORM
            if wanting:
                self.wanting.append((position, sequence))
            yield {
                "inspection_id": self.ids[position], "sequence": sequence, "clause_id": clause["id"],
                "object": clause["object"],
                "specialty_id": self.specialty_of[position] if clause["object"] == "specialty" else None,
                "number": clause["number"], "section": clause["section"], "point": clause["point"],
                "content": clause["content"], "clause_grade": clause["grade"],
                "result": "nonconform" if wanting else "na" if chance > 0.97 else "conform",
                "description": "记录不完整（测试）" if wanting else None,
                "grade": clause["grade"] if wanting else None, "revision": 1,
                "recorded_by": self.users[team[sequence % len(team)]], "recorded_at": row["submitted_at"]}

    def findings(self):
        per = len(self.clauses)
        insert(self.env, "ctsp.finding", (self.finding(position, sequence, self.line_ids[position * per + sequence])
                                          for position, sequence in self.wanting))

    def finding(self, position, sequence, line):
        row, clause = self.rows[position], self.clauses[sequence]
        return {
            "inspection_id": self.ids[position], "sequence": sequence, "line_id": line, "clause_id": clause["id"],
            "number": clause["number"], "point": clause["point"], "section": clause["section"],
            "object": clause["object"], "institution_id": row["institution_id"],
            "owner_partner_id": self.partners[row["institution_id"]],
            "specialty_id": self.specialty_of[position] if clause["object"] == "specialty" else None,
            "inspection_date": row["date_start"], "description": "记录不完整（测试）", "grade": clause["grade"],
            "state": "accepted", "state_since": row["closed_at"], "issued_at": row["approved_at"]}

    def evidence(self):
        per = len(self.clauses)
        insert(self.env, "ctsp.inspection.evidence", (
            self.photo(number, position := self.random.randrange(len(self.ids)),
                       self.line_ids[position * per + self.random.randrange(per)])
            for number in range(self.size["evidence"])))

    def photo(self, number, position, line):
        row = self.rows[position]
        return {
            "inspection_id": self.ids[position], "line_id": line, "kind": "photo", "file_name": f"IMG_{number:06d}.jpg",
            "mimetype": "image/jpeg", "size": 2_000_000, "digest": f"{number:064x}", "taken_at": row["submitted_at"],
            "received_at": row["submitted_at"], "latitude": 31.2, "longitude": 121.4,
            "author_id": self.users[self.teams[position][0]]}
