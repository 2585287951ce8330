"""When the owner of a mailbox leaves: it stops at once, and its mail stays as private as it was, until handed over."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import secret
from ..imap.errors import MailboxError
from .escala_mailbox_sync import MailboxTaken


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    owner_left = fields.Boolean(compute="_compute_owner_left", compute_sudo=True)

    @api.depends("kind", "user_id.active", "user_id.share")
    def _compute_owner_left(self):
        for mailbox in self:
            owner = mailbox.user_id
            mailbox.owner_left = (
                mailbox.kind == "personal" and bool(owner) and (not owner.active or owner.share)
            )

    def action_ask_hand_over(self):
        """Ask to whom."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over"),
            "res_model": "escala.mailbox.handover",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailbox_id": self.id},
        }

    def _hand_over(self, user) -> None:
        """Give the mailbox of somebody who has left, with all its mail, to another internal user, and note it.

        It is not connected, and no password goes with it. A user has one personal mailbox, so that it is archived if
        the new owner has one already: its mail can be read then, and no more comes in.

        Raises AccessError unless a manager asks for it, UserError when the mailbox or the user is not such a one.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            raise AccessError(self.env._("Only managers of mailboxes can hand one over."))
        if not self.owner_left:
            raise UserError(self.env._("The owner of %s has not left.", self.display_name))
        if user.share or not user.active or self.company_id not in user.company_ids:
            raise UserError(
                self.env._(
                    "%(user)s is no internal user of %(company)s.",
                    user=user.display_name,
                    company=self.company_id.display_name,
                )
            )
        mailbox = self.sudo()  # sudo: managers may change nothing else of a personal mailbox
        mailbox._log("handed_over", to_user_id=user.id)
        mailbox._stop()
        mailbox.oauth_token_ids.unlink()
        mailbox.write(
            {
                **mailbox._prepare_no_secrets(),
                "user_id": user.id,
                "active": mailbox.active and not mailbox._find_personal(user),
            }
        )

    @api.model
    def _find_personal(self, user):
        """Return the mailbox that is in use as the user's own, as superuser."""
        # sudo: that there is one is told to the manager who gives them another
        return self.sudo().search([("kind", "=", "personal"), ("user_id", "=", user.id)])

    @api.model
    def _prepare_no_secrets(self) -> dict:
        """Return what to write to forget all passwords and tokens."""
        return {
            name: False
            for name, field in self._fields.items()
            if field.store and name.endswith(secret.COLUMN_SUFFIX)
        }

    def _check_usable(self) -> None:
        """Raises MailboxError `owner_left` for the mailbox of somebody who has left."""
        if self.owner_left:
            raise MailboxError("owner_left")
        return super()._check_usable()

    def _lock(self, connection: tuple) -> None:
        """Raises MailboxTaken also when the owner has left since, in the middle of a run."""
        result = super()._lock(connection)
        if self.owner_left:
            raise MailboxTaken
        return result


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if not vals.get("active", True):
            # sudo: whoever archives a user stops their mailbox, whether or not they may see it
            mailboxes = self.env["escala.mailbox"].sudo().with_context(active_test=False)
            mailboxes.search(
                [("kind", "=", "personal"), ("user_id", "in", self.ids), ("state", "!=", "draft")]
            )._stop()
        return result
