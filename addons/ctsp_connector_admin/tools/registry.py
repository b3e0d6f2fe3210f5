"""What is told of ethics committees and people: what supervision needs, and what the law has made public.

Not told, on purpose: what is encrypted in the registry (identity number, date of birth, telephone, e-mail; of a
committee its contact's telephone), who that contact is, education, department, copies of papers and internal notes;
and the number of a physician's qualification certificate, which ends with the identity number. The number of the
practice certificate does not: it is told.
Sex and background of committee members are told: the law asks for both in the composition of a committee.
"""
from . import words


def committee(record) -> dict:
    """Return a committee; ``members`` has always been their number, so they themselves are ``memberList``."""
    return {
        "name": record.name or "", "members": len(record.member_ids), "filingNo": record.filing_no or "",
        "address": record.address or "", "chair": record.chair_id.name or "",
        "termFrom": words.day(record.term_from), "termTo": words.day(record.term_to),
        "charterVersion": record.charter_version or "", "charterDate": words.day(record.charter_date),
        "sopVersion": record.sop_version or "", "sopDate": words.day(record.sop_date),
        "memberList": [member(row) for row in record.member_ids]}


def member(record) -> dict:
    return {
        "name": record.name or "", "gender": record.gender or "", "role": record.role,
        "background": record.background_id.name or "", "external": record.is_external,
        "employer": (record.employer or "") if record.is_external else "", "gcpDate": words.day(record.gcp_date)}


def people(institution) -> list[dict]:
    """Return a row for each post, and one without a post for each person who has none: many investigators."""
    posts = [person(row.person_id) | {
        "post": row.post_id.name or "", "postFrom": words.day(row.date_from), "postTo": words.day(row.date_to)}
        for row in institution.post_ids]
    return posts + [
        person(one) | {"post": "", "postFrom": "", "postTo": ""} for one in institution.person_ids if not one.post_ids]


def person(record) -> dict:
    return {
        "name": record.name or "", "title": record.title_id.name or "", "discipline": record.discipline_id.name or "",
        "specialties": led(record), "practiceNo": record.practice_no or "",
        "gcp": [{
            "certificateNo": row.certificate_no, "issuer": row.issuer or "", "date": words.day(row.date),
            "validTo": words.day(row.valid_to)} for row in record.gcp_ids]}


def led(person) -> list[str]:
    """Return the names of the specialties that a person leads."""
    return [row.name for row in person.specialty_ids if row.state == "filed"]
