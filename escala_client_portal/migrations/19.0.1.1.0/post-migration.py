"""Let clients into all the companies of their accounts; before, they had their contact's alone."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Called by Odoo once the data of this version is there (odoo/modules/migration.py)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    logins = env["escala.portal.login"].search([])
    logins._let_into_companies(logins._get_open_rows())
