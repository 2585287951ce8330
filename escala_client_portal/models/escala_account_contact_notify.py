"""What each address of an account is notified of."""

from odoo import api, fields, models
from odoo.tools.mail import prepend_html_content

from ..notifying.addressing import Address


class EscalaAccountContact(models.Model):
    _inherit = "escala.account.contact"

    muted_category_ids = fields.Many2many(
        "escala.notification.category",
        "escala_account_contact_muted_rel",
        "row_id",
        "category_id",
        string="Unwanted Notifications",
        help="What this address is not notified of, although Notify is on.",
    )
    notified_category_ids = fields.Many2many(
        "escala.notification.category",
        string="Notifications",
        compute="_compute_notified_category_ids",
        inverse="_inverse_notified_category_ids",
        help="What this address is notified of while Notify is on.",
    )

    @api.depends("muted_category_ids")
    def _compute_notified_category_ids(self):
        categories = self.env["escala.notification.category"].search([])
        for row in self:
            row.notified_category_ids = categories - row.muted_category_ids

    def _inverse_notified_category_ids(self):
        categories = self.env["escala.notification.category"].search([])
        for row in self:
            row.muted_category_ids = categories - row.notified_category_ids

    def action_notification_preferences(self):
        """Open what this address is notified of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Notifications for %s", self.email),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("escala_client_portal.account_contact_view_notifications").id, "form")],
            "target": "new",
        }

    def _filter_notified(self, category):
        """Return those that want notifications of a category; of none, those that want any."""
        return self.filtered(
            lambda row: row.notify and row.contact_id.active and category not in row.muted_category_ids
        )

    @api.model
    def _get_of_customers(self, customers):
        """Return, for each customer, the rows that say who is notified of its documents.

        They are those of its account: the customer, or else its company. Of a person who is on accounts and belongs
        to none of them, they are the person's own, wherever they are.

        :param customers: res.partner
        :return: escala.account.contact by customer; two queries, however many
        """
        # sudo: who is notified does not depend on who may see the account
        rows = self.sudo()
        customers = customers.sudo()
        accounts = customers | customers.commercial_partner_id
        by_account = rows.search([("account_id", "in", accounts.ids)]).grouped("account_id")
        by_contact = rows.search([("contact_id", "in", customers.ids)]).grouped("contact_id")
        return {
            customer: by_account.get(customer)
            or by_account.get(customer.commercial_partner_id)
            or by_contact.get(customer, rows)
            for customer in customers
        }

    def _as_addresses(self, category):
        """Return the rows as what `assign` takes."""
        wanted = self._filter_notified(category)
        return [Address(row.id, row.contact_id.id, row.email_normalized, row in wanted) for row in self]

    def _add_activation_banner(self, body):
        """Return an e-mail's HTML, with a link to activate the login on top while that is pending.

        It is added when the e-mail leaves, so that nobody who reads messages or e-mails in Odoo reads the link.
        """
        self.ensure_one()
        if self.access_state != "pending":
            return body
        lang = self.contact_id.lang or self.env.lang
        company = self.account_id.company_id or self.env.company
        values = {"company": company, "email": self.email, "url": self.login_id._get_activation_url()}
        qweb = self.env["ir.qweb"].with_context(lang=lang)
        banner = qweb._render("escala_client_portal.activation_banner", values, minimal_qcontext=True)
        return prepend_html_content(body, str(banner))  # what is Markup would escape the body
