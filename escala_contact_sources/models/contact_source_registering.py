"""Registering what was taken in: in batches, by the rules of all contacts, and a lead of each."""

import logging
import time

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import email_normalize, plaintext2html

from .contact_source_intake import HONEYPOT

_logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 5
# Seconds to let more come in while they do: fifty at once take a quarter of the work of fifty times one.
PAUSE = 0.5


class ContactSourceSubmission(models.Model):
    _inherit = "contact.source.submission"

    @api.model
    def _cron_register(self):
        """Register what waits, oldest first; each batch is a transaction of its own.

        After a batch that was not full more may be coming in: what comes in during a pause, between two transactions,
        is one batch.
        """
        last = 0
        while waiting := self.search([("state", "=", "queued"), ("id", ">", last)], order="id", limit=BATCH):
            last = waiting[-1].id
            self._register_in_transaction(waiting)
            left = self.search_count([("state", "=", "queued"), ("id", ">", last)])
            if not self.env["ir.cron"]._commit_progress(len(waiting), remaining=left):
                return
            if len(waiting) < BATCH:
                time.sleep(PAUSE)
                self.env.cr.rollback()  # to see what has come in

    @api.model
    def _register_in_transaction(self, waiting):
        """Register a batch, each submission by itself if the batch fails; whoever fails too often is set aside."""
        try:
            with self.env.cr.savepoint():
                waiting._register_submissions()
        except SerializationFailure:
            # somebody registered the same address meanwhile, which is no fault of these: the next run sees it
            self.env.cr.rollback()
            waiting._trigger_registering()
        except Exception as error:  # whatever is wrong with one must not stop the others
            if len(waiting) == 1:
                _logger.warning("Submission %s was not registered", waiting.id, exc_info=True)
                waiting._count_attempt(_describe(error))
                return
            middle = len(waiting) // 2
            self._register_in_transaction(waiting[:middle])
            self._register_in_transaction(waiting[middle:])

    def _count_attempt(self, error):
        for submission in self:
            submission.attempts += 1
            submission.error = error
            if submission.attempts >= MAX_ATTEMPTS:
                submission._fail(error)

    def _fail(self, error):
        """Set a submission aside, and tell who follows its source."""
        self.write({"state": "failed", "error": error})
        source = self.source_id._in_language_of_readers()
        source.message_post(
            body=source.env._(
                "What came from %(who)s was not registered: %(why)s", who=self.summary or "?", why=error
            ),
            subtype_xmlid="mail.mt_comment",
        )

    def _register_submissions(self):
        """Register these submissions, source by source."""
        for source, submissions in self.grouped("source_id").items():
            source = source._in_language_of_readers().with_company(source.company_id)  # noqa: PLW2901
            submissions.with_context(lang=source.env.lang)._register_of_source(source)

    def _register_of_source(self, source):
        intakes = [
            source._read_intake({k: v for k, v in (sub.payload or {}).items() if k != HONEYPOT})
            for sub in self
        ]
        partners = self.env["res.partner"].with_company(source.company_id)
        kind = "lead_ad" if source.kind == "lead_ad" else "form"
        countries = source._find_countries(intake.contact.get("country") for intake in intakes)
        for intake in intakes:
            if (text := intake.contact.get("country")) and text not in countries:
                intake.message = f"{intake.message}\n{text}".strip()  # nothing is lost
        contacts = [source._prepare_contact(intake, countries) for intake in intakes]
        registrations = partners._register_contacts(contacts, kind)
        for submission, registration in zip(self, registrations, strict=True):
            is_refused = registration.result == "refused"
            submission.write(
                {
                    "registration_id": registration.id,
                    "partner_id": registration.partner_id.id,
                    "state": "refused" if is_refused else "done",
                    "error": registration.reason or False,
                }
            )
        new = [
            (registration.partner_id, intake)
            for registration, intake in zip(registrations, intakes, strict=True)
            if registration.result == "created"
        ]
        source._set_defaults(new)
        if source.makes_lead:
            accepted = [
                (submission, intake)
                for submission, intake in zip(self, intakes, strict=True)
                if submission.state == "done" and not submission.lead_id  # that is registered again
            ]
            source._make_leads(accepted)


