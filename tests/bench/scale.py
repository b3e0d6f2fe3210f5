"""Builds the scale database: 2,000 institutions, 20,000 specialties, 60,000 people, 30,000 trials of two institutions
each, 100,000 approved filings with a version each, 4,000 other filings, 30,000 contacts for the stock screens, and
what ``scale_inspections`` adds.

One institution in a hundred is a large hospital. Everything is invented and made from one fixed seed. Runs inside an
Odoo shell (``env`` is given): ``scripts/bench`` does it.
"""
import random
import time
from datetime import date, timedelta

from bulk import insert, recompute
from scale_inspections import Inspections

SEED = 20260901
SIZES = {"institutions": 2000, "specialties": 20000, "people": 60000, "trials": 30000, "filings": 100000,
         "unapproved": 4000, "contacts": 30000}
LARGE = 100
"""one institution in so many is large …"""
TIMES_LARGE = 4
"""… with so many times the specialties and people of the average one"""
FULL_VERSIONS = 2
"""So many of the latest versions of an institution hold its whole content, earlier ones its own fields only: the
whole history in full would be 5 GB that no screen reads."""
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文辉"
PLACES = "东南西北中新安康和平仁济同德广慈华山瑞金长海曙光龙岳普陀"
KINDS = ("人民医院", "中心医院", "第一医院", "中医医院", "肿瘤医院", "妇幼保健院")
DRUGS = ("注射液", "片", "胶囊", "单抗注射液", "颗粒")


