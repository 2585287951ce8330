"""Whose e-mails are not brought in: addresses and domains, of one mailbox or of the whole company."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..mime.exclusions import (
    PatternError,
    get_patterns,
    get_spellings,
    is_domain,
    is_excluded,
    parse_pattern,
)


class EscalaMailboxExclusion(models.Model):
    """An address, or everybody at a domain; what it keeps out can be removed afterwards if it is here already."""

    _name = "escala.mailbox.exclusion"
    _description = "Excluded Address"
    _order = "pattern_normalized, id"
    _rec_name = "pattern"
    _check_company_auto = True

    mailbox_id = fields.Many2one(
        "escala.mailbox",
        ondelete="cascade",
        index=True,
        check_company=True,
        help="Left empty, it holds for all mailboxes of the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
    )
    pattern = fields.Char(
        "Address or domain",
        required=True,
        help="name@gmail.com excludes one address, gmail.com everybody there.",
    )
    pattern_normalized = fields.Char(compute="_compute_pattern_normalized", store=True, index=True)
    include_subdomains = fields.Boolean(
        "With subdomains", help="example.com then stands for sales.example.com as well."
    )
    is_domain = fields.Boolean(compute="_compute_pattern_normalized", store=True)
    problem = fields.Char(compute="_compute_problem")
    email_count = fields.Integer("E-mails here", compute="_compute_email_count")
    removal_label = fields.Char(compute="_compute_removal_label")

    _once_per_mailbox = models.UniqueIndex(
        "(mailbox_id, pattern_normalized) WHERE mailbox_id IS NOT NULL",
        "This mailbox excludes this address or domain already.",
    )
    _once_per_company = models.UniqueIndex(
        "(company_id, pattern_normalized) WHERE mailbox_id IS NULL",
        "The company excludes this address or domain already.",
    )

    @api.depends("mailbox_id.company_id")
    def _compute_company_id(self):
        for exclusion in self:
            exclusion.company_id = exclusion.mailbox_id.company_id or exclusion.company_id or self.env.company

    @api.depends("pattern")
    def _compute_pattern_normalized(self):
        for exclusion in self:
            try:
                exclusion.pattern_normalized = parse_pattern(exclusion.pattern or "")
            except PatternError:
                exclusion.pattern_normalized = False
            exclusion.is_domain = bool(exclusion.pattern_normalized) and is_domain(
                exclusion.pattern_normalized
            )

    @api.depends("pattern")
    @api.depends_context("lang")
    def _compute_problem(self):
        for exclusion in self:
            exclusion.problem = exclusion.pattern and exclusion._get_problem()

    @api.depends("pattern_normalized", "include_subdomains", "mailbox_id", "company_id")
    @api.depends_context("uid")
    def _compute_email_count(self):
        for exclusion in self:
            exclusion.email_count = len(exclusion._find_emails())

    @api.depends("email_count")
    @api.depends_context("uid", "lang")
    def _compute_removal_label(self):
        """The words on a button, which depend on a number."""
        for exclusion in self:
            count = exclusion.email_count
            if exclusion._origin:
                one, several = self.env._("Remove 1 e-mail"), self.env._("Remove %s e-mails", count)
            else:
                one = self.env._("Exclude and remove 1 e-mail")
                several = self.env._("Exclude and remove %s e-mails", count)
            exclusion.removal_label = one if count == 1 else several

    @api.constrains("pattern")
    def _check_pattern(self):
        for exclusion in self:
            if problem := exclusion._get_problem():
                raise ValidationError(problem)

    def write(self, vals):
        result = super().write(vals)
        # Rules are checked before the change only: nobody may give an exclusion to another's mailbox.
        self.check_access("write")
        return result

    def action_open(self):
        """Show how many e-mails of it are here, with a button to remove them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails of an excluded address"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_remove_emails(self):
        """Remove what it brought in before it was excluded, from the mailboxes that the user may do so in."""
        self.check_access("read")
        removed = 0
        for exclusion in self:
            emails = exclusion._find_emails()
            removed += len(emails)
            emails._remove_from(exclusion._get_mailboxes_to_clean())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("E-mails removed from Odoo: %s. They stay in the mailbox.", removed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _find_excluded(self, mailbox, emails: Iterable[str]) -> set[str]:
        """Return those of the addresses that a mailbox excludes, itself or by its company, in one query."""
        emails = set(emails)
        candidates = {pattern for email in emails for pattern in get_patterns(email)}
        exclusions = self.search_fetch(
            [
                ("pattern_normalized", "in", list(candidates)),
                ("company_id", "=", mailbox.company_id.id),
                ("mailbox_id", "in", [False, mailbox.id]),
            ],
            ["pattern_normalized", "include_subdomains"],
        )
        patterns: dict[str, bool] = {}
        for exclusion in exclusions:
            pattern = exclusion.pattern_normalized
            patterns[pattern] = exclusion.include_subdomains or patterns.get(pattern, False)
        return {email for email in emails if is_excluded(email, patterns)} if patterns else set()

    def _get_problem(self) -> str:
        """Return in words what is wrong with the pattern and how to write it; empty when it is right."""
        self.ensure_one()
        try:
            parse_pattern(self.pattern or "")
        except PatternError as error:
            suggestion = error.suggestion
        else:
            return ""
        if suggestion and is_domain(suggestion):
            return self.env._("Write %s to exclude everybody there.", suggestion)
        if suggestion:
            return self.env._("Write %s to exclude this address.", suggestion)
        return self.env._(
            "Write an address such as name@gmail.com, or a domain such as gmail.com to exclude everybody there."
        )

    def _get_mailboxes_to_clean(self):
        """Return those of its mailboxes whose e-mails the user may remove.

        They are the user's own, those the user is a member of, and those that the user sets up. The personal
        mailboxes of others are not among them, so a manager does not even learn whom somebody writes to.
        """
        self.ensure_one()
        mailboxes = self.env["escala.mailbox"].with_context(active_test=False)
        if self.mailbox_id:
            covered = self.mailbox_id._origin
        else:
            # sudo: which mailboxes there are is not shown; those of others are left out below
            covered = mailboxes.sudo().search([("company_id", "=", self.company_id.id)]).sudo(False)
        own = mailboxes._find_own()
        return (covered & own) | covered._filtered_access("write")

    def _find_emails(self):
        """Return what would not have been brought in: received from it, or sent to it and to no customer.

        The e-mails are those of the mailboxes that the user may remove e-mails from, as superuser.
        """
        self.ensure_one()
        # sudo: that there are e-mails may be known of these mailboxes; their content is not read
        emails = self.env["escala.email"].sudo()
        mailboxes = self._get_mailboxes_to_clean()
        if not (mailboxes and self.pattern_normalized):
            return emails
        within = emails._in_mailboxes(mailboxes)
        received = emails.search(Domain("direction", "=", "in") & self._match("sender_email") & within)
        sent = emails.search_fetch(
            Domain("direction", "=", "out") & self._match("recipient_emails") & within, ["recipient_emails"]
        )
        return received | sent.filtered(self._get_filter_of_sent(mailboxes) if sent else None)

    def _match(self, name: str) -> Domain:
        """Return which addresses in a field may be meant: all of one address, too many of several on lines."""
        spellings = get_spellings(self.pattern_normalized)
        ends = [f"@{spelling}" if self.is_domain else spelling for spelling in spellings]
        if self.is_domain and self.include_subdomains:
            ends += [f".{spelling}" for spelling in spellings]
        if name == "recipient_emails":
            return Domain.OR(Domain(name, "like", escape_psql(end)) for end in ends)
        if not self.is_domain:
            return Domain(name, "in", ends)
        return Domain.OR(Domain(name, "=like", f"%{escape_psql(end)}") for end in ends)

    def _get_filter_of_sent(self, mailboxes):
        """Return a function that tells whether an e-mail was sent to the excluded and else to colleagues only."""
        # sudo: the addresses are compared with, not shown
        classifier = self.env["escala.email.classifier"].sudo()
        insiders = classifier._get_colleague_addresses().union(
            *map(classifier._get_own_addresses, mailboxes.sudo())
        )
        patterns = {self.pattern_normalized: self.include_subdomains}

        def concerns_nobody_else(email) -> bool:
            customers = set(email.recipient_emails.splitlines()) - insiders
            return bool(customers) and all(is_excluded(each, patterns) for each in customers)

        return concerns_nobody_else


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    exclusion_ids = fields.One2many("escala.mailbox.exclusion", "mailbox_id", string="Exclusions")
    company_exclusion_ids = fields.Many2many(
        "escala.mailbox.exclusion",
        string="Exclusions of the company",
        compute="_compute_company_exclusion_ids",
    )

    @api.depends("company_id")
    def _compute_company_exclusion_ids(self):
        exclusions = self.env["escala.mailbox.exclusion"].search(
            [("mailbox_id", "=", False), ("company_id", "in", self.company_id.ids)]
        )
        for mailbox in self:
            mailbox.company_exclusion_ids = exclusions.filtered_domain(
                [("company_id", "=", mailbox.company_id.id)]
            )

    def action_add_exclusion(self):
        """Ask for an address or a domain, and whether to remove what it brought in already."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exclude an address"),
            "res_model": "escala.mailbox.exclusion",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_mailbox_id": self.id},
        }
