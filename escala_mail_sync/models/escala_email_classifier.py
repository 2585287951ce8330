"""Which messages to bring in, and whom they concern; decided from their headers alone, a batch at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from odoo import api, models

from ..mime import Address, Headers, is_read_by_nobody

# A message to more strangers than these is a mailing: it makes no leads.
MAX_LEADS_PER_MESSAGE = 10


@dataclass
class Decision:
    """What to do with one message.

    `ignored` is empty, or the reason why it is not brought in. `lead_for` are those who get a lead, as nobody knows
    them: the sender, or the recipients of what the mailbox's own people sent. `newcomers` are the addresses that get
    one in this very batch, from this message or an earlier one.
    """

    direction: str
    ignored: str = ""
    partner_ids: set[int] = field(default_factory=set)
    lead_ids: set[int] = field(default_factory=set)
    lead_for: tuple[Address, ...] = ()
    newcomers: set[str] = field(default_factory=set)
    is_chosen: bool = False  # concerns a contact whose mail mailboxes for chosen contacts bring in

    @property
    def is_known(self) -> bool:
        """Whether the message concerns a contact or a lead, be it one that is about to be made."""
        return bool(self.partner_ids or self.lead_ids or self.newcomers)


class EscalaEmailClassifier(models.AbstractModel):
    _name = "escala.email.classifier"
    _description = "E-mail Classifier"

    @api.model
    def _classify(self, mailbox, batch: list[Headers], role: str = "inbox") -> list[Decision]:
        """Decide on a batch of headers, in a constant number of queries.

        `role` is that of the folder they were found in. Anybody can write the mailbox's own address as From;
        what lies in the folder of sent mail was put there by its owner.
        """
        own = self._get_own_addresses(mailbox)
        colleagues = self._get_addresses_to_leave_out(mailbox)
        of_odoo = self._find_addresses_of_odoo(self._get_all_addresses(batch))
        sent_by_odoo = self._find_sent_by_odoo(headers.message_id for headers in batch)
        from_own = [self._is_own(headers, role, own, colleagues) for headers in batch]
        outsiders = [
            self._get_customer_addresses(headers, is_own, colleagues | of_odoo)
            for headers, is_own in zip(batch, from_own, strict=True)
        ]
        excluded = self.env["escala.mailbox.exclusion"]._find_excluded(
            mailbox, {email for emails in outsiders for email in emails}
        )
        customers = [[email for email in emails if email not in excluded] for emails in outsiders]
        known = self._find_records(mailbox, {email for emails in customers for email in emails})
        chosen = self._find_chosen(known) if mailbox.scope == "chosen" else set()
        decisions = []
        newcomers: set[str] = set()
        for headers, is_own, emails, others in zip(batch, from_own, customers, outsiders, strict=True):
            decision = Decision("out" if is_own else "in")
            decision.newcomers = newcomers.intersection(emails)
            decision.is_chosen = not chosen.isdisjoint(emails)
            for email in emails:
                partner_ids, lead_ids = known.get(email, ((), ()))
                decision.partner_ids.update(partner_ids)
                decision.lead_ids.update(lead_ids)
            if headers.message_id in sent_by_odoo and decision.direction == "out":
                decision.ignored = "sent_by_odoo"
            elif self._is_excluded(headers, decision, others, excluded):
                decision.ignored = "excluded"
            elif headers.sender:  # without a sender it cannot be placed, and goes to quarantine with its body
                strangers = self._get_strangers(mailbox, headers, decision, emails, role, of_odoo)
                decision.ignored = self._get_reason_to_ignore(mailbox, headers, decision, emails, colleagues)
                if not decision.ignored:
                    decision.lead_for = strangers
                    decision.newcomers.update(address.email for address in strangers)
                    newcomers.update(decision.newcomers)
            if not mailbox.link_to_crm:
                decision.partner_ids, decision.lead_ids = set(), set()
            decisions.append(decision)
        return decisions

    def _get_reason_to_ignore(self, mailbox, headers, decision, customers, colleagues) -> str:
        """Return a reason code, or the empty string for a message that is brought in."""
        if decision.direction == "in" and headers.sender.email in colleagues:
            return "colleagues"  # the colleague's own mailbox has it
        if not customers:
            return "colleagues"
        if mailbox.scope == "chosen":
            return "" if decision.is_chosen else "not_chosen"
        if decision.is_known:
            return ""
        if headers.automatic:
            return "automatic"
        if mailbox.scope == "known":
            return "unknown_recipient" if decision.direction == "out" else "unknown_sender"
        return ""

    def _is_excluded(self, headers, decision, outsiders: list[str], excluded: set[str]) -> bool:
        """Tell whether the sender is excluded, or everybody outside whom it was sent to."""
        if decision.direction == "in":
            return headers.sender is not None and headers.sender.email in excluded
        return bool(outsiders) and excluded.issuperset(outsiders)

    def _get_strangers(self, mailbox, headers, decision, customers, role, of_odoo) -> tuple[Address, ...]:
        """Return those who get a lead if this message is brought in; addresses of Odoo's own are nobody.

        Also those who get it from an earlier message of the batch, should that one turn out unreadable.
        """
        if not (mailbox.create_leads and mailbox.link_to_crm) or headers.automatic:
            return ()
        if decision.direction == "in":
            strangers = {headers.sender.email: headers.sender} if headers.sender.email not in of_odoo else {}
        elif role != "sent":
            return ()
        else:
            recipients = {a.email: a for a in reversed((*headers.to, *headers.cc, *headers.bcc))}
            strangers = {email: recipients[email] for email in customers if not is_read_by_nobody(email)}
        if decision.is_known:
            strangers = {email: a for email, a in strangers.items() if email in decision.newcomers}
        return tuple(strangers.values()) if len(strangers) <= MAX_LEADS_PER_MESSAGE else ()

    def _get_customer_addresses(self, headers: Headers, is_own: bool, colleagues: set[str]) -> list[str]:
        """Return the addresses that a message concerns, colleagues left out, sender first."""
        others = (*headers.to, *headers.cc)
        if is_own:
            addresses: Iterable[Address] = (*others, *headers.bcc)
        else:
            addresses = (*filter(None, [headers.sender]), *headers.reply_to, *others)
        return [email for email in dict.fromkeys(a.email for a in addresses) if email not in colleagues]

    def _is_own(self, headers: Headers, role: str, own: set[str], colleagues: set[str]) -> bool:
        """Whether the mailbox's own people have sent a message: one that lies among the sent, from whichever address.

        That may be one of several, or a colleague's in a shared mailbox. What an outsider has sent to the mailbox, and
        somebody keeps among the sent, is none.
        """
        if self._is_from(headers, own) or role != "sent":
            return self._is_from(headers, own)
        is_received = not own.isdisjoint(address.email for address in (*headers.to, *headers.cc))
        return self._is_from(headers, colleagues) or not is_received

    def _is_from(self, headers: Headers, addresses: set[str]) -> bool:
        return headers.sender is not None and headers.sender.email in addresses

    def _get_own_addresses(self, mailbox) -> set[str]:
        """Return the addresses that the mailbox's own user or team writes from."""
        partner = mailbox.user_id.partner_id
        addresses = {mailbox.email_normalized, (mailbox.imap_login or "").lower(), partner.email_normalized}
        return (addresses | set(partner.alternative_email_ids.mapped("email_normalized"))) - {False, ""}

    def _get_addresses_to_leave_out(self, mailbox) -> set[str]:
        """Return the addresses that are nobody's to whom mail is linked."""
        return self._get_colleague_addresses() | self._get_own_addresses(mailbox)

    def _find_chosen(self, known: dict[str, tuple[set[int], set[int]]]) -> set[str]:
        """Return those addresses whose contact is to be synchronised."""
        partners = self.env["res.partner"]
        contacts = partners.browse({id_ for partner_ids, _lead_ids in known.values() for id_ in partner_ids})
        by_email = {
            email: partners.browse(ids).with_prefetch(contacts.ids)
            for email, (ids, _lead_ids) in known.items()
        }
        return partners._get_synced_addresses(by_email)

    def _get_colleague_addresses(self) -> set[str]:
        """Return every address of an internal user, and of every connected mailbox."""
        users = self.env["res.users"].search([("share", "=", False)])
        partners = users.partner_id
        mailboxes = self.env["escala.mailbox"].search([("state", "!=", "draft")])
        return {
            *(login.strip().lower() for login in users.mapped("login") if "@" in login),
            *partners.mapped("email_normalized"),
            *partners.alternative_email_ids.mapped("email_normalized"),
            *mailboxes.mapped("email_normalized"),
        } - {False}

    def _get_all_addresses(self, batch: list[Headers]) -> set[str]:
        return {
            address.email
            for headers in batch
            for address in (
                *filter(None, [headers.sender]),
                *headers.reply_to,
                *headers.to,
                *headers.cc,
                *headers.bcc,
            )
        }

    def _find_addresses_of_odoo(self, emails: set[str]) -> set[str]:
        """Return those of these addresses behind which there is Odoo: its aliases, and what it writes from.

        That is each company's address, too. By the whole address: an alias that takes mail of any domain shares its
        first part with those of customers.
        """
        # sudo: addresses that are Odoo's own, of whichever company, belong to no customer
        env = self.sudo().env
        domains, companies = env["mail.alias.domain"].search([]), env["res.company"].search([]).partner_id
        own = {
            *companies.mapped("email_normalized"),
            *companies.alternative_email_ids.mapped("email_normalized"),
            *domains.mapped("bounce_email"),
            *domains.mapped("catchall_email"),
            *domains.mapped("default_from_email"),
        }
        aliases = env["mail.alias"].search([("alias_full_name", "in", [*emails])])
        return emails & {*own, *aliases.mapped("alias_full_name")}

    def _find_sent_by_odoo(self, message_ids: Iterable[str]) -> set[str]:
        """Return those Message-IDs that Odoo gave to a message of its own, not those that its gateway has received."""
        messages = self.env["mail.message"].search_fetch(
            [
                ("message_id", "in", [message_id for message_id in message_ids if message_id]),
                ("message_type", "!=", "email"),
            ],
            ["message_id"],
        )
        return set(messages.mapped("message_id"))

    def _find_records(self, mailbox, emails: set[str]) -> dict[str, tuple[set[int], set[int]]]:
        """Map each known address to the ids of its contacts and of their open leads."""
        partners = self.env["res.partner"]._find_all_by_addresses(emails, company=mailbox.company_id).emails
        by_email: dict[str, set[int]] = defaultdict(set)
        by_partner: dict[int, set[int]] = defaultdict(set)
        partner_ids = [id_ for records in partners.values() for id_ in records.ids]
        leads = self.env["crm.lead"].search_fetch(
            [
                ("won_status", "=", "pending"),
                ("company_id", "in", [False, mailbox.company_id.id]),
                "|",
                ("id", "in", self.env["crm.lead"]._find_ids_by_email(emails)),
                ("partner_id", "in", partner_ids),
            ],
            ["email_normalized", "partner_id"],
        )
        for lead in leads:
            by_email[lead.email_normalized].add(lead.id)
            by_partner[lead.partner_id.id].add(lead.id)
        found = {}
        for email in emails:
            ids = set(partners[email].ids) if email in partners else set()
            lead_ids = by_email[email].union(*(by_partner[id_] for id_ in ids))
            if ids or lead_ids:
                found[email] = (ids, lead_ids)
        return found
