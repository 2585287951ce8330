"""What people switch: share or hide an e-mail or its conversation; and the words that say who sees it."""

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_list


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    seen_by = fields.Char(compute="_compute_seen_by", help="Who sees this e-mail.")
    can_share = fields.Boolean(compute="_compute_sharing")
    can_hide = fields.Boolean(compute="_compute_sharing")
    is_shared_on_purpose = fields.Boolean(compute="_compute_sharing")
    is_conversation_shared = fields.Boolean(compute="_compute_sharing")
    is_conversation_hidden = fields.Boolean(compute="_compute_sharing")

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_sharing(self):
        """Tell what the user can switch, of their own mailboxes alone."""
        mailboxes = self._find_own_mailboxes()
        for email in self:
            own = mailboxes.get(email._origin, self.env["escala.mailbox"])
            sharing, hiding = own._filter_sharing(), own._filter_hiding()
            # sudo: which mailboxes share or hide something is shown to nobody but their own people
            stored = email._origin.sudo()
            email.can_share = bool(sharing)
            email.can_hide = bool(hiding and stored.thread_id)
            email.is_shared_on_purpose = bool(sharing & stored.shared_by_mailbox_ids)
            email.is_conversation_shared = bool(sharing & stored.thread_id.shared_by_mailbox_ids)
            email.is_conversation_hidden = bool(hiding & stored.thread_id.hidden_by_mailbox_ids)

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_seen_by(self):
        mailboxes = self._find_own_mailboxes()
        for email in self:
            own = mailboxes.get(email._origin, self.env["escala.mailbox"])
            email.seen_by = email._get_words_for_seen_by(own)

    def _find_own_mailboxes(self) -> dict:
        """Map these e-mails to the mailboxes with a copy that are the user's own, as superuser."""
        own = self.env["escala.mailbox"]._find_own()
        # sudo: of the ledger nothing is read but in which of the user's own mailboxes there is a copy
        rows = self.env["escala.mailbox.message"].sudo()
        found = {email: own & email.sudo().sent_mailbox_id for email in self._origin}
        for email, mailbox in rows._read_group(
            [("email_id", "in", self.ids), ("mailbox_id", "in", own.ids)], ["email_id", "mailbox_id"]
        ):
            found[email.sudo(False)] |= mailbox
        return found

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _get_words_for_seen_by(self, own) -> str:
        """Return who sees the e-mail, as far as the user may know: of private mailboxes only their own are named.

        :param own: the user's own mailboxes that have a copy, as superuser
        """
        if self.is_shared:
            names = self._get_readable_documents()
            if names:
                return self.env._("Everybody who may see %s", format_list(self.env, names, "or"))
            return self.env._("Everybody who may see what it is linked with")
        together = own.filtered(lambda mailbox: (mailbox.user_id | mailbox.member_ids) - self.env.user)
        if together:
            names = together.mapped("display_name")
            words = self.env._("You and the members of %s", format_list(self.env, names))
        else:
            words = self.env._("Only you") if own else ""
        return " · ".join(filter(None, [words, self._get_words_for_hidden(own)]))

    def _get_readable_documents(self) -> list[str]:
        """Return the names of the contacts and leads of the e-mail that the user may see."""
        names = []
        # sudo: of these the user reads the names of those only that they may read
        for documents in (self.sudo().partner_ids, self.sudo().lead_ids):
            names += documents.sudo(False)._filtered_access("read").mapped("display_name")
        return names

    def _get_words_for_hidden(self, own) -> str:
        """Return why the others do not see what a mailbox shares, empty if no mailbox of the user's shares it."""
        # sudo: whether it is hidden; names are those of contacts and leads that the user may see
        stored = self.sudo()
        if not (own._filter_hiding() or own & stored.shared_by_mailbox_ids):
            return ""
        if stored.thread_id.hidden_by_mailbox_ids:
            return self.env._("This conversation is hidden from everybody else.")
        partners = stored.partner_ids | stored.partner_ids.commercial_partner_id
        names = []
        for documents in (partners.filtered("hide_emails"), stored.lead_ids.filtered("hide_emails")):
            names += documents.sudo(False)._filtered_access("read").mapped("display_name")
        if names:
            return self.env._(
                "The e-mails of %s are hidden from everybody else.", format_list(self.env, names)
            )
        return ""

    # ------------------------------------------------------------
    # SWITCHES
    # ------------------------------------------------------------

    def action_share(self):
        """Let everybody read these e-mails who may see what they are linked with.

        Raises AccessError if one is in no private mailbox of the user's own.
        """
        for email, mailboxes in self._get_to_share().items():
            email.shared_by_mailbox_ids = [Command.link(id_) for id_ in mailboxes.ids]
        self._follow_sharing()
        return True

    def action_stop_sharing(self):
        """Take back `action_share`: at once, for these e-mails alone."""
        for email, mailboxes in self._get_to_share().items():
            email.shared_by_mailbox_ids = [Command.unlink(id_) for id_ in mailboxes.ids]
        self._follow_sharing()
        return True

    def action_share_conversation(self):
        """Share all of the conversation that is in the user's own private mailboxes, and what is still to come."""
        self._switch_conversation(Command.link)
        return True

    def action_stop_sharing_conversation(self):
        """Share nothing of the conversation any more."""
        self._switch_conversation(Command.unlink)
        return True

    def _switch_conversation(self, command) -> None:
        for email, mailboxes in self._get_to_share().items():
            thread = email.thread_id
            thread.shared_by_mailbox_ids = [command(id_) for id_ in mailboxes.ids]
            for mailbox in mailboxes:
                # sudo: all copies in the user's own mailbox, whatever else the user may read
                copies = self.sudo().search(Domain("thread_id", "=", thread.id) & self._in_mailboxes(mailbox))
                (copies | email).shared_by_mailbox_ids = [command(mailbox.id)]
            thread.email_ids._follow_sharing()

    def action_hide_conversation(self):
        """Hide the conversation from all but the people of the mailboxes that have it.

        Raises AccessError if it is in no shared mailbox of the user's own.
        """
        self._hide_conversation(Command.link)
        return True

    def action_show_conversation(self):
        """Take back `action_hide_conversation`."""
        self._hide_conversation(Command.unlink)
        return True

    def _hide_conversation(self, command) -> None:
        hiding = self._get_switchable(lambda mailboxes: mailboxes._filter_hiding())
        for email, mailboxes in hiding.items():
            email.thread_id.hidden_by_mailbox_ids = [command(id_) for id_ in mailboxes.ids]
        # sudo: activities follow for all e-mails of the conversation, those of others too
        self.sudo().thread_id.email_ids._follow_sharing()

    def _get_to_share(self) -> dict:
        return self._get_switchable(lambda mailboxes: mailboxes._filter_sharing())

    def _get_switchable(self, choose) -> dict:
        """Map each of these e-mails, as superuser, to those of the user's own mailboxes that are chosen.

        Raises AccessError if there is none for one of them.
        """
        self.check_access("read")
        found = {email: choose(mailboxes) for email, mailboxes in self._find_own_mailboxes().items()}
        if not all(found.values()):
            raise AccessError(self.env._("Who sees an e-mail is for the people of its mailbox to say."))
        # sudo: users write no e-mails; that these mailboxes are theirs is found out above
        return {email.sudo(): mailboxes for email, mailboxes in found.items()}


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _filter_sharing(self):
        """Return the private ones whose mail the user may share: the owner, or the members of what has none."""
        return self.filtered(
            lambda mailbox: (
                mailbox.visibility == "private" and mailbox.user_id in (self.env.user, self.env["res.users"])
            )
        )

    def _filter_hiding(self):
        """Return the shared ones: each of their people may hide a conversation."""
        return self.filtered(lambda mailbox: mailbox.visibility == "shared")
