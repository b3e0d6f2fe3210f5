"""Builds the scale database: 2,000 institutions, 20,000 specialties, 60,000 people, 30,000 trials, 100,000 filings
with a version each. Everything is invented and made from one fixed seed.

Runs inside an Odoo shell (``env`` is given): ``scripts/bench`` does it.
"""
import random
import time
from datetime import date, timedelta

from bulk import insert, recompute

SEED = 20260901
SIZES = {"institutions": 2000, "specialties": 20000, "people": 60000, "trials": 30000, "filings": 100000,
         "contacts": 30000}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文辉"
PLACES = "东南西北中新安康和平仁济同德广慈华山瑞金长海曙光龙岳普陀"
KINDS = ("人民医院", "中心医院", "第一医院", "中医医院", "肿瘤医院", "妇幼保健院")
DRUGS = ("注射用", "片", "胶囊", "单抗注射液", "颗粒")


class Scale:
    """One run of the generator; keeps the ids of what it made."""

    def __init__(self, env, factor=1.0):
        self.env = env
        self.random = random.Random(SEED)
        self.sizes = {name: max(int(size * factor), 10) for name, size in SIZES.items()}
        self.ids = {}

    def build(self):
        started = time.monotonic()
        for step in (self.contacts, self.institutions, self.people, self.specialties, self.trials, self.filings):
            step()
            self.env.cr.commit()
            print(f"{step.__name__:14} {time.monotonic() - started:7.1f} s", flush=True)
        self.env.cr.execute("ANALYZE")
        self.env.cr.commit()

    # ---- helpers --------------------------------------------------------------------------------------------------

    def items(self, code):
        return self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", code)]).ids

    def day(self, first=2015, last=2026):
        return date(first, 1, 1) + timedelta(days=self.random.randrange((last - first) * 365))

    def person_name(self):
        return self.random.choice(SURNAMES) + "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2))))

    def recompute(self, *models):
        for model in models:
            recompute(self.env, model)

    # ---- steps ----------------------------------------------------------------------------------------------------

    def contacts(self):
        """The stock table of the baseline: as many contacts as there are trials."""
        countries = self.env["res.country"].search([]).ids
        insert(self.env, "res.partner", (
            {"name": f"Contact {n}", "complete_name": f"Contact {n}", "email": f"contact{n}@example.com",
             "phone": f"+86 21 {n:08d}", "city": "上海", "country_id": self.random.choice(countries),
             "type": "contact", "active": True}
            for n in range(self.sizes["contacts"])))

    def institutions(self):
        districts = self.env["ctsp.district"].search([]).ids
        levels, kinds = self.items("institution_level"), self.items("institution_kind")
        names = [
            f"{''.join(self.random.choices(PLACES, k=2))}{self.random.choice(KINDS)}{n:04d}（测试）"
            for n in range(self.sizes["institutions"])]
        partners = insert(self.env, "res.partner", (
            {"name": name, "complete_name": name, "is_company": True, "type": "contact", "active": True}
            for name in names))
        self.env["res.partner"].browse(partners)
        rows = ({
            "partner_id": partner, "name": name, "state": "filed", "record_no": f"药临床机构备字2099{n:06d}",
            "district_id": self.random.choice(districts), "level_id": self.random.choice(levels),
            "kind_id": self.random.choice(kinds), "address": f"测试路{n}号", "bed_count": self.random.randrange(3000),
            "first_filed_date": self.day(), "version_number": 0, "active": True,
        } for n, (partner, name) in enumerate(zip(partners, names, strict=True)))
        self.ids["institution"] = insert(self.env, "ctsp.institution", rows)
        insert(self.env, "ctsp.site", (
            {"institution_id": i, "name": "总院", "address": "测试路1号", "is_main": True,
             "district_id": self.random.choice(districts), "source_crs": "wgs84", "active": True}
            for i in self.ids["institution"]))
        self.recompute("ctsp.institution", "ctsp.site")

    def people(self):
        titles = self.items("professional_title")
        per = self.sizes["people"] // self.sizes["institutions"]
        self.ids["person"] = insert(self.env, "ctsp.person", (
            {"name": self.person_name(), "institution_id": institution, "title_id": self.random.choice(titles),
             "gender": self.random.choice(("male", "female")), "mobile": f"139{self.random.randrange(10**8):08d}",
             "active": True}
            for institution in self.ids["institution"] for _n in range(per)))
        self.per_person = per
        self.recompute("ctsp.person")

    def specialties(self):
        disciplines = self.env["ctsp.discipline"].search([])
        names = {d.id: d.name for d in disciplines}
        per = self.sizes["specialties"] // self.sizes["institutions"]
        rows = []
        for n, institution in enumerate(self.ids["institution"]):
            people = self.ids["person"][n * self.per_person:(n + 1) * self.per_person]
            for discipline in self.random.sample(disciplines.ids, per):
                rows.append({
                    "institution_id": institution, "discipline_id": discipline, "name": names[discipline],
                    "state": "filed", "filed_date": self.day(), "pi_id": self.random.choice(people),
                    "is_drug": True, "active": True})
        self.ids["specialty"] = insert(self.env, "ctsp.specialty", rows)
        self.per_specialty = per
        self.specialty_rows = rows
        self.recompute("ctsp.specialty")

    def trials(self):
        sponsors = insert(self.env, "ctsp.organization", (
            {"name": f"测试药业{n:03d}有限公司", "is_sponsor": True, "active": True} for n in range(300)))
        phases, scopes = self.items("trial_phase"), self.items("trial_scope")
        statuses, classes = self.items("trial_status"), self.items("drug_class")
        count = self.sizes["trials"]
        self.ids["trial"] = insert(self.env, "ctsp.trial", ({
            "name": f"评价测试药{n}{self.random.choice(DRUGS)}的有效性和安全性的临床试验", "active": True,
            "ctr_no": f"CTR{n + 20150000:08d}", "drug_name": f"测试药{n}{self.random.choice(DRUGS)}",
            "indication": "测试适应症", "phase_id": self.random.choice(phases), "scope_id": self.random.choice(scopes),
            "status_id": self.random.choice(statuses), "drug_class_id": self.random.choice(classes),
            "first_public_date": self.day(), "planned_total": self.random.randrange(20, 800),
            "actual_total": self.random.randrange(20)} for n in range(count)))
        insert(self.env, "ctsp.trial.party", (
            {"trial_id": trial, "role": "sponsor", "organization_id": self.random.choice(sponsors), "sequence": 10}
            for trial in self.ids["trial"]))
        institution_names = {i.id: i.name for i in self.env["ctsp.institution"].search([])}
        rows = []
        for trial in self.ids["trial"]:
            for position, k in enumerate(self.random.sample(range(len(self.specialty_rows)), 2)):
                specialty = self.specialty_rows[k]
                rows.append({
                    "trial_id": trial, "institution_id": specialty["institution_id"],
                    "name": institution_names[specialty["institution_id"]], "specialty_id": self.ids["specialty"][k],
                    "pi_id": specialty["pi_id"], "role": "part" if position else "lead", "sequence": 10 + position,
                    "planned": self.random.randrange(200), "actual": self.random.randrange(100)})
        insert(self.env, "ctsp.trial.site", rows)
        self.recompute("ctsp.trial.party", "ctsp.trial.site", "ctsp.trial")

    def filings(self):
        institutions = self.env["ctsp.institution"].search([("record_no", "=like", "药临床机构备字2099%")])
        known = institutions.read(["name", "partner_id", "district_id"], load=None)
        count = self.sizes["filings"]
        under_way = ("in_review", "submitted", "returned", "draft")
        states = ("approved",) * 90 + ("refused",) * 3 + ("withdrawn",) * 3 + under_way
        rows = []
        for n in range(count):
            institution = known[n % len(known)]
            state = self.random.choice(states)
            decided = state in ("approved", "refused", "withdrawn")
            day = self.day(2016)
            rows.append({
                "kind": "change", "scope": "institution", "state": state, "institution_id": institution["id"],
                "applicant_id": institution["partner_id"], "name": institution["name"],
                "district_id": institution["district_id"], "number": f"测备{n:07d}", "reason": "测试变更",
                "state_since": day, "submitted_at": day, "accepted_at": day + timedelta(days=1),
                "decided_at": day + timedelta(days=9) if decided else None})
        self.ids["filing"] = insert(self.env, "ctsp.filing", rows)
        self.versions(rows)
        self.recompute("ctsp.filing")

    def versions(self, rows):
        """A version per filing, of the size a real one has."""
        content = {"fields": {f"field_{n}": "测试内容" * 4 for n in range(30)}, "children": {"specialty_ids": [
            {"name": f"专业{n}", "pi": "测试", "filed_date": "2020-01-01"} for n in range(10)]}}
        digest = self.env["ctsp.institution.version"]._digest_of(content)
        numbers = {}
        versions = []
        for filing, row in zip(self.ids["filing"], rows, strict=True):
            number = numbers[row["institution_id"]] = numbers.get(row["institution_id"], 0) + 1
            versions.append({
                "institution_id": row["institution_id"], "number": number, "date": row["submitted_at"],
                "kind": "filing", "origin_model": "ctsp.filing", "origin_id": filing, "origin_label": row["number"],
                "author_id": self.env.uid, "content": content, "digest": digest})
        insert(self.env, "ctsp.institution.version", versions)
        self.recompute("ctsp.institution.version")


