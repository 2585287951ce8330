"""Where contacts come from: a landing page, a form, a script."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..intake import find_origins, get_origin


class ContactSource(models.Model):
    """A door with a token of its own. What comes in is kept (contact.source.submission) and registered in batches."""

    _name = "contact.source"
    _description = "Registration Source"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection([("form", "Form or script")], required=True, default="form")
    active = fields.Boolean(default=True)
    paused = fields.Boolean(
        tracking=True, help="What forms send is refused until it goes on; leads of Facebook wait."
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    token = fields.Char(
        default=lambda self: self._new_token(),
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Part of the address that forms send to. Whoever knows it can register contacts.",
    )
    url = fields.Char("Address for Forms", compute="_compute_urls", groups="base.group_system")
    form_url = fields.Char("Hosted Page", compute="_compute_urls", groups="base.group_system")
    snippet = fields.Char("HTML to Copy", compute="_compute_urls", groups="base.group_system")

    category_ids = fields.Many2many("res.partner.category", string="Tags")
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language")
    makes_lead = fields.Boolean("Make a Lead", default=True, help="Of each submission, besides the contact.")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Responsible for new contacts and leads, unless a queue deals them out.",
    )
    queue_id = fields.Many2one(
        "escala.mailbox",
        "Lead Queue",
        domain="[('kind', '=', 'shared'), ('company_id', '=', company_id)]",
        tracking=True,
        help="The people of this shared mailbox's queue get the leads in turn.",
    )
    mapping_ids = fields.One2many("contact.source.mapping", "source_id", string="Fields", copy=True)

    allowed_origins = fields.Text(
        help="One per line, such as https://www.example.com. Pages elsewhere may not send; empty: all may, but scripts "
        "in pages of other sites cannot read the answer."
    )
    redirect_url = fields.Char(
        "Page Afterwards", help="Where a form leads after it was sent; empty: a page with thanks."
    )
    rate_limit = fields.Integer(
        "Submissions per Minute",
        default=30,
        help="From one network address; 0 for no limit, for servers of your own.",
    )
    asks_consent = fields.Boolean(
        "Ask for Consent", help="Without a tick at this text, nothing is registered."
    )
    consent_text = fields.Html(
        translate=True, default=lambda self: self.env._("I agree that my data are used to answer me.")
    )
    form_intro = fields.Html("Text above the Form", translate=True)

    submission_ids = fields.One2many("contact.source.submission", "source_id")
    submission_count = fields.Integer("Submissions", compute="_compute_counts")
    contact_count = fields.Integer("New Contacts", compute="_compute_counts")
    refused_count = fields.Integer("Refused or Failed", compute="_compute_counts")
    last_submission_on = fields.Datetime("Last One", compute="_compute_counts")

    sample = fields.Text(
        "Try Fields", help='Fields of a form as JSON, such as {"nombre": "Ana", "correo": "ana@example.com"}.'
    )
    sample_result = fields.Text("What Becomes of Them", compute="_compute_sample_result")

    _one_per_token = models.UniqueIndex("(token)")

    @api.constrains("allowed_origins", "redirect_url")
    def _check_urls(self):
        for source in self:
            for url in [*source._get_allowed_pages(), *filter(None, [source.redirect_url])]:
                try:
                    get_origin(url)
                except ValueError as error:
                    raise ValidationError(
                        self.env._("%s is no address of a page. It begins with https://.", url)
                    ) from error

    @api.depends("token")
    def _compute_urls(self):
        for source in self:
            base = source.get_base_url()
            source.url = f"{base}/escala/register/{source.token}"
            source.form_url = f"{base}/escala/form/{source.token}"
            source.snippet = self.env["ir.qweb"]._render(
                "escala_contact_sources.snippet", {"url": source.url, "source": source}
            )

    @api.depends("submission_ids")
    def _compute_counts(self):
        groups = self.env["contact.source.submission"]._read_group(
            [("source_id", "in", self.ids)],
            ["source_id", "state", "result"],
            ["__count", "received_on:max"],
        )
        self.submission_count = self.contact_count = self.refused_count = 0
        self.last_submission_on = False
        for source, state, result, count, last in groups:
            source.submission_count += count
            source.contact_count += count if result == "created" else 0
            source.refused_count += count if state in ("refused", "failed") else 0
            source.last_submission_on = max(filter(None, [source.last_submission_on, last]))

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(24)

    def _get_allowed_pages(self):
        return [line.strip() for line in (self.allowed_origins or "").splitlines() if line.strip()]

    def _get_allowed_origins(self):
        """Return the allowed origins as browsers name them: people also copy the address of a page here."""
        return find_origins(self._get_allowed_pages())

    def _in_language_of_readers(self):
        """Speak as the salesperson does, or else the company; scheduled actions speak Odoo's language."""
        return self.with_context(lang=self.user_id.lang or self.company_id.partner_id.lang)

    def action_rotate_token(self):
        """Give it another token: forms with the one from before send nothing any more."""
        self.check_access("write")
        for source in self:
            source.token = self._new_token()
            source.message_post(body=self.env._("The token was replaced. Forms need the new address."))

    def action_pause(self):
        """Refuse what comes in, or take it again."""
        for source in self:
            source.paused = not source.paused

    def action_open_submissions(self):
        """Show what came in."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "escala_contact_sources.contact_source_submission_action"
        )
        return {
            **action,
            "domain": [("source_id", "=", self.id)],
            "context": {"default_source_id": self.id},
        }
