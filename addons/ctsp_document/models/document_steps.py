import base64
import dataclasses

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import digest

from ..tools import sheet


class DocumentSteps(models.Model):
    """Signing, finalising, releasing, voiding, replacing."""

    _inherit = "ctsp.document"

    def _available_transitions(self):
        return [step for step in super()._available_transitions() if self._may(step.code)]

    def _check_transition(self, transition):
        super()._check_transition(transition)
        self._check_may(transition.code)
        if transition.code == "finalise":
            self._check_complete()

    def _check_complete(self):
        """Raise what is missing before the paper can be final: texts, signatures, and what its record wants."""
        missing = self.input_ids.filtered(lambda row: row.required and not (row.value or "").strip())
        if missing:
            raise UserError(self.env._("Please fill in first: %(fields)s", fields="、".join(missing.mapped("label"))))
        waiting = self.signature_ids.filtered(lambda row: row.state == "waiting")
        if self.type_id.needs_signatures and waiting:
            raise UserError(self.env._(
                "Signatures are missing: %(parties)s", parties="、".join(waiting.mapped("label"))))
        changed = self.signature_ids.filtered(
            lambda row: row.content_digest and row.content_digest != self._content_digest())
        if changed:
            raise UserError(self.env._("The content is no longer what was signed. Please make a new document."))
        self._record()._document_check(self.type_id.code)

    def _before_finalise(self, reason):
        """Draw the number as late as can be, set the paper, keep it."""
        self._fix()
        facts = self._facts()
        self._set_type(facts)  # what cannot be set draws no number
        # superuser: number and content are the engine's; the step was checked
        document = self.sudo()
        document.write(self._signing())
        number = self.env["ir.sequence"]._draw(document.type_id.sequence_id.code)
        body, furniture = self._set_type(self._facts(number))
        pdf, pages = self._print_strictly(body, furniture, number)
        sealed = self.env["ctsp.signer"]._sign_pdf(pdf, f"{document.type_id.name} {number}", self)
        document.write({
            "number": number, "content": body, "furniture": dataclasses.asdict(furniture), "pages": pages,
            "paper_digest": digest.sm3(pdf), "data": base64.b64encode(sealed), "digest": digest.sm3(sealed),
            "record_name": self._record()._document_name(),
        })

    def _signing(self):
        """Return the values that say who signs the paper with a certificate of his own, empty where nobody does."""
        signs = self.env["ctsp.signer"]._who_signs(self)
        if not signs:
            return {"certified_by": False, "certificate": False, "certified_at": False}
        certificate = f"{signs['subject']}；序列号 {signs['serial']}；签发者 {signs['issuer']}"
        return {"certified_by": signs["name"], "certificate": certificate, "certified_at": signs["time"]}

    def _print_strictly(self, body, furniture, number):
        """Return ``(pdf, pages)`` of a paper that can be read: every character has a glyph."""
        try:
            return self._print(body, furniture, number, strict=True)
        except sheet.MissingGlyphs as error:
            raise UserError(self.env._(
                "No font of the server has: %(characters)s. Please write them otherwise, or have a font installed.",
                characters="、".join(error.characters))) from error

    def _after_finalise(self, reason):
        if self.type_id.release_on_final:
            self._release()

    def _before_void(self, reason):
        self.sudo().void_reason = reason  # superuser: a fact of the step

    def _transition_payload(self, transition, previous, reason):
        return {**super()._transition_payload(transition, previous, reason), "type": self.type_id.code,
                "number": self.number, "digest": self.digest, "res_model": self.res_model, "res_id": self.res_id}

    def _finalise(self):
        """Draw the number, render, freeze, hash. Contract of the engine; rights are those of the user."""
        return self.run_transition("finalise")

    def action_release(self):
        """Let the institution read the final paper."""
        self.check_access("read")
        self._check_may("release")
        if any(document.state != "final" for document in self):
            raise UserError(self.env._("Only a final document can be released."))
        self._release()

    def _release(self):
        # superuser: releasing is the engine's fact; the right was checked by the step
        self.filtered(lambda document: not document.released_at).sudo().released_at = fields.Datetime.now()

    def action_replace(self):
        """Make the paper anew after it was voided; open the draft."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "void":
            raise UserError(self.env._("Void the document first, then make a new one."))
        # superuser: the link to what it replaces is the engine's; making checks the right
        draft = self._record()._document_make(self.type_id.code)
        draft.sudo().replaces_id = self
        return draft._open()

    def action_unlock(self):
        """Take the signatures away and open the content again; who signed signs anew."""
        self.check_access("read")
        self._check_may("write")
        for document in self:
            if document.state != "draft":
                raise UserError(self.env._("A final document is evidence and cannot be changed."))
            # superuser: signatures are the engine's; what was signed is dropped as a whole and logged
            self.env["ctsp.audit.port"]._log(
                "document_unlock", document, parties=document.signature_ids.filtered("signed_at").mapped("label"))
            document.sudo().signature_ids.unlink()
            document.sudo().write({"values": False, "template_id": False})
            document._make_signers()

    def action_sign(self):
        """Open the signature sheet of the party named in the context, of the first that waits otherwise."""
        self.ensure_one()
        self._check_may("sign")
        rows = self.signature_ids.filtered(lambda row: row.state == "waiting")
        chosen = rows.filtered(lambda row: row.id == self.env.context.get("signature_id")) or rows[:1]
        if self.state != "draft" or not chosen:
            raise UserError(self.env._("Nobody has to sign this document any more."))
        return self.env["ctsp.document.sign"]._for(chosen)

    def action_download(self):
        """Download the PDF."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/document/{self.id}?download=1", "target": "download"}

    def action_print(self):
        """Open the PDF in a page of its own, for printing."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/document/{self.id}", "target": "new"}

    def action_open_record(self):
        """Open the record the paper is about."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
                "view_mode": "form", "views": [(False, "form")]}

    def action_verify(self):
        """Say whether the stored PDF still is the one that was finalised."""
        self.ensure_one()
        self.check_access("read")
        data = base64.b64decode(self.with_context(bin_size=False).data or b"")
        same = self.digest == digest.sm3(data)
        if same and (action := self.env["ctsp.signer"]._open_signatures(self.file_name, data)):
            return action
        text = self.env._("The stored PDF is unchanged.") if same else self.env._("The stored PDF was altered!")
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "message": f"{text}\nSM3 {self.digest}", "type": "success" if same else "danger", "sticky": not same}}

    def _make_signers(self):
        """Create the rows of those who sign."""
        self.ensure_one()
        labels = dict(self.type_id.signer_roles or [])
        order = list(labels)
        people = sorted(self._record()._document_signers(self.type_id.code),
                        key=lambda it: order.index(it["role"]) if it["role"] in order else 99)
        # superuser: signature rows are the engine's
        self.env["ctsp.document.signature"].sudo().create([{
            "document_id": self.id, "sequence": at,
            "role": person["role"], "label": labels.get(person["role"]) or person["role"],
            "name": person.get("name") or False, "user_id": person.get("user_id") or False,
        } for at, person in enumerate(people)])

    def _open(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
                "views": [(False, "form")]}
