"""The wizard's end: the mailbox is made, or changed, and connected; or nothing is."""

from odoo import Command, models
from odoo.exceptions import UserError

from .. import secret
from .escala_mailbox_wizard import OPTION_FIELDS, SERVER_FIELDS


class EscalaMailboxWizard(models.TransientModel):
    _inherit = "escala.mailbox.wizard"

    def action_finish(self):
        """Make the mailbox and connect it, and show it while its first e-mails come in.

        Raises UserError, and saves nothing, when it does not connect.
        """
        self.ensure_one()
        if self.auth_method != "password":
            self.check_access("write")
            self._check_may_save()
            return {"type": "ir.actions.act_url", "url": self._get_reconnect_url(), "target": "self"}
        mailbox = self._save_mailbox()
        answer = mailbox.action_connect()
        if mailbox.error_code or mailbox.state != "connected":
            raise UserError(answer["params"]["message"])
        self._tick_folders(mailbox)
        self._forget_passwords()
        return mailbox._get_form_action()

    def _save_mailbox(self):
        """Create or change the mailbox with the rights of the user."""
        self._check_may_save()
        values = self._prepare_mailbox_values()
        if self.mailbox_id:
            self.mailbox_id.write(values)
            return self.mailbox_id
        # the owner of a personal mailbox is whoever connects it, by default and by the record rules
        return self.env["escala.mailbox"].create(
            {"kind": self.kind, "company_id": self.company_id.id, **values}
        )

    def _check_may_save(self) -> None:
        if self.mailbox_id:
            self.mailbox_id.check_access("write")
        elif self.kind == "personal":
            self._check_no_personal_mailbox()
        else:
            self._check_manager()

    def _prepare_mailbox_values(self) -> dict:
        values = {name: self[name] for name in (*SERVER_FIELDS, *OPTION_FIELDS, "email", "auth_method")}
        values["member_ids"] = [Command.set(self.member_ids.ids if self.kind != "personal" else [])]
        wizard = (
            self.sudo()
        )  # sudo: no user reads the encrypted passwords; they go into the mailbox, encrypted
        for name in ("imap_password", "smtp_password"):
            token = wizard[f"{name}_encrypted"]
            if token and self.auth_method == "password":
                values[name] = secret.decrypt(token)
        if self.kind == "marketing":
            values |= dict.fromkeys(("imap_host", "imap_login"), False)
        return values

    def _check_no_personal_mailbox(self) -> None:
        own = self.env["escala.mailbox"].search(
            [("kind", "=", "personal"), ("user_id", "=", self.env.uid)], limit=1
        )
        if own:
            raise UserError(
                self.env._("You have connected %s. Reconnect it with another address.", own.display_name)
            )

    def _tick_folders(self, mailbox) -> None:
        """Follow what was ticked here; a folder that appeared in between is as by default."""
        wanted = {folder.path: folder.selected for folder in self.folder_ids}
        for folder in mailbox.folder_ids:
            if wanted.get(folder.path, folder.selected) != folder.selected:
                folder.selected = not folder.selected

    def _forget_passwords(self) -> None:
        # sudo: no user reads or writes them; from here on they are the mailbox's
        self.sudo().write({"imap_password_encrypted": False, "smtp_password_encrypted": False})
