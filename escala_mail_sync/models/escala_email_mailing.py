"""One text to several contacts or leads, each of whom gets an e-mail of their own."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, formataddr, is_html_empty

# Providers take more for spam; beyond, Odoo's mass mailing lets people unsubscribe.
MOST_RECIPIENTS = 500
NAMED = 10  # of those who are left out
# Model -> the field with the name of whom a record is about
NAMES = {"res.partner": "name", "crm.lead": "contact_name"}
STATES = {
    "waiting_count": ("outgoing", "sending"),
    "sent_count": ("sent",),
    "failed_count": ("failed", "unknown"),
}


class EscalaEmailMailing(models.Model):
    """A draft until it is sent; then the e-mails that it became.

    Placeholders are filled in with the rights of whoever sends it, as in Odoo's own composer.
    """

    _name = "escala.email.mailing"
    _inherit = ["mail.composer.mixin", "escala.email.draft"]
    _description = "E-mail to Several"
    _order = "id desc"
    _rec_name = "subject"

    mailbox_id = fields.Many2one(ondelete="cascade")
    model = fields.Selection(
        [("res.partner", "Contacts"), ("crm.lead", "Leads")], required=True, readonly=True
    )
    res_ids = fields.Json("Records", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("stopped", "Stopped")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    skipped = fields.Text("Left out", readonly=True, copy=False)
    recipient_count = fields.Integer("Recipients", readonly=True, copy=False)

    email_ids = fields.One2many("escala.email.outgoing", "mailing_id", "E-mails", readonly=True)
    waiting_count = fields.Integer("To be sent", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    failed_count = fields.Integer("Not sent", compute="_compute_counts")

    preview_number = fields.Integer(default=1, copy=False)
    preview_to = fields.Char("To", compute="_compute_preview")
    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(compute="_compute_preview", sanitize=False)
    preview_error = fields.Char(compute="_compute_preview")

    @api.constrains("res_ids")
    def _check_res_ids(self):
        for mailing in self:
            if len(mailing.res_ids) > MOST_RECIPIENTS:
                raise ValidationError(
                    self.env._(
                        "These are %(count)s; no more than %(most)s can be written to in this way. Write to more with "
                        "Odoo's Email Marketing, by which they can unsubscribe.",
                        count=len(mailing.res_ids),
                        most=MOST_RECIPIENTS,
                    )
                )

    @api.depends("model")
    def _compute_render_model(self):
        for mailing in self:
            mailing.render_model = mailing.model

    @api.depends("template_id")
    def _compute_body(self):
        """Override: without a template, begin with the signature."""
        result = super()._compute_body()
        for mailing in self.filtered(lambda mailing: is_html_empty(mailing.body)):
            mailing.body = self.env["escala.email.outgoing"]._get_signature()
        return result

    @api.depends("email_ids.state")
    def _compute_counts(self):
        counts = defaultdict(int)
        groups = self.env["escala.email.outgoing"]._read_group(
            [("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count"]
        )
        for mailing, state, count in groups:
            counts[mailing.id, state] += count
        for mailing in self:
            for name, states in STATES.items():
                mailing[name] = sum(counts[mailing.id, state] for state in states)

    @api.depends("subject", "body", "template_id", "res_ids", "preview_number")
    def _compute_preview(self):
        """Show what one of the recipients gets, or what is wrong with a placeholder."""
        for mailing in self:
            mailing.preview_to = mailing.preview_subject = mailing.preview_body = mailing.preview_error = (
                False
            )
            recipients, _skipped = mailing._find_recipients()
            if not recipients:
                continue
            record, to = [*recipients.items()][(mailing.preview_number - 1) % len(recipients)]
            mailing.preview_to = to
            try:
                [(mailing.preview_subject, mailing.preview_body)] = mailing._render([record.id]).values()
            except Exception as error:  # whatever an expression of the user's raises
                mailing.preview_error = str(error)

    @api.onchange("template_id")
    def _onchange_template_id(self):
        self.attachment_ids |= self.template_id.attachment_ids

    @api.model_create_multi
    def create(self, vals_list):
        mailings = super().create(vals_list)
        mailings.mailbox_id._check_for_sending()
        mailings._hang_on_attachments()
        mailings._note_recipients()
        return mailings

    def write(self, vals):
        result = super().write(vals)
        # Rules are checked before the change only: nobody may give one to another, with whose rights it is rendered.
        self.check_access("write")
        if "mailbox_id" in vals:
            self.mailbox_id._check_for_sending()
        if "attachment_ids" in vals:
            self._hang_on_attachments()
        return result

    @api.model
    def _open_for(self, records):
        """Open a draft to each of these contacts or leads; a usual one, when it is only one.

        Raises ValidationError when they are too many.
        """
        if len(records) == 1:
            return records.action_compose_email()
        values = {"model": records._name, "res_ids": records.ids, "is_prefilled": True}
        return self.create(values)._get_form_action()

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def action_send(self):
        """Have an e-mail sent to each, in some seconds or at the time that was chosen.

        Raises UserError when there is nobody to send to, and as `escala.email.outgoing.action_send` does.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("“%s” is sent already.", self.display_name))
        self._note_recipients()
        recipients, _skipped = self._find_recipients()
        if not recipients:
            raise UserError(self.env._("None of them can be written to:\n%s", self.skipped or ""))
        emails = self.env["escala.email.outgoing"].create(self._prepare_emails(recipients))
        emails.action_send()
        self.state = "sent"
        return emails._get_undo_action(self)

    def end_undo_time(self) -> None:
        """Don't wait any longer: nobody has undone it."""
        self.email_ids.end_undo_time()

    def action_undo(self):
        """Take back what has not left; return it, to be edited if that is all of it."""
        self.ensure_one()
        self.check_access("write")
        # sudo: outgoing e-mails that are no drafts can be deleted by no user
        waiting = self.email_ids.sudo().filtered(lambda email: email.state == "outgoing")
        free = waiting.try_lock_for_update()
        free.invalidate_recordset(["state"])
        free.filtered(lambda email: email.state == "outgoing").unlink()
        self.state = "stopped" if self.email_ids else "draft"
        return self._get_form_action()

    def action_next_preview(self) -> None:
        """Show what the next recipient gets."""
        self.preview_number += 1

    def action_previous_preview(self) -> None:
        """Show what the recipient before gets."""
        self.preview_number -= 1

    def action_open_emails(self):
        """Show what became of the e-mails, grouped by that."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.email_ids._name,
            "name": self.display_name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("mailing_id", "=", self.id)],
            "context": {"group_by": "state", "create": False},
        }

    def _prepare_emails(self, recipients: dict) -> list[dict]:
        """Return the values of an e-mail for each recipient, who sees no other."""
        texts = self._render([record.id for record in recipients])
        return [
            {
                "mailing_id": self.id,
                "mailbox_id": self.mailbox_id.id,
                "model": self.model,
                "res_id": record.id,
                "to": to,
                "subject": texts[record.id][0],
                "body": texts[record.id][1],
                "attachment_ids": self.attachment_ids.ids,
                "send_at": self.send_at,
            }
            for record, to in recipients.items()
        ]

    def _render(self, res_ids: list[int]) -> dict[int, tuple[str, str]]:
        """Return subject and text for each record, in its language, with the rights of the user."""
        subjects = self._render_field("subject", res_ids, compute_lang=True)
        bodies = self._render_field("body", res_ids, compute_lang=True)
        add_signature = self.env["escala.email.outgoing"]._add_signature
        return {id_: (subjects[id_], add_signature(bodies[id_])) for id_ in res_ids}

    # ------------------------------------------------------------
    # RECIPIENTS
    # ------------------------------------------------------------

    def _find_recipients(self) -> tuple[dict, dict[str, list[str]]]:
        """Return whom it goes to, and whom it does not.

        :return: the address, with the name, by record; the names of those who are left out, by the reason
        """
        self.ensure_one()
        reasons = self._get_reasons()
        recipients, skipped, known = {}, defaultdict(list), set()
        for record in self.env[self.model].search([("id", "in", self.res_ids)]):
            email = record.email_normalized
            reason = (
                (not email and "none")
                or (record.is_blacklisted and "blacklisted")
                or (email in known and "twice")
            )
            if reason:
                skipped[reasons[reason]].append(record.display_name)
            else:
                known.add(email)
                recipients[record] = formataddr((record[NAMES[self.model]] or "", email_normalize(email)))
        return recipients, skipped

    def _get_reasons(self) -> dict[str, str]:
        return {
            "none": self.env._("Without an address"),
            "blacklisted": self.env._("Do not want such e-mails (blacklist)"),
            "twice": self.env._("With the address of another one"),
        }

    def _note_recipients(self) -> None:
        """Note how many get it, and who does not and why."""
        for mailing in self:
            recipients, skipped = mailing._find_recipients()
            mailing.recipient_count = len(recipients)
            mailing.skipped = "\n".join(mailing._describe(*group) for group in skipped.items()) or False

    def _describe(self, reason: str, names: list[str]) -> str:
        shown = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            shown = self.env._("%(names)s and %(count)s more", names=shown, count=len(names) - NAMED)
        return f"{reason}: {shown}"

    @api.autovacuum
    def _gc_mailings(self):
        """Delete those that were never written, and those whose e-mails have been forgotten."""
        outgoing = self.env["escala.email.outgoing"]
        self.search(
            [("state", "=", "draft"), ("write_date", "<", outgoing._get_untouched_limit())]
        ).discard_untouched()
        self.search([("state", "!=", "draft"), ("email_ids", "=", False)]).unlink()
