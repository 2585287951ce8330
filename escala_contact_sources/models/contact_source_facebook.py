"""Sources of kind Facebook Lead Ads: what the webhook announces is queued, then fetched from the Graph API."""

import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.translate import LazyTranslate

from odoo.addons.escala_mail_sync import secret

from ..facebook import GraphClient, GraphError, Silence, TokenError
from ..facebook.graph import DEFAULT_URL
from ..intake import PayloadError, flatten

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

SILENCES = {
    Silence.TIMEOUT: _lt("Facebook gave no answer in time"),
    Silence.UNREACHABLE: _lt("Facebook could not be reached"),
    Silence.UNREADABLE: _lt("Facebook's answer cannot be read"),
    Silence.WORDLESS: _lt("Facebook refuses it without saying why"),
}

# Of Odoo's configuration file: whoever could change it in the database could have the access tokens sent anywhere.
GRAPH_URL_OPTION = "escala_graph_url"
# How long to wait before asking once more; after the last, it has failed.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
BATCH = 50


class ContactSource(models.Model):
    _inherit = "contact.source"

    kind = fields.Selection(
        selection_add=[("lead_ad", "Facebook Lead Ads")], ondelete={"lead_ad": "set default"}
    )
    webhook_url = fields.Char(compute="_compute_webhook_url", groups="base.group_system")
    verify_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(16),
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Facebook asks for it once, when the webhook is entered in the app's console.",
    )
    app_secret = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_app_secret",
        groups="base.group_system",
        help="Of the Facebook app; it signs what the webhook gets. Kept encrypted: it can be replaced, not read again.",
    )
    app_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    access_token = fields.Char(
        "Page Access Token",
        compute="_compute_secrets",
        inverse="_inverse_access_token",
        groups="base.group_system",
        help="Of the page, with leads_retrieval. Kept encrypted: it can be replaced, not read again.",
    )
    access_token_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_app_secret = fields.Boolean(compute="_compute_has_secrets", compute_sudo=True)
    has_access_token = fields.Boolean(compute="_compute_has_secrets", compute_sudo=True)
    has_secrets = fields.Boolean(compute="_compute_has_secrets", compute_sudo=True)
    token_expires_on = fields.Datetime(readonly=True, copy=False)
    token_problem = fields.Char(readonly=True, copy=False)
    token_state = fields.Char("Access Token", compute="_compute_token_state")
    form_id = fields.Char("Facebook Form", help="The number of a form of the page, for the test lead.")

    @api.depends("token")
    def _compute_webhook_url(self):
        for source in self:
            source.webhook_url = f"{source.get_base_url()}/escala/facebook/{source.token}"

    def _compute_secrets(self):
        """Show nobody what is kept encrypted."""
        self.app_secret = self.access_token = False

    @api.depends("app_secret_encrypted", "access_token_encrypted")
    def _compute_has_secrets(self):
        for source in self:
            source.has_app_secret = bool(source.app_secret_encrypted)
            source.has_access_token = bool(source.access_token_encrypted)
            source.has_secrets = source.has_app_secret and source.has_access_token

    def _inverse_app_secret(self):
        for source in self.filtered("app_secret"):
            # sudo: what is encrypted can be written by no user, only replaced through here
            source.sudo().app_secret_encrypted = secret.encrypt(source.app_secret.strip())

    def _inverse_access_token(self):
        for source in self.filtered("access_token"):
            # sudo: as above
            source.sudo().write(
                {
                    "access_token_encrypted": secret.encrypt(source.access_token.strip()),
                    "token_problem": False,
                    "token_expires_on": False,
                }
            )
            # what had to wait for a token
            source.env["contact.source.submission"]._trigger_fetching()

    @api.depends("token_problem", "token_expires_on", "access_token_encrypted")
    def _compute_token_state(self):
        now = fields.Datetime.now()
        for source in self:
            if not source.has_secrets:
                source.token_state = self.env._("Not entered yet")
            elif source.token_problem:
                source.token_state = self.env._("Not taken any more: %s", source.token_problem)
            elif not source.token_expires_on:
                source.token_state = self.env._("Does not expire, as far as is known")
            elif source.token_expires_on < now:
                source.token_state = self.env._("Expired: enter a new one")
            else:
                days = (source.token_expires_on - now).days
                source.token_state = self.env._("Expires in %s days", days)

    def write(self, vals):
        """Fetch what has waited for the source to go on."""
        result = super().write(vals)
        if vals.get("paused") is False and "lead_ad" in self.mapped("kind"):
            self.env["contact.source.submission"]._trigger_fetching()
        return result

    def _read_secret(self, name: str) -> str:
        """Return a secret in clear, for this process alone."""
        encrypted = self.sudo()[f"{name}_encrypted"]  # sudo: no user may read it
        return secret.decrypt(encrypted) if encrypted else ""

    def _get_graph_client(self) -> GraphClient:
        """Return what asks for this source.

        :raises TokenError: the secrets cannot be read any more
        """
        url = config.get(GRAPH_URL_OPTION) or DEFAULT_URL
        try:
            return GraphClient(url, self._read_secret("access_token"), self._read_secret("app_secret"))
        except secret.SecretUnreadable as error:
            raise TokenError(self.env._("it was encrypted with another key"), is_final=True) from error

    def action_check_token(self):
        """Ask Facebook whether the access token is taken, and until when."""
        self.check_access("write")
        for source in self:
            try:
                expires_on = source._get_graph_client().get_expiry()
            except TokenError as error:
                source._set_token_problem(source._get_words(error))
            except GraphError as error:
                raise UserError(source._get_words(error)) from error
            else:
                source.write({"token_problem": False, "token_expires_on": expires_on})

    def action_make_test_lead(self):
        """Have Facebook make a test lead of the form; it comes in like any other."""
        self.check_access("write")
        if not self.form_id:
            raise UserError(self.env._("Enter the number of the form first."))
        try:
            self._get_graph_client().make_test_lead(self.form_id)
        except GraphError as error:
            raise UserError(self.env._("Facebook made no test lead: %s", self._get_words(error))) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Facebook has made a test lead. It is announced in a moment; see Submissions."
                ),
            },
        }

    def _get_words(self, error: GraphError) -> str:
        return self.env._(SILENCES[error.why]) if error.why in SILENCES else error.why

    def _set_token_problem(self, words: str) -> None:
        """Remember that the token is not taken any more, and tell the followers once."""
        if self.token_problem:
            return
        self.token_problem = words
        self.message_post(
            body=self.env._(
                "Facebook does not take the access token any more: %s. Leads wait until a new one is entered.",
                words,
            ),
            subtype_xmlid="mail.mt_comment",
        )

    @api.model
    def _cron_check_tokens(self):
        """Ask once a day until when the tokens last, so that the end comes as no surprise."""
        for source in self.search(
            [("kind", "=", "lead_ad"), ("paused", "=", False), ("token_problem", "=", False)]
        ):
            if source.has_secrets:
                try:
                    source._in_language_of_readers().action_check_token()
                except UserError:
                    _logger.info("The token of source %s could not be checked", source.id)

    def _take_in_leads(self, leadgen_ids: list[str]):
        """Queue the leads that were announced, each once ever."""
        keys = {f"leadgen:{id_}": id_ for id_ in leadgen_ids}
        submissions = self.env[
            "contact.source.submission"
        ].sudo()  # sudo: Facebook may write nothing by itself
        known = submissions.search([("source_id", "=", self.id), ("idempotency_key", "in", list(keys))])
        new = keys.keys() - set(known.mapped("idempotency_key"))
        created = submissions._create_once(
            [
                {"source_id": self.id, "idempotency_key": key, "leadgen_id": keys[key], "state": "fetch"}
                for key in keys
                if key in new
            ]
        )
        if created:
            created._trigger_fetching()
        return created


