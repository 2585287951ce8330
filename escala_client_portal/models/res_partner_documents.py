"""The documents of client accounts."""

import base64
import hashlib

from odoo import fields, models
from odoo.fields import Domain

from ..documents.files import is_program


class ResPartner(models.Model):
    _inherit = "res.partner"

    client_document_count = fields.Integer(
        "Documents", compute="_compute_client_document_count", groups="base.group_user"
    )

    def _compute_client_document_count(self):
        documents = self.env["escala.document"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        counts = {account.id: count for account, count in documents}
        for partner in self:
            partner.client_document_count = counts.get(partner.id, 0)

    def action_open_client_documents(self):
        """Open the documents of this account."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("escala_client_portal.escala_document_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id, "search_default_account_id": False}
        action["display_name"] = self.env._("Documents of %s", self.display_name)
        return action

    def _file_attachments(self, attachments, source):
        """File attachments in this account's folder for those of e-mails: each once from one source.

        Programs, what is empty and what is too large stay where they are.

        :param attachments: ir.attachment; read by whoever may read the source, which the caller has seen to
        :param source: the record that they came with, such as an escala.email
        :return: escala.document, also those that were filed before
        """
        self.ensure_one()
        # sudo: incoming mail files them, whoever's turn it is
        documents = self.env["escala.document"].sudo().with_context(active_test=False)
        same_source = [
            ("account_id", "=", self.id),
            ("source_model", "=", source._name),
            ("source_id", "=", source.id),
        ]
        filed = documents.search(same_source)
        known = set(filed.mapped("checksum"))
        vals_list = []
        for attachment in attachments.sudo().filtered(lambda attachment: attachment.type == "binary"):
            content = attachment.raw or b""
            checksum = hashlib.sha256(content).hexdigest()
            if (
                checksum in known
                or not content
                or len(content) > documents._get_max_bytes()
                or is_program(attachment.name, content[:8])
            ):
                continue
            known.add(checksum)
            vals_list.append(
                {
                    "account_id": self.id,
                    "folder_id": self.env["escala.document.folder"].sudo()._get_for_emails(self).id,
                    "name": attachment.name,
                    "content": base64.b64encode(content),
                    "source_model": source._name,
                    "source_id": source.id,
                }
            )
        # they came by e-mail: nobody has to be told by another one
        return filed | documents.with_context(escala_document_quietly=True).create(vals_list)

    def _get_client_todos(self, account):
        """Add the documents that wait for the client's approval or signature."""
        # sudo: limited to what clients of this account see
        documents = self.env["escala.document"].sudo()
        waiting = documents.search(
            documents._client_domain(account) & Domain("state", "in", ("to_approve", "to_sign")),
            order="deadline, requested_on, id",
        )
        titles = {"to_approve": self.env._("Approve %s"), "to_sign": self.env._("Sign %s")}
        icons = {"to_approve": "fa-check-square-o", "to_sign": "fa-pencil-square-o"}
        return super()._get_client_todos(account) + [
            {
                "title": titles[document.state] % document.name,
                "url": f"/my/documents/{document.id}",
                "date": document.deadline or document.requested_on.date(),
                "icon": icons[document.state],
            }
            for document in waiting
        ]
