"""Which contacts and leads an e-mail is linked with, where people decide: their word counts more than addresses."""

from collections import defaultdict
from collections.abc import Iterable

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..mime.addresses import split_shown, split_shown_list
from ..mime.plain import html_to_text

# Model -> the links with its records, and those that somebody has taken away.
LINKS = {
    "res.partner": ("partner_ids", "unlinked_partner_ids"),
    "crm.lead": ("lead_ids", "unlinked_lead_ids"),
}


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    unlinked_partner_ids = fields.Many2many(
        "res.partner",
        "escala_email_unlinked_partner_rel",
        "email_id",
        "partner_id",
        "Not to be linked with",
        readonly=True,
        groups=fields.NO_ACCESS,  # only the importer asks, and these need not be contacts that the reader may see
    )
    unlinked_lead_ids = fields.Many2many(
        "crm.lead",
        "escala_email_unlinked_lead_rel",
        "email_id",
        "lead_id",
        "Leads not to be linked with",
        readonly=True,
        groups=fields.NO_ACCESS,  # as above
    )

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def action_link(self, model: str, res_id: int) -> dict | bool:
        """Link the conversations of these e-mails with a contact or lead.

        Raises AccessError if the user may not change the record, or if one of the e-mails is in nobody's mailbox
        but other people's private ones: whoever sees the record would read it then.

        :param model: `res.partner` or `crm.lead`
        :returns: the call that takes it back, see `_sign_undo`; `False` if they were linked already
        """
        record, linked, unlinked = self._get_link_target(model, res_id)
        emails = self._get_conversations_to_relink()
        new = emails.filtered(lambda email: record not in email[linked])
        kept_away = emails.filtered(lambda email: record in email[unlinked])
        emails.write({linked: [Command.link(record.id)], unlinked: [Command.unlink(record.id)]})
        emails._follow_sharing()
        return bool(new) and self._sign_undo("undo_link", model, record.id, new.ids, kept_away.ids)

    def undo_link(self, token: str) -> bool:
        """Take a link back that the user has made, as if it had never been: an address may bring it again.

        Raises AccessError if it is not theirs, or too long ago.

        :param token: as `action_link` gave it
        """
        model, res_id, ids, kept_away_ids = self._read_undo("undo_link", token)
        record, linked, unlinked = self._get_link_target(model, res_id)
        # sudo: users write no e-mails; these are those that the user has linked
        emails = self.browse(ids).exists()._filter_relinkable().sudo()
        emails = emails.filtered(lambda email: record in email[linked])
        emails.write({linked: [Command.unlink(record.id)]})
        (emails & emails.browse(kept_away_ids)).write({unlinked: [Command.link(record.id)]})
        emails._move_answers_from(record)
        emails._follow_sharing()
        return True

    def action_unlink(self, model: str, res_id: int) -> dict:
        """Take back a link, also one that came of an address, and remember it: it does not come again by itself.

        Raises AccessError as `action_link` does.

        :returns: `is_readable`: whether the user may still read these e-mails, and `undo`, the call that takes it back,
            see `_sign_undo`
        """
        record, linked, unlinked = self._get_link_target(model, res_id)
        emails = self._get_conversations_to_relink()
        emails = emails.filtered(lambda email: record in email[linked])
        emails.write({linked: [Command.unlink(record.id)], unlinked: [Command.link(record.id)]})
        moved = emails._move_answers_from(record)
        emails._follow_sharing()
        undo = emails.sudo(False)._sign_undo("undo_unlink", model, record.id, emails.ids, moved.ids)
        return {"is_readable": self.has_access("read"), "undo": undo}

    def undo_unlink(self, token: str) -> bool:
        """Link again what the user has unlinked, as far as the mailboxes still let its readers link it.

        Who unlinks an e-mail may have read it by that link alone; so it is what was signed that is asked for, and not
        whether they may read it now. Raises AccessError if it is not theirs, or too long ago.

        :param token: as `action_unlink` gave it
        """
        model, res_id, ids, moved_ids = self._read_undo("undo_unlink", token)
        record, linked, unlinked = self._get_link_target(model, res_id)
        # sudo: users write no e-mails; these are those that the user has unlinked
        emails = self.browse(ids).exists()._filter_relinkable().sudo()
        emails = emails.filtered(lambda email: record in email[unlinked])
        emails.write({linked: [Command.link(record.id)], unlinked: [Command.unlink(record.id)]})
        activities = emails._get_open_answers()
        (activities & activities.browse(moved_ids)).write(self._prepare_answer_place(record))
        emails._follow_sharing()
        return True

    def is_read_by_link_alone(self, model: str, res_id: int) -> bool:
        """Tell whether the user could not read this e-mail any more without its link with a contact or lead."""
        self.ensure_one()
        self.check_access("read")
        record, _linked, _unlinked = self._get_link_target(model, res_id)
        own = self.env["escala.mailbox"]._find_own()
        mine = self._in_mailboxes(own) | self._has_value("sent_by_id", self.env.user)
        others = self._linked_to_readable("partner_ids", record) | self._linked_to_readable(
            "lead_ids", record
        )
        # sudo: the user may read the e-mail; of the records, those that they may read are in the condition
        return not self.sudo().search_count(Domain("id", "=", self.id) & (mine | others))

    def _get_link_target(self, model: str, res_id: int) -> tuple:
        if model not in LINKS:
            raise UserError(self.env._("E-mails are linked with contacts and leads only."))
        record = self.env[model].browse(res_id).exists()
        if not record:
            raise UserError(self.env._("What this e-mail was to be linked with is not there any more."))
        record.check_access("write")
        return record.sudo(), *LINKS[model]

    def _get_conversations_to_relink(self):
        """Return all e-mails of these conversations whose links the user may change, as superuser."""
        self.check_access("read")
        if self - self._filter_relinkable():
            raise AccessError(
                self.env._("Whom a private e-mail is linked with is for the people of its mailbox to say.")
            )
        conversations = self | self.search([("thread_id", "in", self.thread_id.ids)])
        # sudo: users write no e-mails; these are theirs to link, as found out here
        return conversations._filter_relinkable().sudo()

    def _filter_relinkable(self):
        """Return those of the user's own mailboxes, or of mailboxes that share what they have.

        What somebody shares from a private mailbox is shared with whom they have chosen, and with no others; of a
        mailbox that is not linked to the CRM nobody else knows.
        """
        own = self.env["escala.mailbox"]._find_own()
        shared = self.env["escala.mailbox"]._find_of_companies()._filter_shared()
        mine = self._in_mailboxes(own | shared) | Domain("sent_by_id", "=", self.env.uid)
        # sudo: only in which of these mailboxes there is a copy, and who has sent it
        return self & self.sudo().search(Domain("id", "in", self.ids) & mine).sudo(False)

    def _move_answers_from(self, record):
        """Ask for the answers that were asked for on this record on another one, or on none; return what asks."""
        activities = self._get_open_answers().filtered(
            lambda activity: (activity.res_model, activity.res_id) == (record._name, record.id)
        )
        for activity in activities:
            email = activity.escala_email_id
            [answer] = email._prepare_answers(email._get_mailboxes()[:1])
            place = self._prepare_answer_place(answer.document) or {"res_model_id": False, "res_id": False}
            activity.write({**place, **email._prepare_neutral_texts(activity.user_id)})
        return activities

    # ------------------------------------------------------------
    # BY ADDRESS
    # ------------------------------------------------------------

    def _link_by_matching(self, partner_ids: Iterable[int], lead_ids: Iterable[int]) -> None:
        """Link these e-mails with whom their addresses belong to, save where somebody has taken the link away."""
        groups = defaultdict(self.browse)
        for email in self:
            groups[email.unlinked_partner_ids, email.unlinked_lead_ids] += email
        for (partners, leads), emails in groups.items():
            emails.write(
                {
                    "partner_ids": [Command.link(id_) for id_ in sorted({*partner_ids} - {*partners.ids})],
                    "lead_ids": [Command.link(id_) for id_ in sorted({*lead_ids} - {*leads.ids})],
                }
            )

    # ------------------------------------------------------------
    # NEW CONTACTS AND LEADS
    # ------------------------------------------------------------

    def prepare_new_record(self, model: str) -> dict:
        """Return the context in which a form for a new contact or lead begins with what the e-mail says.

        It is linked by `action_link` once it is saved.

        :param model: `res.partner` or `crm.lead`
        """
        self.ensure_one()
        self.check_access("read")
        name, address = self._get_customer_name_and_address()
        if model == "res.partner":
            return {"default_name": name or address, "default_email": address, "default_is_company": False}
        partner = self.partner_ids._filtered_access("read").sorted("id")[:1]
        return {
            "default_name": self.subject or name or address,
            "default_type": self._get_type_of_new_leads(),
            "default_email_from": partner.email or address,
            "default_contact_name": partner.name or name,
            "default_partner_id": partner.id,
            "default_user_id": self.env.uid,
            "default_description": plaintext2html(html_to_text(self.body or "")),
        }

    def _get_customer_name_and_address(self) -> tuple[str, str]:
        """Return who wrote, or else to whom one's own people wrote; the name is empty if it is not known."""
        if self.direction == "out":
            return next(iter(split_shown_list(self.recipients)), ("", ""))
        name, address = split_shown(self.sender)
        return name, self.sender_email or address

    @api.model
    def _get_type_of_new_leads(self) -> str:
        return "lead" if self.env.user.has_group("crm.group_use_lead") else "opportunity"