class ContactSourceSubmission(models.Model):
    _inherit = "contact.source.submission"

    leadgen_id = fields.Char("Facebook's Number", readonly=True)
    next_attempt_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        selection_add=[("fetch", "To be fetched"), ("queued",)], ondelete={"fetch": "cascade"}
    )

    @api.model
    def _cron_fetch(self):
        """Ask for what was announced, lead by lead: a slow answer must not undo those before."""
        due = [
            ("state", "=", "fetch"),
            "|",
            ("next_attempt_on", "=", False),
            ("next_attempt_on", "<=", fields.Datetime.now()),
            ("source_id.paused", "=", False),
            ("source_id.token_problem", "=", False),
            # those of a source that lacks a secret would keep others from being asked for
            ("source_id.access_token_encrypted", "!=", False),
            ("source_id.app_secret_encrypted", "!=", False),
        ]
        waiting = self.search(due, order="id", limit=BATCH)
        for number, submission in enumerate(waiting, 1):
            submission._fetch()
            submission.filtered(lambda lead: lead.state == "queued")._trigger_registering()
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(waiting) - number):
                return
        if len(waiting) == BATCH:
            self._trigger_fetching()

    def _trigger_fetching(self, at=None):
        # sudo: the job is everybody's
        self.env.ref("escala_contact_sources.ir_cron_fetch").sudo()._trigger(at)

    def _fetch(self):
        """Ask the Graph API for the fields of one lead."""
        source = self.source_id._in_language_of_readers()
        if source.token_problem or not source.has_secrets:
            return
        try:
            payload = flatten(source._get_graph_client().get_lead(self.leadgen_id).items())
        except TokenError as error:
            source._set_token_problem(source._get_words(error))
        except GraphError as error:
            self._put_off(source._get_words(error), error.is_final)
        except PayloadError as error:
            self._put_off(source._get_words_of_fault(error), is_final=True)
        else:
            intake = source._read_intake(payload)
            self.write(
                {
                    "payload": payload,
                    "summary": intake.summary,
                    "state": "queued",
                    "attempts": 0,
                    "error": False,
                }
            )

    def _put_off(self, error: str, is_final: bool) -> None:
        if is_final or self.attempts >= len(WAITS):
            self._fail(error)
            return
        next_attempt_on = fields.Datetime.now() + WAITS[self.attempts]
        self.write({"attempts": self.attempts + 1, "error": error, "next_attempt_on": next_attempt_on})
        self._trigger_fetching(next_attempt_on)

    def action_retry(self):
        """Fetch again what never came."""
        unfetched = self.filtered(lambda submission: submission.leadgen_id and not submission.payload)
        result = super().action_retry()
        unfetched.filtered(lambda submission: submission.state == "queued").write(
            {"state": "fetch", "next_attempt_on": False}
        )
        unfetched._trigger_fetching()
        return result
