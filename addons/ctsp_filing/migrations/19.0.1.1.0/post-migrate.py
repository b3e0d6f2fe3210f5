from odoo import SUPERUSER_ID, api
from odoo.fields import Command

PLACES = ("ctsp.filing.experience", "ctsp.person.experience")


def migrate(cr, version):
    """Proofs of trial experience are terms of one dictionary, ``trial_proof``, in filings and in the registry.

    Filings offered kinds of attachments before, which say no more than “a proof”: other proof. Through the ORM, so
    that evidence and indexes follow.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    items = env["ctsp.dictionary.item"]
    proofs = items.search([("dictionary_code", "=", "trial_proof")])
    other = items._item("trial_proof", "other")
    for model in PLACES:
        for row in env[model].search([("proof_kind_ids", "any", [("dictionary_code", "!=", "trial_proof")])]):
            row.proof_kind_ids = [Command.set(((row.proof_kind_ids & proofs) | other).ids)]
    for row in env["ctsp.filing.experience"].search([("target_id", "!=", False)]):
        before = set((row.base_values or {}).get("proof_kind_ids", ()))
        if before - set(proofs.ids):
            now = sorted(before & set(proofs.ids) | {other.id})
            row.base_values = {**row.base_values, "proof_kind_ids": now}
    unused = env.ref("ctsp_base.dictionary_attachment_kind", raise_if_not_found=False)
    if unused:
        (unused.item_ids | items.search([("dictionary_id", "=", unused.id)])).active = False
        unused.active = False
