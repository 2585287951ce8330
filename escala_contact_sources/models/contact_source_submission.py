"""What came in by a source, as it came, and what became of it."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

DAYS_KEPT_PARAMETER = "escala_contact_sources.submission_days"
DAYS_KEPT = 365


class ContactSourceSubmission(models.Model):
    """Stored before it is answered, registered afterwards: nothing that was accepted is lost."""

    _name = "contact.source.submission"
    _description = "Submission to a Registration Source"
    _order = "id desc"
    _rec_name = "summary"

    source_id = fields.Many2one(
        "contact.source", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    received_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    payload = fields.Json(readonly=True, help="The fields as they came.")
    payload_text = fields.Text("Fields", compute="_compute_payload_text")
    summary = fields.Char("Who", readonly=True)
    remote_address = fields.Char("Network Address", readonly=True, groups="base.group_system")
    idempotency_key = fields.Char(readonly=True, groups="base.group_system")
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("done", "Registered"),
            ("refused", "Refused"),
            ("failed", "Failed"),
            ("spam", "Held as spam"),
        ],
        required=True,
        readonly=True,
        default="queued",
    )
    error = fields.Char("Why", readonly=True)
    attempts = fields.Integer(readonly=True)
    registration_id = fields.Many2one(
        "contact.registration", readonly=True, ondelete="set null", index="btree_not_null"
    )
    result = fields.Selection(related="registration_id.result", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, ondelete="set null", index="btree_not_null"
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="set null", index="btree_not_null")

    _one_per_key = models.UniqueIndex("(source_id, idempotency_key) WHERE idempotency_key IS NOT NULL")
    _waiting = models.Index("(id) WHERE state IN ('queued', 'fetch')")
    _by_address = models.Index("(source_id, remote_address, received_on)")

    @api.depends("payload")
    def _compute_payload_text(self):
        for submission in self:
            submission.payload_text = "\n".join(
                f"{name}: {', '.join(texts)}" for name, texts in (submission.payload or {}).items()
            )

    def action_retry(self):
        """Register what was refused, skipped, failed or was held as spam once more, as the source is now."""
        self.check_access("write")
        again = self.filtered(
            lambda submission: (
                submission.state in ("refused", "failed", "spam")
                or (submission.state == "done" and submission.result == "skipped")
            )
        )
        again.write({"state": "queued", "error": False, "attempts": 0})
        again._trigger_registering()

    def _trigger_registering(self):
        """Have what waits registered soon.

        A run that is to begin after this transaction serves as well: to wake Odoo's cron takes a connection to Postgres
        of its own, which costs a burst of submissions more than to store them.
        """
        # sudo: the job is everybody's
        job = self.env.ref("escala_contact_sources.ir_cron_register").sudo()
        if not self._is_run_coming(job):
            job._trigger()

    @api.model
    def _is_run_coming(self, job) -> bool:
        """Tell whether a run of a job will begin after this transaction has ended.

        A run that begins deletes its triggers (base/models/ir_cron.py, `_clear_schedule`). A trigger that can be locked
        has begun none yet, and begins none before the lock is released.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    "SELECT id FROM ir_cron_trigger"
                    " WHERE cron_id = %s AND call_at <= clock_timestamp() AT TIME ZONE 'UTC'"
                    " LIMIT 1 FOR UPDATE SKIP LOCKED",
                    [job.id],
                    log_exceptions=False,
                )
                return bool(self.env.cr.rowcount)
        except SerializationFailure:
            return False  # that run has ended meanwhile

    @api.autovacuum
    def _gc_old(self):
        """Forget what came in long ago: by default a year, 0 days for never."""
        days = int(self.env["ir.config_parameter"].get_param(DAYS_KEPT_PARAMETER, DAYS_KEPT))
        if days:
            old = [
                ("received_on", "<", fields.Datetime.now() - timedelta(days=days)),
                ("state", "!=", "queued"),
            ]
            self.search(old).unlink()
