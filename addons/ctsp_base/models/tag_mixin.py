from odoo import api, fields, models
from odoo.exceptions import ValidationError

INTERNAL = "base.group_user"


class TagMixin(models.AbstractModel):
    """Coloured tags, for the regulator's eyes only; every search view gets the facet by itself.

    Tagging is not editing: whoever may use the tag dialog tags what he can read. In a form, tags are a field like
    others and need the right to write.
    """

    _name = "ctsp.tag.mixin"
    _description = "Tags"

    tag_ids = fields.Many2many(
        "ctsp.tag", string="Tags", copy=False, groups=INTERNAL, domain=lambda self: [("res_model", "=", self._name)]
    )
    tag_log_ids = fields.One2many(
        "ctsp.tag.log", "res_id", string="Tag History", readonly=True, copy=False, groups=INTERNAL,
        domain=lambda self: [("res_model", "=", self._name)],
    )

    @api.constrains("tag_ids")
    def _check_tags(self):
        for record in self.sudo():  # superuser: the rule holds for everybody's tags
            if foreign := record.tag_ids.filtered(lambda tag: tag.res_model != self._name):
                raise ValidationError(self.env._(
                    "“%(tag)s” is a tag for other records than “%(record)s”.",
                    tag=foreign[0].name, record=record.display_name,
                ))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(vals.get("tag_ids") for vals in vals_list):
            records._log_tags(dict.fromkeys(records.ids, frozenset()))
        return records

    def write(self, vals):
        if "tag_ids" not in vals:
            return super().write(vals)
        before = self._tag_sets()
        result = super().write(vals)
        self._log_tags(before)
        return result

    def _tag_sets(self):
        records = self.sudo().with_context(active_test=False)  # superuser: archived and unreadable tags count, too
        records.invalidate_recordset(["tag_ids"])  # after a write the cache holds active tags only
        return {record.id: frozenset(record.tag_ids.ids) for record in records}

    def _log_tags(self, before):
        rows = []
        for record_id, after in self._tag_sets().items():
            for operation, tag_ids in (("add", after - before[record_id]), ("remove", before[record_id] - after)):
                rows += [
                    {"res_model": self._name, "res_id": record_id, "tag_id": tag_id, "operation": operation,
                     "user_id": self.env.uid}
                    for tag_id in sorted(tag_ids)
                ]
        self.env["ctsp.tag.log"]._append(rows)

    def _change_tags(self, add=None, remove=None):
        """Put tags on and take tags off all records, as the tag dialog does; needs the right to read them."""
        self.check_access("read")
        none = self.env["ctsp.tag"]
        commands = [(4, tag.id) for tag in add or none] + [(3, tag.id) for tag in remove or none]
        self.sudo().write({"tag_ids": commands})  # superuser: tagging is not editing; the role was checked before

    # ---- the facet of search views --------------------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search" and not arch.xpath("//field[@name='tag_ids']"):
            self._add_tag_facet(arch)
        return arch, view

    @api.model
    def _add_tag_facet(self, arch):
        """Append to the search view ``arch``: search by tag, “untagged”, and group by tag."""
        make = arch.makeelement
        arch.append(make("field", {"name": "tag_ids"}))
        arch.append(make("separator"))
        arch.append(make("filter", {
            "name": "untagged", "string": self.env._("Untagged"), "domain": "[('tag_ids', '=', False)]",
            "groups": INTERNAL,
        }))
        group = arch.find("group")
        if group is None:
            group = make("group")
            arch.append(group)
        group.append(make("filter", {
            "name": "by_tag", "string": self.env._("Tag"), "context": "{'group_by': 'tag_ids'}", "groups": INTERNAL,
        }))
