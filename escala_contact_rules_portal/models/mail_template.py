"""Odoo's welcome mail, where the login need not be the contact's primary address."""

from odoo import api, models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def _name_login_in_welcome(self):
        """Let the mail that confirms a sign-up name the login; Odoo names the e-mail, there always the same.

        The template (auth_signup/data/mail_template_data.xml) may have been edited, so only that is replaced.
        """
        welcome = self.env.ref(
            "auth_signup.mail_template_user_signup_account_created", raise_if_not_found=False
        )
        if welcome:
            for code, _name in self.env["res.lang"].get_installed():
                template = welcome.with_context(lang=code)
                template.body_html = template.body_html.replace("object.email", "object.login")
