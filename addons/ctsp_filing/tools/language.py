"""Kept for addons that import it from here."""
from odoo.addons.ctsp_base.tools.language import in_record_language  # noqa: F401
