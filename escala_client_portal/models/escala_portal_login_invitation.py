"""What is sent to an address that may log in: an invitation, or a link for a new password."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class EscalaPortalLogin(models.Model):
    """The mail goes to the address itself, whatever others the contact has, and leaves after the transaction: a link
    that is in a mail is in the database. What has not left when access is taken away does not leave any more.
    """

    _inherit = "escala.portal.login"

    mail_id = fields.Many2one("mail.mail", "Last Invitation", readonly=True, groups=fields.NO_ACCESS)

    def _send_invitation(self, message=None):
        """Invite these addresses to the accounts that they may enter.

        Who has no password yet gets a link to choose one, by which all earlier links are over; the others are told
        what they may enter.

        :param message: text, or HTML as Markup, of whoever invites
        :raises UserError: an address may log in for no account
        """
        # sudo: who may edit the account may invite its contacts
        logins = self.sudo()
        logins._check_open()
        pending = logins.filtered(lambda login: login.state == "pending")
        urls = self.env["escala.portal.activation"].sudo()._create_links(pending, "invitation")
        if message and not isinstance(message, Markup):
            message = plaintext2html(message)
        logins._send("escala_client_portal.mail_template_invitation", urls=urls, message=message)
        now = fields.Datetime.now()
        logins.invited_on = now
        logins._get_open_rows().invited_on = now

    def _send_password_link(self):
        """Send these addresses a link for a new password; who has none yet is invited again.

        :raises UserError: an address may log in for no account
        """
        logins = self.sudo()  # sudo: whoever asks, the link goes to the address
        logins._check_open()
        pending = logins.filtered(lambda login: login.state == "pending")
        if pending:
            pending._send_invitation()
        if active := logins - pending:
            urls = self.env["escala.portal.activation"].sudo()._create_links(active, "reset")
            active._send("escala_client_portal.mail_template_new_password", urls=urls)

    def _get_activation_url(self):
        """Return a link to choose a password, for a mail to this address; the invitation's stays as it is."""
        self.ensure_one()
        links = self.env["escala.portal.activation"].sudo()  # sudo: the link goes to the address itself
        return links._create_links(self, "invitation", replace=False)[self.id]

    def _check_open(self):
        open_logins = self._get_open_rows().login_id
        for login in self - open_logins:
            raise UserError(
                self.env._(
                    "%(email)s of %(contact)s may not log in: switch Login on first.",
                    email=login.email_normalized,
                    contact=login.contact_id.display_name,
                )
            )

    def _send(self, template_xmlid, urls, message=None):
        """Queue one mail to each of the addresses, in the language of the contact.

        The mail hangs on no document: who reads the contact's messages must not read the link.
        """
        self._withdraw_mail()
        template = self.env.ref(template_xmlid).with_context(urls=urls, message=message)
        mails = template.send_mail_batch(
            self.ids,
            email_values={
                "email_cc": False,
                "recipient_ids": [],
                "model": False,
                "res_id": False,
                "message_type": "user_notification",
            },
        )
        for login, mail in zip(self, mails, strict=True):
            login.mail_id = mail
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()  # sudo: a cron

    def _cancel_invitation(self):
        """Make the links that were sent useless, and hold back the mail that has not left yet."""
        self.env["escala.portal.activation"].sudo().search([("login_id", "in", self.ids)])._replace()
        self._withdraw_mail()

    def _withdraw_mail(self):
        self.mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception")).unlink()

    def _get_account_names(self):
        """Return the names of the accounts that this login may enter."""
        return self._get_open_rows().account_id.sorted("name").mapped("display_name")
