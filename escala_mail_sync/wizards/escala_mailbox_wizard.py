"""The wizard that connects a mailbox, step by step: address, servers, test, folders and options.

Everything is kept in the wizard's own row until the last step; going back or giving up leaves no trace. This file
has its fields and the way through it; the others what the test and the end do.
"""

import os

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config, email_normalize

from ..providers import Suggestion, discover
from ..providers.dns_records import Dns

STEPS = ["address", "servers", "test", "options"]
SERVER_FIELDS = (
    *("imap_host", "imap_port", "imap_security", "imap_login"),
    *("smtp_host", "smtp_port", "smtp_security", "smtp_login"),
)
OPTION_FIELDS = (
    *("link_to_crm", "scope", "history", "history_since", "create_leads", "vcard_contacts"),
    *("name", "member_ids", "visibility"),
)
NAMESERVER_OPTION = "escala_nameserver"
NAMESERVER_VARIABLE = "ESCALA_NAMESERVER"


class EscalaMailboxWizard(models.TransientModel):
    """Connects a mailbox, or one that exists anew."""

    _name = "escala.mailbox.wizard"
    _inherit = ["escala.mailbox.servers", "escala.mailbox.options"]
    _description = "Connecting a Mailbox"

    step = fields.Selection(
        [
            ("address", "Address"),
            ("servers", "Servers"),
            ("test", "Test"),
            ("options", "Folders and options"),
        ],
        required=True,
        default="address",
    )
    kind = fields.Selection(
        lambda self: self.env["escala.mailbox"]._fields["kind"]._description_selection(self.env),
        required=True,
        default="personal",
    )
    mailbox_id = fields.Many2one(
        "escala.mailbox", ondelete="cascade", help="The mailbox that is connected anew."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        help="The one that was worked in when the wizard was opened: the browser may come back in another.",
    )
    email = fields.Char("E-mail address")
    name = fields.Char(help="How the mailbox is called in Odoo, if not by its address.")
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain=[("share", "=", False)],
        help="They see all e-mails of the mailbox, and may send from it.",
    )
    visibility = fields.Selection(
        lambda self: self.env["escala.mailbox"]._fields["visibility"]._description_selection(self.env),
        compute="_compute_visibility",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Private: only the owner sees its e-mails. Shared: so do its members, and everyone who may see the "
        "contact or lead that an e-mail is linked to.",
    )
    auth_method = fields.Selection(
        [("password", "Password"), ("google", "Google"), ("microsoft", "Microsoft")],
        "Sign in by",
        required=True,
        default="password",
    )
    sign_in_method = fields.Selection(
        [("google", "Google"), ("microsoft", "Microsoft")],
        help="How to sign in at this provider in the browser, if that is set up: the better way.",
    )
    can_sign_in_google = fields.Boolean(compute="_compute_can_sign_in")
    can_sign_in_microsoft = fields.Boolean(compute="_compute_can_sign_in")

    takes_only_passwords = fields.Boolean(
        help="The provider is known, and nobody can sign in there in the browser."
    )

    searched_email = fields.Char(help="The address whose servers are filled in.")
    hint = fields.Char(help="What this provider asks for, in words.")
    help_url = fields.Char()

    imap_ok = fields.Boolean()
    imap_result = fields.Char("Receiving")
    smtp_ok = fields.Boolean()
    smtp_result = fields.Char("Sending")
    folder_ids = fields.One2many("escala.mailbox.wizard.folder", "wizard_id", string="Folders")

    @api.model
    def default_get(self, fields_list):
        """Start from the mailbox that is to be connected anew; one's own personal one if there is one."""
        values = super().default_get(fields_list)
        if "kind" not in fields_list:
            # what is saved has been filled in before
            return values
        mailbox = self.env["escala.mailbox"].browse(values.get("mailbox_id"))
        kind = mailbox.kind or values["kind"]
        if kind != "personal":
            self._check_manager()
        elif not mailbox:
            mailbox = mailbox.search([("kind", "=", "personal"), ("user_id", "=", self.env.uid)], limit=1)
        if mailbox:
            return {**values, **self._prepare_values_of(mailbox)}
        if kind == "personal":
            values.setdefault("email", self.env.user.email)
        return values

    @api.model
    def _prepare_values_of(self, mailbox) -> dict:
        mailbox.check_access("write")
        return {
            **{name: mailbox[name] for name in (*SERVER_FIELDS, *OPTION_FIELDS)},
            "member_ids": [Command.set(mailbox.member_ids.ids)],
            "mailbox_id": mailbox.id,
            "step": "servers",
            "kind": mailbox.kind,
            "email": mailbox.email,
            "searched_email": mailbox.email_normalized,
            "sign_in_method": mailbox.auth_method != "password" and mailbox.auth_method,
        }

    @api.depends("kind")
    def _compute_visibility(self):
        for wizard in self:
            wizard.visibility = "private" if wizard.kind == "personal" else "shared"

    @api.depends("imap_password_encrypted", "smtp_password_encrypted", *SERVER_FIELDS, "email", "mailbox_id")
    def _compute_has_password(self):
        """What is stored on the mailbox counts as long as it is for the same servers."""
        again = self.filtered("mailbox_id")
        for wizard in again:
            stored = wizard._get_trial_mailbox()
            wizard.has_password = stored.has_password
            wizard.has_smtp_password = stored.has_smtp_password
        return super(EscalaMailboxWizard, self - again)._compute_has_password()

    @api.depends("takes_only_passwords")
    def _compute_can_sign_in(self):
        """Any domain may have its mail at Google or Microsoft, unless it is known to have it elsewhere."""
        methods = self._get_sign_in_methods()
        for wizard in self:
            wizard.can_sign_in_google = "google" in methods and not wizard.takes_only_passwords
            wizard.can_sign_in_microsoft = "microsoft" in methods and not wizard.takes_only_passwords

    # The way through it

    def action_find_servers(self):
        """From the address to its servers; they are looked for when the address is another one than before."""
        self.ensure_one()
        email = email_normalize(self.email)
        if not email:
            raise UserError(self.env._("“%s” is not an e-mail address.", self.email or ""))
        self._check_not_connected(email)
        self.email = email
        if self.searched_email != email:
            self._fill_in(
                discover(email, self._get_dns(), self.env["escala.mailbox"]._allows_private_hosts())
            )
        return self._go_to("servers")

    def action_back(self):
        """Go one step back; what was typed stays."""
        self.ensure_one()
        step = STEPS[max(STEPS.index(self.step) - 1, 0)]
        if step == "test" and self.auth_method != "password":
            step = "servers"
        return self._go_to(step)

    def action_choose_options(self):
        """Go on from the test."""
        self.ensure_one()
        ready = (
            self.smtp_ok
            if self.kind == "marketing"
            else self.imap_ok and (self.smtp_ok or not self.smtp_host)
        )
        if not ready:
            raise UserError(self.env._("Go back, mend what does not work, and test it again."))
        return self._go_to("options")

    def action_sign_in_google(self):
        """Choose to sign in at Google in the browser, which needs no password here and no test."""
        return self._choose_sign_in("google")

    def action_sign_in_microsoft(self):
        """The same at Microsoft."""
        return self._choose_sign_in("microsoft")

    def _choose_sign_in(self, method: str) -> dict:
        self.ensure_one()
        if method not in self._get_sign_in_methods():
            raise UserError(self.env._("Signing in at this provider is not set up. Type a password."))
        self.auth_method = method
        return self._go_to("options")

    def _go_to(self, step: str) -> dict:
        self.step = step
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_title(self) -> str:
        if self.mailbox_id:
            return self.env._("Reconnect %s", self.mailbox_id.display_name)
        titles = {
            "personal": self.env._("Connect my mailbox"),
            "shared": self.env._("Connect a shared mailbox"),
            "marketing": self.env._("Connect an address for marketing"),
        }
        return titles[self.kind]

    # Rights

    def _check_manager(self) -> None:
        if not self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            raise AccessError(
                self.env._("Only administrators connect shared mailboxes and those for marketing.")
            )

    def _check_not_connected(self, email: str) -> None:
        """Say early what the database would refuse at the end; about mailboxes that the user may know of."""
        others = self.env["escala.mailbox"].search(
            [
                ("email_normalized", "=", email),
                ("company_id", "=", (self.mailbox_id.company_id or self.company_id).id),
                ("kind", "=" if self.kind == "marketing" else "!=", "marketing"),
                ("id", "!=", self.mailbox_id.id),
            ]
        )
        if others:
            raise UserError(self.env._("%s is connected already.", email))

    # Finding servers

    @api.model
    def _get_sign_in_methods(self) -> list[str]:
        """Return where one can sign in in the browser: ``google``, ``microsoft``."""
        return self.env["escala.mailbox"]._get_sign_in_methods()

    @api.model
    def _get_dns(self) -> Dns:
        """Return how to ask the DNS: `escala_nameserver = address:port` in odoo.conf, or else as the machine does."""
        given = config.get(NAMESERVER_OPTION) or os.environ.get(NAMESERVER_VARIABLE)
        if not given:
            return Dns()
        address, _colon, port = given.rpartition(":")
        return Dns([address], int(port))

    def _fill_in(self, found: Suggestion) -> None:
        """Write down what was found; the passwords of another address do not stay."""
        self.write(
            {
                "imap_host": found.imap.host,
                "imap_security": found.imap.security,
                "imap_port": found.imap.port,
                "imap_login": found.login,
                "smtp_host": found.smtp.host,
                "smtp_security": found.smtp.security,
                "smtp_port": found.smtp.port,
                "smtp_login": False,
                "searched_email": self.email,
                "sign_in_method": self._get_sign_in_method(found),
                "takes_only_passwords": bool(found.provider) and not found.provider.sign_in,
                "hint": " ".join(self._get_hints(found)),
                "help_url": found.provider and found.provider.help_url,
                "auth_method": "password",
            }
        )
        # sudo: no user reads or writes the encrypted passwords
        self.sudo().write({"imap_password_encrypted": False, "smtp_password_encrypted": False})

    def _get_sign_in_method(self, found: Suggestion) -> str | bool:
        method = found.provider and found.provider.sign_in
        return method if method in self._get_sign_in_methods() else False

    def _get_hints(self, found: Suggestion) -> list[str]:
        """Return in sentences how the servers were found and what the provider asks for."""
        domain = self.email.rpartition("@")[2]
        provider = found.provider
        if not provider:
            origins = {
                "srv": self.env._("%s says itself that these are its servers.", domain),
                "answered": self.env._("These servers of %s answer.", domain),
                "guess": self.env._(
                    "Nobody says where the servers of %s are, and none answers where they usually are. Your "
                    "provider's help pages name them, often under “IMAP” or “mail program”.",
                    domain,
                ),
            }
            return [origins[found.origin]]
        hints = [self.env._("This is a mailbox of %s.", provider.name)]
        passwords = {
            "app": self.env._(
                "It takes no everyday password here: make an app password in the security settings of the account."
            ),
            "mail": self.env._(
                "Its password for e-mail programs is one of its own, set in the settings of the account."
            ),
            "none": self.env._("It takes no passwords from programs any more: sign in with Microsoft.")
            if self._get_sign_in_method(found)
            else self.env._(
                "It takes no passwords from programs any more: sign in with Microsoft, once an administrator has "
                "set that up."
            ),
        }
        if provider.password in passwords:
            hints.append(passwords[provider.password])
        if provider.switch:
            hints.append(self.env._("Access by IMAP has to be switched on in the settings of its web page."))
        return hints


class EscalaMailboxWizardFolder(models.TransientModel):
    """A folder that the server has, to be ticked or not."""

    _name = "escala.mailbox.wizard.folder"
    _description = "Folder of a Mailbox to Connect"
    _order = "sequence, id"

    wizard_id = fields.Many2one("escala.mailbox.wizard", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    path = fields.Char("Folder", required=True)
    role = fields.Selection(
        lambda self: self.env["escala.mailbox.folder"]._fields["role"]._description_selection(self.env),
        required=True,
    )
    selected = fields.Boolean("Synchronise")
