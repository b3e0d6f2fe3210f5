from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.masking import mask
from ..tools.personal import CLEAR_GROUPS, SUFFIX, protect

COUNTING = ("count", "count_distinct")
MAIL_FIELDS = {"email", "email_from", "email_normalized", "partner_email", "email_cc"}


class PersonalMixin(models.AbstractModel):
    """Personal data: fields that few people read in clear.

    A class declares ``_personal_fields = {field: kind}`` (kinds: ``tools.masking.MASKS``). Each such field gets the
    field groups :data:`CLEAR_GROUPS`, which the ORM enforces on every path, for reading and for writing, and a
    computed companion ``<field>_masked``. Views name the field alone: others are shown the companion in its place
    (``ir.ui.view``). Reading in clear is logged, one row per call.

    Rule: Personal Information Protection Law (个人信息保护法) articles 51 and 54; GB/T 22239-2019 8.1.4.11.
    """

    _name = "ctsp.personal.mixin"
    _description = "Personal data Mixin"

    _personal_fields = {}

    @api.model
    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        if not self._abstract:
            protect(self)
        return result

    # ---- who sees what

    @api.model
    def _personal_clear(self):
        """Return whether the person behind the call (also when running as superuser) reads in clear."""
        return self.env.uid == SUPERUSER_ID or self.env.user.has_groups(CLEAR_GROUPS)

    @api.model
    def _check_field_access(self, field, operation):
        """Name the field and the reason, and no internal group."""
        if field.name in self._personal_fields and not self._has_field_access(field, operation):
            label = field._description_string(self.env)
            raise AccessError(self.env._("“%(field)s” is personal data: you see it masked only.", field=label))
        return super()._check_field_access(field, operation)

    def _personal_value(self, fname):
        """Return the value of a personal field as the person behind the call may see it.

        For texts composed of it (display names, messages), where the ORM's field access does not reach.
        """
        value = self.sudo()[fname]  # sudo: masked or not below, by the right of the user
        return value if self._personal_clear() else mask(self._personal_fields[fname], value)

    @api.depends(lambda self: self._personal_fields)
    def _compute_personal_masked(self):
        for fname, kind in self._personal_fields.items():
            for record in self:
                record[fname + SUFFIX] = mask(kind, record[fname])

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Mask a personal ``_rec_name``, also where Odoo reads display names as superuser (many2one)."""
        if self._rec_name not in self._personal_fields:
            return super()._compute_display_name()
        for record in self:
            record.display_name = record._personal_value(self._rec_name) or ""
        if self.env.uid != SUPERUSER_ID:
            self._personal_log([self._rec_name], again=False)

    @api.model
    def _search_display_name(self, operator, value):
        """Search by name only in what the user may read: else results would tell what the mask hides."""
        names = self._rec_names_search or ([self._rec_name] if self._rec_name else [])
        open_names = [name for name in names if name not in self._personal_fields]
        if self.env.su or len(open_names) == len(names) or self._personal_clear():
            return super()._search_display_name(operator, value)
        if operator.endswith("like") and not value:
            return Domain.FALSE if operator in Domain.NEGATIVE_OPERATORS else Domain.TRUE
        if not open_names:
            return Domain.FALSE
        combine = Domain.AND if operator in Domain.NEGATIVE_OPERATORS else Domain.OR
        return combine([(name, operator, value)] for name in open_names)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Ignore a personal field in an order: the order would tell what the mask hides."""
        field = self._fields.get(field_name)
        if field and field_name in self._personal_fields and not self._has_field_access(field, "read"):
            return SQL()
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Fall back on the identifier, so that pages stay stable where the whole order was ignored."""
        return super()._order_to_sql(order, query, alias, reverse) or super()._order_to_sql("id", query, alias, reverse)

    # ---- mail: the people whose data this is are not written to from the chatter, so no address is looked up

    def _message_add_default_recipients(self):
        if not MAIL_FIELDS & self._personal_fields.keys():
            return super()._message_add_default_recipients()
        partners = self._mail_get_partners()
        return {
            record.id: {"email_cc_lst": [], "email_to_lst": [], "partners": partners[record.id]} for record in self
        }

    def _mail_get_primary_email_field(self):
        name = super()._mail_get_primary_email_field()
        return None if name in self._personal_fields else name

    # ---- the log of clear reads

    def _read_format(self, fnames, load="_classic_read"):
        """Log: read, web_read, search_read and onchange of this model and of its parents all end here."""
        if not self.env.su:
            names = {self._rec_name if name == "display_name" else name for name in fnames}
            self._personal_log(names)
        return super()._read_format(fnames, load)

    def copy_data(self, default=None):
        result = super().copy_data(default)
        if not self.env.su:
            self._personal_log(self._personal_fields)
        return result

    def _read_group_select(self, aggregate_spec, query):
        fname, _colon, function = aggregate_spec.partition(":")
        if function not in COUNTING and not self.env.su:
            self._personal_log_group(fname)
        return super()._read_group_select(aggregate_spec, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        if not self.env.su:
            self._personal_log_group(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _personal_log(self, fnames, again=True):
        """Append one row for ``self``: people of the platform only; outside users read what is theirs.

        :param again: whether to log what the running transaction has logged before
        """
        fnames = sorted(self._personal_fields.keys() & set(fnames))
        records = self._origin
        if not (fnames and records) or self.env.user.share or not self._personal_clear():
            return
        seen = self.env.cr.cache.setdefault("ctsp.personal.seen", set())
        looks = {(self.env.uid, self._name, fname, record_id) for fname in fnames for record_id in records.ids}
        if again or not looks <= seen:
            seen |= looks
            self.env["ctsp.audit.port"]._log("personal.read", records, fields=fnames)

    def _personal_log_group(self, fname):
        field = self._fields.get(fname)
        if field and fname in self._personal_fields and self._has_field_access(field, "read"):
            self.env["ctsp.audit.port"]._log("personal.group", self.browse(), fields=[fname])
