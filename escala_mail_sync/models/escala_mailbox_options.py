"""What is brought in from a mailbox: the same choices on a mailbox and in the wizard."""

from odoo import fields, models


class EscalaMailboxOptions(models.AbstractModel):
    """What to bring in and what to make of it."""

    _name = "escala.mailbox.options"
    _description = "Options of a Mailbox"

    link_to_crm = fields.Boolean(
        "Link to CRM",
        default=True,
        help="Show the e-mails on the contacts and leads they concern. If not, only the people of this mailbox "
        "see them, and no leads and activities are made.",
    )
    scope = fields.Selection(
        [
            ("everyone", "Everyone"),
            ("known", "Known contacts and leads"),
            ("chosen", "Contacts with E-mail sync on"),
        ],
        "Bring in mail with",
        required=True,
        default="everyone",
        help="Automatic mail of strangers, such as newsletters, is never brought in.",
    )
    history = fields.Selection(
        [
            ("now", "None: from now on"),
            ("3d", "3 days"),
            ("week", "A week"),
            ("month", "A month"),
            ("year", "A year"),
            ("all", "All time"),
            ("since", "Since a date"),
        ],
        required=True,
        default="month",
        help="How far back to bring in mail, counted from the day on which the mailbox was connected.",
    )
    history_since = fields.Date("Since")
    create_leads = fields.Boolean(
        "Lead for a new address",
        default=True,
        help="Create a lead when somebody writes, or is written to, whom neither contacts nor leads know. Never "
        "for automatic mail, such as newsletters, bounces and out-of-office replies.",
    )
    vcard_contacts = fields.Boolean(
        "Contacts from vCards",
        default=True,
        help="Create or complete a contact from every vCard that is attached to an e-mail, with photo, company, "
        "position and all addresses. Cards of colleagues are left alone.",
    )
