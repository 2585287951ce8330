"""Client accounts that are notified of what happens on their own pages."""

from odoo import models
from odoo.tools import formataddr, plaintext2html


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_notified_addresses(self, category):
        """Return the rows (escala.account.contact) of these accounts that are notified of a category."""
        # sudo: who is notified does not depend on who may see the account
        return (
            self.env["escala.account.contact"]
            .sudo()
            .search([("account_id", "in", self.ids), ("notify", "=", True)])
        )

    def _notify_client(self, category, subject, body=None, record=None):
        """Send an e-mail to each address of this account that wants it.

        :param str subject: text, or the external id of a mail.template of the record's model (then without `body`)
        :return: the mail.mail
        """
        self.ensure_one()
        record = self if record is None else record
        # sudo: people cause e-mails who may not create them
        mails = self.env["mail.mail"].sudo()
        for row in self._get_notified_addresses(category):
            text, html = subject, plaintext2html(body or "")
            if (
                template := self.env.ref(subject, raise_if_not_found=False)
                if "." in subject and " " not in subject
                else None
            ):
                template = template.sudo()
                text = template._render_field("subject", record.ids, set_lang=row.contact_id.lang)[record.id]
                html = template._render_field("body_html", record.ids, set_lang=row.contact_id.lang)[
                    record.id
                ]
            mails += mails.create(
                {
                    "subject": text,
                    "body_html": html,
                    "email_to": formataddr((row.contact_id.name or "", row.email)),
                    "model": record._name,
                    "res_id": record.id,
                }
            )
        return mails
