"""Requirements of the law on investigators and committees, as explained results. Pure: numbers in, verdicts out."""
from typing import NamedTuple


class Verdict(NamedTuple):
    """One requirement: its code, whether it is met, what was found and what is required (None: no number)."""

    code: str
    met: bool
    found: int | None = None
    required: int | None = None


def investigator(has_person, is_senior, proven_trials, has_gcp, minimum):
    """Judge a principal investigator.

    药物临床试验机构管理规定 (2019年第101号): senior professional title and participation in at least three drug trials;
    training in good clinical practice.
    """
    if not has_person:
        return [Verdict("no_investigator", False)]
    return [
        Verdict("senior_title", is_senior),
        Verdict("proven_trials", proven_trials >= minimum, proven_trials, minimum),
        Verdict("gcp_training", has_gcp),
    ]


def composition(members, men, women, external, non_medical, legal, minimum):
    """Judge the composition of an ethics committee.

    涉及人的生命科学和医学研究伦理审查办法 (2023): at least seven members, of both sexes, with people from outside the
    institution, and with backgrounds beyond medicine, law among them.
    """
    return [
        Verdict("members", members >= minimum, members, minimum),
        Verdict("both_sexes", bool(men and women)),
        Verdict("external", external >= 1, external, 1),
        Verdict("non_medical", non_medical >= 1, non_medical, 1),
        Verdict("legal", legal >= 1, legal, 1),
    ]


def met(verdicts):
    """Tell whether every requirement is met."""
    return all(verdict.met for verdict in verdicts)
