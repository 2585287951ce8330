"""What a draft to one and a draft to several have in common: an author, a mailbox that it goes from, files, a time."""

from odoo import api, fields, models


class EscalaEmailDraft(models.AbstractModel):
    """A model that inherits it has a `subject` and a `state`, one of which is `draft`."""

    _name = "escala.email.draft"
    _description = "Draft of an E-mail"

    user_id = fields.Many2one(
        "res.users",
        "Author",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    mailbox_id = fields.Many2one(
        "escala.mailbox",
        "From",
        index=True,
        domain="[('id', 'in', available_mailbox_ids)]",
        default=lambda self: self.env["escala.email.outgoing"]._get_default_mailbox(),
    )
    available_mailbox_ids = fields.Many2many("escala.mailbox", compute="_compute_available_mailbox_ids")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    is_prefilled = fields.Boolean(
        readonly=True, copy=False, help="Opening it has made it; what is in it, nobody has typed."
    )
    send_at = fields.Datetime("Send on", copy=False, help="Left empty, it is sent at once.")

    @api.depends("subject")
    def _compute_display_name(self):
        for draft in self:
            draft.display_name = draft.subject or self.env._("(no subject)")

    @api.depends_context("uid")
    def _compute_available_mailbox_ids(self):
        self.available_mailbox_ids = self.env["escala.mailbox"]._find_for_sending()

    def discard_untouched(self) -> None:
        """Delete those in which nothing has been written since they were opened."""
        self.filtered(
            lambda draft: (
                draft.state == "draft" and draft.is_prefilled and draft.write_date == draft.create_date
            )
        ).unlink()

    def _hang_on_attachments(self) -> None:
        """Make the files that the author has uploaded here go with it: they are read and deleted like it."""
        for draft in self:
            draft.attachment_ids.filtered(
                lambda file, author=draft.user_id: (
                    file.res_model == self._name and not file.res_id and file.create_uid == author
                )
            ).res_id = draft.id

    def _get_form_action(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.display_name,
            "views": [(False, "form")],
        }
