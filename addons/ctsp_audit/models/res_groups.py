from odoo import api, models

WATCHED = frozenset({"user_ids", "implied_ids", "implied_by_ids"})


class ResGroups(models.Model):
    """Permissions given through the group instead of the account are logged for each account, one's own above all."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        if self.env.registry.ready:
            for group in created:
                group._log_holders(self.env["res.users"])
        return created

    def write(self, vals):
        if not self.env.registry.ready or not WATCHED & vals.keys():
            return super().write(vals)
        # superuser: groups and their holders, for the log
        holders = {group: group.sudo().user_ids for group in self} if "user_ids" in vals else {}
        own = self.env.user.sudo().all_group_ids
        result = super().write(vals)
        for group, before in holders.items():
            group._log_holders(before)
        if "user_ids" not in vals:
            self._log_implied(own)
        return result

    def _log_holders(self, before):
        """Log who gained and who lost the group by a change of its ``user_ids``."""
        after = self.sudo().user_ids  # superuser: see write
        for user in after - before:
            user._log_grant(user.group_ids - self, user.group_ids)
        for user in before - after:
            user._log_grant(user.group_ids | self, user.group_ids)

    def _log_implied(self, before):
        """Log what the one who changes the group gained by what it now leads to."""
        user = self.env.user
        user.invalidate_recordset(["all_group_ids"])
        gained = user.sudo().all_group_ids - before  # superuser: see write
        if gained:
            user._log_grant(before, before | gained)
