"""Join conditions on institutions, specialties, people and trials into one domain; no ORM, no database.

The sections meet in the part an institution takes in a trial (``ctsp.trial.site``): institution, specialty,
investigator, trial. With conditions on the trial, conditions on specialty and person therefore mean the specialty and
the investigator **of that trial**, all in one and the same part; without, the specialty's own investigator, or the
institution's people.
"""

LEVELS = ("institution", "specialty", "person", "trial")
PART_KEYS = {"institution": "institution_id", "specialty": "specialty_id", "person": "pi_id", "trial": "trial_id"}
PARTS = {
    "institution": "trial_site_ids", "specialty": "trial_site_ids", "person": "trial_site_ids", "trial": "site_ids",
}
DIRECT = {
    ("specialty", "institution"): "institution_id",
    ("person", "institution"): "institution_id",
    ("specialty", "person"): "pi_id",
    ("person", "specialty"): "specialty_ids",
    ("institution", "specialty"): "specialty_ids",
    ("institution", "person"): "person_ids",
}
"""(level, section) → field that leads there without a trial"""


def compose(level, sections):
    """Return the domain on ``level`` that unites the conditions.

    :param level: one of ``LEVELS``: what the answer lists
    :param sections: section → list of domain terms on its model, all of which hold
    :return: a domain as a list
    :raise ValueError: unknown level or section
    """
    if level not in LEVELS or not set(sections) <= set(LEVELS):
        raise ValueError(level)
    given = {section: list(terms) for section, terms in sections.items() if terms}
    domain = given.pop(level, [])
    if "institution" in given and level in ("specialty", "person"):
        domain += [(DIRECT[level, "institution"], "any", given.pop("institution"))]
    if not given:
        return domain
    if level == "trial" or "trial" in given:
        part = [(PART_KEYS[section], "any", terms) for section, terms in _ordered(given)]
        return [*domain, (PARTS[level], "any", part)]
    if level == "institution" and len(given) == 2:
        inner = [*given["specialty"], ("pi_id", "any", given["person"])]
        return [*domain, ("specialty_ids", "any", inner)]
    (section, terms), = given.items()
    return [*domain, (DIRECT[level, section], "any", terms)]


def _ordered(given):
    return [(section, given[section]) for section in LEVELS if section in given]
