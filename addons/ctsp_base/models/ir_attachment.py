from odoo import models


class IrAttachment(models.Model):
    """Files of our records are kept byte by byte: evidence, and papers whose digest stands in a row."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Contents come from ``vals`` whatever the caller likes to read: where sizes are read in their place
        (``bin_size``), Odoo reads back nothing and stores that.
        """
        files = self.with_context(bin_size=False) if vals.keys() & {"raw", "datas"} else self
        return super(IrAttachment, files).write(vals)

    def _postprocess_contents(self, values):
        """Odoo makes pictures of more than 1920 pixels smaller and writes them anew, without what the camera noted."""
        owners = {values.get("res_model") or self.env.context.get("default_res_model"), *self.mapped("res_model")}
        if any((owner or "").startswith("ctsp.") for owner in owners):
            values["mimetype"] = self._compute_mimetype(values)
            return values  # never a copy: the caller would leave the content in the original and store it once more
        return super()._postprocess_contents(values)
