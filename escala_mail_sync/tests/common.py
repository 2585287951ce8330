"""Mailboxes without a server: what is tested here does not reach one."""

from odoo.tests import TransactionCase, new_test_user

GROUP_USER = "escala_mail_sync.group_mailbox_user"
GROUP_MANAGER = "escala_mail_sync.group_mailbox_manager"


class MailboxCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = f"sales_team.group_sale_salesman,base.group_allow_export,{GROUP_USER}"
        cls.owner = new_test_user(cls.env, "owner", salesman, lang="en_US")
        cls.colleague = new_test_user(cls.env, "colleague", salesman, lang="en_US")
        cls.manager = new_test_user(
            cls.env, "manager", f"base.group_user,base.group_allow_export,{GROUP_MANAGER}"
        )
        cls.env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
        cls.personal = cls.make_mailbox("owner@nordica.example", user_id=cls.owner.id)
        cls.shared = cls.make_mailbox("team@nordica.example", kind="shared", member_ids=cls.owner.ids)

    @classmethod
    def make_mailbox(cls, email, **values):
        defaults = {"email": email, "imap_host": "imap.nordica.example", "imap_password": "s3cret-ñ"}
        return cls.env["escala.mailbox"].create({**defaults, **values})

    def make_email(self, mailbox, role="inbox", **values):
        """Store an e-mail as the synchronisation would, in a folder of a mailbox, the inbox unless told otherwise."""
        email = self.env["escala.email"].create(
            {
                "subject": "Oferta",
                "date": "2026-10-01 10:00:00",
                "direction": "in",
                "sender": "Ana <ana@cliente.example>",
                "sender_email": "ana@cliente.example",
                "content_key": f"key-{self.env['escala.email'].search_count([])}",
                **values,
            }
        )
        attachment = self.env["ir.attachment"].create(
            {"name": "plano.txt", "raw": b"secret plan", "res_model": email._name, "res_id": email.id}
        )
        email.mail_message_id = self.env["mail.message"].create(
            {
                "model": email._name,
                "res_id": email.id,
                "message_type": "email",
                "author_id": False,
                "email_from": "ana@cliente.example",
                "body": "<p>confidential</p>",
                "attachment_ids": attachment.ids,
            }
        )
        self.add_copy(email, mailbox, role)
        return email

    def add_copy(self, email, mailbox, role="inbox", **values):
        """Note in the ledger that a folder of its own of this mailbox holds a copy."""
        folder = mailbox.env["escala.mailbox.folder"].create(
            {
                "mailbox_id": mailbox.id,
                "path": f"F{email.id}.{role}",
                "role": role,
                "selected": True,
                "uidvalidity": 2**32 - 1,
            }
        )
        return mailbox.env["escala.mailbox.message"].create(
            {
                "folder_id": folder.id,
                "uidvalidity": 2**32 - 1,
                "uid": 1,
                "email_id": email.id,
                "state": "linked",
                "content_key": email.content_key,
                **values,
            }
        )
