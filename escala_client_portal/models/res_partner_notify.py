"""Client accounts that are notified of what happens on their own pages."""

import re

from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.tools import formataddr, plaintext2html

LAYOUT = "mail.mail_notification_light"
XMLID = re.compile(r"\w+\.\w+")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_notified_addresses(self, category):
        """Return who of these accounts is notified of a category, each address of an account once.

        Nobody is, of an account that is archived or in the bin.

        :param str category: the key of an escala.notification.category
        :return: escala.account.contact
        :raises ValueError: there is no such category
        """
        category = self.env["escala.notification.category"]._get(category)
        # sudo: who is notified does not depend on who may see the account
        accounts = self.sudo()._filter_present()
        rows = self.env["escala.account.contact"].sudo().search([("account_id", "in", accounts.ids)])
        firsts = {
            (row.account_id, row.email_normalized): row for row in reversed(rows._filter_notified(category))
        }
        return rows.filtered(lambda row: firsts.get((row.account_id, row.email_normalized)) == row)

    def _notify_client(self, category, subject, body=None, record=None):
        """Send an e-mail to each address of this account that wants it, in the language of its contact.

        It looks as the account's company has it, or as that of whoever caused it where all companies share the account.
        Whoever did what it is about, as one of the account's contacts, is not notified. Nothing is sent to an
        address whose switch is turned off before the e-mail leaves.

        :param str category: the key of an escala.notification.category
        :param str subject: text, or the external id of a mail.template of the record's model (then without `body`)
        :param body: HTML as Markup, or text
        :param record: what it is about; by default the account
        :return: the mail.mail
        :raises ValueError: there is no such category
        """
        self.ensure_one()
        record = self if record is None else record
        # sudo: a company is told by its e-mails, whoever causes them
        record = record.with_company(self.sudo().company_id or self.env.company)
        category_id = self.env["escala.notification.category"]._get(category).id
        rows = self._get_notified_addresses(category)
        rows = rows.filtered(lambda row: row.contact_id != self.env.user.partner_id)
        # sudo: people cause e-mails who may not create them, such as other clients
        mails = self.env["mail.mail"].sudo()
        for lang, of_lang in rows.grouped(lambda row: row.contact_id.lang or self.env.lang).items():
            message, html = self._make_client_message(subject, body, record.with_context(lang=lang).sudo())
            mails += mails.create(
                [
                    {
                        "mail_message_id": message.id,
                        "body_html": html,
                        "email_to": formataddr((row.contact_id.name or "", row.email)),
                        "client_recipients": {row.email_normalized: row.ids},
                        "notification_category_id": category_id,
                        "auto_delete": True,
                    }
                    for row in of_lang
                ]
            )
        mails._note_client_notifications()
        mails.send_after_commit()
        return mails

    def _make_client_message(self, subject, body, record):
        """Return the message on a record that e-mails to clients are made of, and their HTML."""
        if XMLID.fullmatch(subject) and (template := self.env.ref(subject, raise_if_not_found=False)):
            template, lang = template.sudo().with_company(record.env.company), record.env.lang
            subject = template._render_field("subject", record.ids, set_lang=lang)[record.id]
            body = template._render_field("body_html", record.ids, set_lang=lang)[record.id]
        elif not isinstance(body, Markup):
            body = plaintext2html(body or "")
        author = self._get_client_message_author(record)
        message = record.env["mail.message"].create(
            {
                "author_id": author.id,
                "body": body,
                "email_from": author.email_formatted,
                "message_type": "user_notification",
                "model": record._name,
                "res_id": record.id,
                "subject": subject,
                "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            }
        )
        context = {"message": message}
        if record == self:
            context["model_description"] = record.env._("Account")
        html = record.env["mail.render.mixin"]._render_encapsulate(
            LAYOUT, body, add_context=context, context_record=record
        )
        return message, html

    def _get_client_message_author(self, record):
        """Return whose name it is sent in: the colleague who did something, or the company."""
        user = self.env.user
        if user._is_internal() and user.id != SUPERUSER_ID:
            return user.partner_id
        return record._mail_get_companies(default=record.env.company)[record.id].partner_id
