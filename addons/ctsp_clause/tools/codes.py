"""Codes used by clauses, inspections, plans and documents alike, each with its label in the user's language.

Every function takes an environment and returns a selection; a field uses it as
``fields.Selection(selection=lambda self: codes.grades(self.env))``.
"""
GRADES = ("critical", "major", "minor")


def objects(env):
    """Return what a clause is checked on."""
    return list({
        "institution": env._("Institution"),
        "specialty": env._("Specialty"),
        "trial": env._("Trial"),
        "ethics": env._("Ethics Committee"),
    }.items())


def grades(env):
    """Return the grades of clauses: 关键（★★）, 主要（★）, 一般."""
    return list({
        "critical": env._("Critical ★★"),
        "major": env._("Major ★"),
        "minor": env._("Minor"),
    }.items())


def defects(env):
    """Return the grades of findings: 严重缺陷, 主要缺陷, 一般缺陷 (same codes as those of clauses)."""
    return list({
        "critical": env._("Critical Defect"),
        "major": env._("Major Defect"),
        "minor": env._("Minor Defect"),
    }.items())


def results(env):
    """Return the results of a clause on an object."""
    return list({
        "unchecked": env._("Unchecked"),
        "conform": env._("Conforms"),
        "nonconform": env._("Does Not Conform"),
        "na": env._("Not Applicable"),
    }.items())


def conclusions(env):
    """Return the conclusions for the institution and for each specialty."""
    return list({
        "pass": env._("Meets the Requirements"),
        "rectify": env._("To Be Assessed after Rectification"),
        "fail": env._("Does Not Meet the Requirements"),
    }.items())


def kinds(env):
    """Return the business types of inspections."""
    return list({
        "first": env._("First Inspection"),
        "routine": env._("Routine Inspection"),
        "special": env._("Special Inspection"),
        "cause": env._("For-cause Inspection"),
        "joint": env._("Joint Inspection"),
    }.items())


def label(selection, code):
    """Return the label of ``code`` in ``selection``, or an empty text."""
    return dict(selection).get(code, "")