class ContactSource(models.Model):
    _inherit = "contact.source"

    def _prepare_contact(self, intake, countries):
        """Return the values of the contact that a submission is about, for `_register_contacts`.

        :param countries: res.country by what was written, see `_find_countries`
        """
        values = dict(intake.contact)
        country = countries.get(values.pop("country", None)) or self.env["res.country"]
        company_name = values.pop("company_name", None)
        lang = values.pop("lang", None)
        installed = dict(self.env["res.lang"].get_installed())
        lang = (
            lang
            if lang in installed
            else next((c for c in installed if lang and c[:2] == lang[:2].lower()), False)
        )
        emails, phones = [*intake.emails], [*intake.phones]
        return {
            **values,
            "email": emails[0] if emails else False,
            "alternative_emails": emails[1:],
            "phone": phones[0] if phones else False,
            "alternative_phones": phones[1:],
            **({"country_id": country.id} if country else {}),
            **({"company_name": company_name} if company_name else {}),
            **({"lang": lang} if lang else {}),
            "category_id": [(4, tag.id) for tag in self.category_ids],
        }

    def _set_defaults(self, new):
        """Give new contacts the source's responsible, and its language where the form said none.

        Not those that are known: a form does not take them from whoever has them.

        :param list new: pairs of res.partner and Intake
        """
        contacts = self.env["res.partner"].union(*(contact for contact, _intake in new))
        if user := self._get_salesperson():
            # not tracked: Odoo would subscribe the salesperson contact by contact; the lead tells it
            contacts.with_context(tracking_disable=True).user_id = user
        if self.lang:
            silent = [contact for contact, intake in new if "lang" not in intake.contact]
            contacts.browse().union(*silent).lang = self.lang

    def _get_salesperson(self):
        """Return who is responsible; nobody once that user is archived, so that somebody looks for whom to ask."""
        return self.user_id.filtered("active")

    def _make_leads(self, accepted):
        """Make a lead of each submission: its responsible is the source's, or whose turn it is in the queue."""
        if not accepted:
            return
        keys = [email_normalize((intake.emails or [""])[0]) or f"#{sub.id}" for sub, intake in accepted]
        salesperson = self._get_salesperson()
        users = self.queue_id._get_lead_users(keys) if self.queue_id else dict.fromkeys(keys, salesperson.id)
        # none of a colleague: what is written on a lead is added to its customer
        own = self.env["res.partner"].union(*(sub.partner_id for sub, _intake in accepted))._filter_own()
        use_leads = self.env.ref("base.group_user").all_implied_ids & self.env.ref("crm.group_use_lead")
        leads = (
            self.env["crm.lead"]
            .with_context(mail_create_nosubscribe=True)
            .create(
                [
                    {
                        "type": "lead" if use_leads else "opportunity",
                        "name": intake.subject
                        or self.env._("%(who)s, by %(form)s", who=sub.summary, form=self.name),
                        "partner_id": (sub.partner_id - own).id,
                        "contact_name": intake.contact.get("name"),
                        "email_from": intake.emails[0] if intake.emails else False,
                        "phone": intake.phones[0] if intake.phones else False,
                        "description": plaintext2html(intake.message) if intake.message else False,
                        "user_id": users[key],
                        "company_id": self.company_id.id,
                    }
                    for key, (sub, intake) in zip(keys, accepted, strict=True)
                ]
            )
        )
        for (submission, _intake), lead in zip(accepted, leads, strict=True):
            submission.lead_id = lead


def _describe(error: Exception) -> str:
    if isinstance(error, psycopg2.Error):
        return (error.diag.message_primary or str(error)).strip()
    return str(error) or type(error).__name__
