"""Accounts, their people with logins, mailboxes, and e-mails as the synchronisation stores them."""

from odoo import Command

from odoo.addons.escala_mail_sync.tests.common import MailboxCase

from .common import ClientPortalCase


class AccountEmailsCase(MailboxCase, ClientPortalCase):
    """Ana and Otto are on the vineyard, Jo on the vineyard and the garage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jo = cls.contact("Jo", "jo@adviser.example")
        on = {"login": True, "notify": True, "email_sync": True}
        cls.ana_row = cls.give_access(cls.vineyard, cls.ana, **on)
        cls.otto_row = cls.give_access(cls.vineyard, cls.otto, **on)
        cls.jo_row = cls.give_access(cls.vineyard, cls.jo, **on)
        cls.jo_garage_row = cls.give_access(cls.garage, cls.jo, **on)
        cls.salesperson = cls.colleague

    def store(self, mailbox, sender, to, cc="", bcc="", thread=None, **values):
        """Store an e-mail in the inbox of a mailbox, and link it as the importer does."""
        names = [*filter(None, [sender, *to.split(", "), *cc.split(", "), *bcc.split(", ")])]
        email = self.make_email(
            mailbox,
            sender=sender,
            sender_email=sender.partition("<")[2].rstrip(">") or sender,
            recipients=to,
            cc=cc or False,
            addresses=" ".join(name.partition("<")[2].rstrip(">") or name for name in names),
            thread_id=(thread or self.env["escala.email.thread"].create({})).id,
            partner_ids=[Command.set(self._find_partners(names).ids)],
            **{"attachment_count": 1, **values},
        )
        email._link_accounts()
        return email

    def _find_partners(self, names):
        emails = [name.partition("<")[2].rstrip(">") or name for name in names]
        return self.env["res.partner"].search([("email_normalized", "in", emails)])

    def shown_to(self, row):
        """Return what the address of a row is shown on its account."""
        emails = self.env["escala.email"].sudo()
        return emails.search(emails._get_client_domain(row.account_id, row.login_id.user_id))