class Scale:
    """One run of the generator; keeps the ids of what it made."""

    def __init__(self, env, factor=1.0):
        self.env = env
        self.random = random.Random(SEED)
        self.factor = factor
        self.sizes = {name: max(int(size * factor), 10) for name, size in SIZES.items()}
        self.ids = {}

    def build(self):
        started = time.monotonic()
        steps = (self.partners, self.institutions, self.people, self.specialties, self.trials, self.filings,
                 self.versions, self.inspections)
        for step in steps:
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

    def shares(self, total):
        """Return how many of ``total`` fall to each institution: large ones first, the rest evenly."""
        count = self.sizes["institutions"]
        large = [total * TIMES_LARGE // count] * max(count // LARGE, 1)
        each, more = divmod(total - sum(large), count - len(large))
        return large + [each + (n < more) for n in range(count - len(large))]

    # ---- steps ----------------------------------------------------------------------------------------------------

    def partners(self):
        """The stock table of the baseline, and the companies of the institutions."""
        countries = self.env["res.country"].search([]).ids
        insert(self.env, "res.partner", (
            {"name": f"Contact {n}", "email": f"contact{n}@example.com", "phone": f"+86 21 {n:08d}", "city": "上海",
             "country_id": self.random.choice(countries), "type": "contact"}
            for n in range(self.sizes["contacts"])))
        self.names = [
            f"{''.join(self.random.choices(PLACES, k=2))}{self.random.choice(KINDS)}{n:04d}（测试）"
            for n in range(self.sizes["institutions"])]
        self.ids["partner"] = insert(
            self.env, "res.partner", ({"name": name, "is_company": True, "type": "contact"} for name in self.names))
        recompute(self.env, "res.partner")

    def institutions(self):
        districts = self.env["ctsp.district"].search([]).ids
        levels, kinds = self.items("institution_level"), self.items("institution_kind")
        self.ids["institution"] = insert(self.env, "ctsp.institution", ({
            "partner_id": partner, "name": name, "state": "filed", "record_no": f"药临床机构备字2099{n:06d}",
            "district_id": self.random.choice(districts), "level_id": self.random.choice(levels),
            "kind_id": self.random.choice(kinds), "address": f"测试路{n}号", "bed_count": self.random.randrange(3000),
            "first_filed_date": self.day(),
        } for n, (partner, name) in enumerate(zip(self.ids["partner"], self.names, strict=True))))
        insert(self.env, "ctsp.site", (
            {"institution_id": institution, "name": "总院", "address": "测试路1号", "is_main": True,
             "district_id": self.random.choice(districts)}
            for institution in self.ids["institution"]))
        recompute(self.env, "ctsp.institution")
        recompute(self.env, "ctsp.site")

    def people(self):
        titles = self.items("professional_title")
        homes = [institution for institution, share in zip(
            self.ids["institution"], self.shares(self.sizes["people"]), strict=True) for _n in range(share)]
        ids = insert(self.env, "ctsp.person", (
            {"name": self.person_name(), "institution_id": home, "title_id": self.random.choice(titles),
             "gender": self.random.choice(("male", "female")), "mobile": f"139{self.random.randrange(10**8):08d}"}
            for home in homes))
        self.people_of = {}
        for person, home in zip(ids, homes, strict=True):
            self.people_of.setdefault(home, []).append(person)
        recompute(self.env, "ctsp.person")

    def specialties(self):
        disciplines = {d.name: d.id for d in self.env["ctsp.discipline"].search([])}
        self.specialty_rows = [
            {"institution_id": institution, "discipline_id": disciplines[name], "name": name, "state": "filed",
             "filed_date": self.day(), "pi_id": self.random.choice(self.people_of[institution])}
            for institution, share in zip(
                self.ids["institution"], self.shares(self.sizes["specialties"]), strict=True)
            for name in self.random.sample(list(disciplines), share)]
        self.ids["specialty"] = insert(self.env, "ctsp.specialty", self.specialty_rows)
        recompute(self.env, "ctsp.specialty")

    def trials(self):
        sponsors = insert(self.env, "ctsp.organization", (
            {"name": f"测试药业{n:03d}有限公司", "is_sponsor": True} for n in range(300)))
        recompute(self.env, "ctsp.organization")
        phases, scopes = self.items("trial_phase"), self.items("trial_scope")
        statuses, classes = self.items("trial_status"), self.items("drug_class")
        drugs = [f"测试药{n:05d}{self.random.choice(DRUGS)}" for n in range(self.sizes["trials"])]
        trials = insert(self.env, "ctsp.trial", ({
            "name": f"评价{drug}有效性和安全性的临床试验", "ctr_no": f"CTR{20150000 + n:08d}", "drug_name": drug,
            "indication": "测试适应症", "phase_id": self.random.choice(phases), "scope_id": self.random.choice(scopes),
            "status_id": self.random.choice(statuses), "drug_class_id": self.random.choice(classes),
            "first_public_date": self.day(), "planned_total": self.random.randrange(20, 800),
            "actual_total": self.random.randrange(20)} for n, drug in enumerate(drugs)))
        insert(self.env, "ctsp.trial.party", (
            {"trial_id": trial, "role": "sponsor", "organization_id": self.random.choice(sponsors)}
            for trial in trials))
        insert(self.env, "ctsp.trial.site", (
            row for trial in trials for row in self.trial_sites(trial)))
        recompute(self.env, "ctsp.trial.site")
        recompute(self.env, "ctsp.trial")

    def trial_sites(self, trial):
        """Return the rows of the two institutions of a trial."""
        homes = {}
        while len(homes) < 2:
            position = self.random.randrange(len(self.specialty_rows))
            homes.setdefault(self.specialty_rows[position]["institution_id"], position)
        return [
            {"trial_id": trial, "institution_id": home, "name": "?", "role": "part" if number else "lead",
             "specialty_id": self.ids["specialty"][position], "pi_id": self.specialty_rows[position]["pi_id"],
             "sequence": 10 + number, "planned": self.random.randrange(200), "actual": self.random.randrange(100)}
            for number, (home, position) in enumerate(homes.items())]

    def filings(self):
        known = self.env["ctsp.institution"].browse(self.ids["institution"]).read(
            ["name", "partner_id", "district_id"], load=None)
        self.filing_rows = [
            self.filing(n, known[n % len(known)], "approved") for n in range(self.sizes["filings"])]
        self.ids["filing"] = insert(self.env, "ctsp.filing", self.filing_rows)
        states = ("draft", "submitted", "in_review", "returned", "refused", "withdrawn")
        count = self.sizes["filings"]
        insert(self.env, "ctsp.filing", (
            self.filing(n, self.random.choice(known), self.random.choice(states))
            for n in range(count, count + self.sizes["unapproved"])))

    def filing(self, number, institution, state):
        decided = state in ("approved", "refused", "withdrawn")
        submitted = self.day(2016) if decided else date(2026, 8, 1) + timedelta(days=self.random.randrange(30))
        since = submitted + timedelta(days=9) if decided else submitted
        return {
            "kind": "change", "scope": "institution", "state": state, "institution_id": institution["id"],
            "applicant_id": institution["partner_id"], "owner_partner_id": institution["partner_id"],
            "name": institution["name"],
            "district_id": institution["district_id"], "number": f"测备{number:07d}", "reason": "测试变更",
            "state_since": since, "submitted_at": None if state == "draft" else submitted,
            "accepted_at": submitted + timedelta(days=1), "decided_at": since if decided else None,
            "review_due": submitted + timedelta(days=30) if state in ("submitted", "in_review") else None}

    def inspections(self):
        Inspections(self, self.factor).build()

    def versions(self):
        """One version per approved filing; the latest ones of each institution hold what the registry says now."""
        numbers = dict.fromkeys(self.ids["institution"], 0)
        total = {}
        for row in self.filing_rows:
            total[row["institution_id"]] = total.get(row["institution_id"], 0) + 1
        contents = Contents(self.env, self.ids["institution"])
        pairs = zip(self.ids["filing"], self.filing_rows, strict=True)
        rows = sorted(pairs, key=lambda pair: pair[1]["institution_id"])
        insert(self.env, "ctsp.institution.version", (
            self.version(filing, row, numbers, total, contents) for filing, row in rows))
        self.env.cr.execute(
            "UPDATE ctsp_institution i SET version_number = v.number FROM (SELECT institution_id, max(number) number "
            "FROM ctsp_institution_version GROUP BY institution_id) v WHERE v.institution_id = i.id")
        self.env.invalidate_all()

    def version(self, filing, row, numbers, total, contents):
        institution = row["institution_id"]
        numbers[institution] += 1
        full = numbers[institution] > total[institution] - FULL_VERSIONS
        content, digest = contents.of(institution, full)
        return {
            "institution_id": institution, "owner_partner_id": row["owner_partner_id"],
            "number": numbers[institution], "date": row["decided_at"], "kind": "filing",
            "origin_model": "ctsp.filing", "origin_id": filing, "origin_label": row["number"],
            "author_id": self.env.uid, "content": content, "digest": digest}


class Contents:
    """Snapshots of institutions with their digests, read ahead in groups; asked for in the order of ``ids``."""

    AHEAD = 100

    def __init__(self, env, ids):
        self.env, self.ids, self.known = env, list(ids), {}
        self.digest_of = env["ctsp.institution.version"]._digest_of

    def of(self, institution, full):
        if institution not in self.known:
            position = self.ids.index(institution)
            self.known = {}
            self.env.invalidate_all()
            for record in self.env["ctsp.institution"].browse(self.ids[position:position + self.AHEAD]):
                self.known[record.id] = self.snapshot(record)
        return self.known[institution][full]

    def snapshot(self, record):
        whole = record._version_snapshot({})
        head = {**whole, "children": {}}
        return (head, self.digest_of(head)), (whole, self.digest_of(whole))
