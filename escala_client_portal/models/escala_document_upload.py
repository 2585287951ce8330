"""Uploads by clients: how many, into which folder, and who hears of it."""

import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

UPLOADS_PER_MINUTE = 30


class TooManyUploads(UserError):
    """More files in a minute than are taken from one client."""


class EscalaDocument(models.Model):
    _inherit = "escala.document"

    @api.model
    def _upload(self, account, folder, name, content, client_request=None):
        """Keep a file that a client of the account uploads; the account's responsible is asked to look at it.

        :param folder: escala.document.folder of that account, or none for the top
        :param str name: as the browser sent it
        :param bytes content: of the file
        :param client_request: escala.client.request that it is sent for, if any
        :return: escala.document
        :raises TooManyUploads: wait a minute
        :raises UserError: the folder takes none, or the file is none that is accepted
        """
        self._check_upload_rate()
        if folder and not folder._takes_uploads(account):
            raise UserError(self.env._("Nothing can be uploaded to this folder."))
        document = self.create(
            {
                "account_id": account.id,
                "folder_id": folder.id,
                "name": name,
                "content": base64.b64encode(content),
                "client_request_id": client_request.id if client_request else False,
            }
        )
        document._ask_responsible_to_look()
        return document

    @api.model
    def _check_upload_rate(self):
        """Count in the log what this user, or whoever has this link, uploaded in the last minute."""
        actor = self._get_actor()
        own = (
            Domain("link_id", "=", actor.link_id) if actor.link_id else Domain("user_id", "=", actor.user_id)
        )
        lately = Domain("happened_on", ">", fields.Datetime.now() - timedelta(minutes=1))
        # sudo: a client reads no log
        events = self.env["escala.document.event"].sudo()
        if events.search_count(Domain("action", "=", "uploaded") & own & lately) >= UPLOADS_PER_MINUTE:
            raise TooManyUploads(
                self.env._(
                    "You have uploaded %(count)s files in a minute. Wait a minute, then go on with the rest.",
                    count=UPLOADS_PER_MINUTE,
                )
            )

    def _ask_responsible_to_look(self):
        """Leave one activity to the account's responsible, however many files come until it is done."""
        self.ensure_one()
        responsible = self._get_responsible()
        if not responsible:
            return
        activity_type = self.env.ref("escala_client_portal.mail_activity_document_uploaded")
        # sudo: a client reads no activities
        activities = self.env["mail.activity"].sudo()
        waiting = activities.search(
            [
                ("activity_type_id", "=", activity_type.id),
                ("user_id", "=", responsible.id),
                ("res_model", "=", self._name),
            ]
        )
        if self.account_id in self.browse(waiting.mapped("res_id")).exists().account_id:
            return
        lang = responsible.lang
        self.sudo().activity_schedule(
            activity_type_id=activity_type.id,
            user_id=responsible.id,
            summary=self.with_context(lang=lang).env._("New documents of %s", self.account_id.display_name),
        )

    def _tell_responsible(self, summary, note=None):
        """Leave an activity on what a client decided to whoever asked, or else to the account's responsible."""
        self.ensure_one()
        if responsible := self._get_responsible():
            # sudo: a client writes no activities
            self.sudo().activity_schedule(
                "escala_client_portal.mail_activity_document_decided",
                user_id=responsible.id,
                summary=summary,
                note=note and plaintext2html(note),
            )

    def _get_responsible(self):
        """Return who of the firm looks after this document; nobody if nobody does."""
        # sudo: a client reads neither
        document = self.sudo()
        asked = document.requested_by_id | document.client_request_id.requested_by_id
        asked = asked.filtered(lambda user: user.active and user._is_internal())
        return asked[:1] or document.account_id._get_client_responsible()
