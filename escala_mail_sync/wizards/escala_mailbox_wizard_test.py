"""The wizard's test: log in at both servers at once, and say of each in words whether it works."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from odoo import Command, models
from odoo.exceptions import UserError

from ..imap.errors import MailboxError
from ..imap.session import ImapSession, RemoteFolder
from ..mime.charset import clean_line
from ..models.escala_mailbox_folder import ROLE_ORDER
from ..models.escala_mailbox_folders import DEFAULT_ROLES
from ..smtp.session import SmtpSession
from .escala_mailbox_wizard import SERVER_FIELDS

TIMEOUT = 15  # seconds for every answer: somebody is waiting


class EscalaMailboxWizard(models.TransientModel):
    _inherit = "escala.mailbox.wizard"

    def action_test(self):
        """Test receiving and sending, and show what came of it."""
        self.ensure_one()
        self.auth_method = "password"
        trial = self._get_trial_mailbox()
        if not (trial.has_smtp_password if self.kind == "marketing" else trial.has_password):
            raise UserError(self.env._("Type the password."))
        imap = None if self.kind == "marketing" else _prepare(trial._session)
        smtp = _prepare(trial._smtp_session) if self.smtp_host else None
        # both are waited for at the same time; neither knows of Odoo
        with ThreadPoolExecutor(2) as pool:
            folders, sending = pool.map(_try, (imap, smtp))
        self._note_imap(trial, folders)
        self._note_smtp(trial, sending)
        return self._go_to("test")

    def _get_trial_mailbox(self):
        """Return a mailbox that is in no database, with what was typed here, as superuser.

        A password that is stored on the mailbox takes part as long as it is for the servers as they are here.
        """
        self.ensure_one()
        before = self.mailbox_id
        if before:
            before.check_access("write")
        # sudo: no user reads the encrypted passwords; they go where their owner says, and to nobody else
        wizard, stored = self.sudo(), before.sudo()
        trial = stored.new({name: wizard[name] for name in (*SERVER_FIELDS, "email", "kind")}, origin=stored)
        same_imap = bool(before) and trial._get_server() == stored._get_server()
        same_smtp = bool(before) and trial._get_smtp_server() == stored._get_smtp_server()
        kept = wizard.imap_password_encrypted or (same_imap and stored.imap_password_encrypted)
        kept_smtp = wizard.smtp_password_encrypted or (same_smtp and stored.smtp_password_encrypted)
        trial.update(
            {
                "database_uuid": trial._get_database_uuid(),
                "imap_password_encrypted": kept,
                "smtp_password_encrypted": kept_smtp,
                "smtp_unconfirmed": not wizard.imap_password_encrypted
                and not (same_smtp and not stored.smtp_unconfirmed),
            }
        )
        return trial

    def _note_imap(self, trial, outcome: list[RemoteFolder] | MailboxError | None) -> None:
        if isinstance(outcome, MailboxError):
            self.write({"imap_ok": False, "imap_result": trial._explain(outcome)})
            return
        folders = [each for each in outcome or [] if each.selectable and each.name == clean_line(each.name)]
        words = self.env._("Receiving works: the mailbox has %s folders.", len(folders))
        self.write({"imap_ok": outcome is not None, "imap_result": outcome is not None and words})
        self._list_folders(folders)

    def _note_smtp(self, trial, outcome: bool | MailboxError | None) -> None:
        if isinstance(outcome, MailboxError):
            words = trial._explain_sending(outcome)
        elif outcome:
            words = self.env._("Sending works.")
        else:
            words = self.env._("No SMTP server is named: e-mails come in, and none can be sent.")
        self.write({"smtp_ok": outcome is True, "smtp_result": words})

    def _list_folders(self, folders: list[RemoteFolder]) -> None:
        """Show the server's folders with those ticked that are: by hand, on the mailbox, or by what they are for."""
        ticked = {folder.path: folder.selected for folder in self.mailbox_id.folder_ids}
        ticked |= {folder.path: folder.selected for folder in self.folder_ids}
        self.folder_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "path": folder.name,
                        "role": folder.role or "other",
                        "sequence": ROLE_ORDER.index(folder.role or "other"),
                        "selected": ticked.get(folder.name, folder.role in DEFAULT_ROLES),
                    }
                )
                for folder in folders
            ),
        ]


def _prepare(make_session) -> ImapSession | SmtpSession | MailboxError:
    """Make a session, which fails without a password."""
    try:
        session = make_session()
    except MailboxError as error:
        return error
    session.settings = replace(session.settings, timeout=TIMEOUT)
    return session


def _try(
    session: ImapSession | SmtpSession | MailboxError | None,
) -> list[RemoteFolder] | bool | MailboxError | None:
    """Log in and out; return the folders, or ``True`` for sending, or what went wrong."""
    if session is None or isinstance(session, MailboxError):
        return session
    try:
        with session:
            return session.folders() if isinstance(session, ImapSession) else True
    except MailboxError as error:
        return error
