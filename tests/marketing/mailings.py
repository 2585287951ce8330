"""What the tests of mailings share."""


def make_contacts(env, login):
    """Return three contacts, whose addresses end in the test's."""
    names = ("ana", "luis", "eva")
    return env["res.partner"].create([{"name": name, "email": f"{name}.{login}"} for name in names])


def make_mailing(env, contacts, account=None, **values):
    """Return a mailing to these contacts, by the mail server of an account or as Odoo has it by default."""
    if account:
        values["mail_server_id"] = account._find_mail_servers().id
    return env["mailing.mailing"].create(
        {
            "subject": "Placas con descuento",
            "body_html": "<p>Solo en mayo.</p>",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": f"[('id', 'in', {contacts.ids})]",
            **values,
        }
    )


def send(mailing) -> None:
    """Send it as the user does with the button, by the method of Odoo's cron."""
    mailing.action_launch()
    mailing.env.cr.commit()
    mailing.env["mailing.mailing"]._process_mass_mailing_queue()
    mailing.env.cr.commit()
    mailing.env.invalidate_all()


def traces(mailing):
    """Return what became of it, a state for each e-mail, and the reasons of those that failed."""
    found = mailing.mailing_trace_ids
    return found.mapped("trace_status"), "\n".join(filter(None, found.mapped("failure_reason")))
