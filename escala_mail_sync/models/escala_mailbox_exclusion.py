"""Whose e-mails are not brought in: addresses and domains, of one mailbox or of the whole company."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mime.exclusions import PatternError, get_patterns, is_domain, is_excluded, parse_pattern


class EscalaMailboxExclusion(models.Model):
    """An address, or everybody at a domain. What is here of it already: see escala_mailbox_exclusion_emails.py."""

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
        help="Left empty, it holds for all mailboxes of the company and its branches.",
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

    @api.model
    def _find_excluded(self, mailbox, emails: Iterable[str]) -> set[str]:
        """Return those of the addresses that a mailbox excludes, itself or by its company, in one query."""
        emails = set(emails)
        candidates = {pattern for email in emails for pattern in get_patterns(email)}
        exclusions = self.search_fetch(
            [
                ("pattern_normalized", "in", list(candidates)),
                ("company_id", "in", mailbox.company_id.parent_ids.ids),
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
        companies = self.company_id.parent_ids
        exclusions = self.env["escala.mailbox.exclusion"].search(
            [("mailbox_id", "=", False), ("company_id", "in", companies.ids)]
        )
        for mailbox in self:
            own = mailbox.company_id.parent_ids
            mailbox.company_exclusion_ids = exclusions.filtered(lambda each, own=own: each.company_id in own)

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
