"""What became of the leads that e-mails have made."""

from odoo import api, fields, models
from odoo.tools import SQL


class EscalaLeadReport(models.Model):
    """One row per lead that an e-mail has made: how many, by whom and how far.

    That a certain lead was made by an e-mail of a private mailbox is its owner's affair. So no field may lead to
    the lead, and the date is a day.
    """

    _name = "escala.lead.report"
    _description = "Figures of Leads from E-mail"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"
    _depends = {
        "crm.lead": ["type", "stage_id", "user_id", "team_id", "company_id", "won_status", "active"],
        "escala.email": ["sent_mailbox_id"],
        "escala.lead.origin": ["lead_id", "email_id"],
        "escala.mailbox": ["kind", "company_id"],
        "escala.mailbox.message": ["email_id", "mailbox_id"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True, groups=fields.NO_ACCESS)
    email_id = fields.Many2one("escala.email", readonly=True, groups=fields.NO_ACCESS)
    mailbox_id = fields.Many2one("escala.mailbox", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date("Created on", readonly=True)
    type = fields.Selection([("lead", "Lead"), ("opportunity", "Opportunity")], readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales team", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], "Outcome", readonly=True
    )

    can_open = fields.Boolean(compute="_compute_lead")
    lead_name = fields.Char("Lead", compute="_compute_lead", help="Of the leads whose e-mail you may read.")

    @property
    def _table_query(self) -> SQL:
        """Count a lead to the shared mailbox that got its e-mail, else to the first mailbox that did."""
        return SQL(
            """
            SELECT origin.id,
                   origin.lead_id,
                   origin.email_id,
                   mailbox.id AS mailbox_id,
                   COALESCE(mailbox.company_id, lead.company_id) AS company_id,
                   lead.create_date::date AS date,
                   lead.type,
                   lead.stage_id,
                   lead.user_id,
                   lead.team_id,
                   lead.won_status
              FROM escala_lead_origin origin
              JOIN crm_lead lead ON lead.id = origin.lead_id
         LEFT JOIN escala_email email ON email.id = origin.email_id
         LEFT JOIN escala_mailbox mailbox
                ON mailbox.id = COALESCE((SELECT copy.mailbox_id
                                            FROM escala_mailbox_message copy
                                            JOIN escala_mailbox other ON other.id = copy.mailbox_id
                                           WHERE copy.email_id = email.id
                                           ORDER BY other.kind <> 'shared', copy.id
                                           LIMIT 1), email.sent_mailbox_id)
            """
        )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead(self):
        """Name the lead to whom may read it and its e-mail; to everybody else, the row is a number."""
        # sudo: which lead a row is about can be read by nobody; what is in it is read as the user below
        leads = {row.id: row.sudo().lead_id.sudo(False) for row in self}
        readable = self.env["crm.lead"].union(*leads.values())._filter_from_readable_email()
        for row in self:
            lead = leads[row.id]
            row.can_open = lead in readable
            row.lead_name = lead.name if row.can_open else False

    def action_open_lead(self):
        """Open the lead of this row; AccessError if the user may not read it, or not the e-mail that made it."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which lead and e-mail it is can be read by nobody; whether the user may read them is checked
        lead, email = self.sudo().lead_id.sudo(False), self.sudo().email_id.sudo(False)
        lead.check_access("read")
        email.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": lead._name,
            "res_id": lead.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
