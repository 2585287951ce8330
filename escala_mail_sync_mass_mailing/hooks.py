"""What there is to do for the mail servers of marketing accounts when the add-on comes and when it goes."""


def post_init_hook(env) -> None:
    """Make mail servers for the accounts that are connected already."""
    env["escala.mailbox"].search([("kind", "=", "marketing")])._follow_with_mail_servers()


def uninstall_hook(env) -> None:
    """Archive them: without this add-on they would be servers like others, for all of Odoo's mail.

    They stay as what mailings were sent by; a mailing that still waits says that its server is archived.
    """
    env["ir.mail_server"].search([("escala_mailbox_id", "!=", False)]).active = False
