"""A person in the queue of a shared mailbox."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# Written by the dealing out only.
SHARES = {"assigned_count", "last_assigned_on"}


class EscalaMailboxAssignee(models.Model):
    """Somebody who gets new leads in turn with the others of the queue (escala_mailbox_queue.py)."""

    _name = "escala.mailbox.assignee"
    _description = "Person in a Mailbox's Queue"
    _order = "sequence, id"
    _rec_name = "user_id"

    mailbox_id = fields.Many2one("escala.mailbox", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="mailbox_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    sequence = fields.Integer(default=10)
    paused = fields.Boolean(help="Gets no new leads for the time being. The leads from before stay.")
    assigned_count = fields.Integer("Leads so far", readonly=True, copy=False)
    last_assigned_on = fields.Datetime("Last one on", readonly=True, copy=False)
    status = fields.Selection(
        [
            ("next", "Next"),
            ("waiting", "Waiting"),
            ("paused", "Paused"),
            ("absent", "On leave"),
            ("unavailable", "No longer available"),
        ],
        compute="_compute_status",
        compute_sudo=True,  # whose turn it is does not depend on who looks
    )

    _one_place_per_person = models.UniqueIndex(
        "(mailbox_id, user_id)", "This person is in the queue already."
    )

    @api.depends(
        "paused",
        "user_id",
        "mailbox_id.assignee_ids.sequence",
        "mailbox_id.assignee_ids.paused",
        "mailbox_id.assignee_ids.user_id",
        "mailbox_id.last_assignee_id",
    )
    def _compute_status(self):
        queue = self | self.mailbox_id.assignee_ids
        absent = self._get_absent_users(queue.user_id)
        for assignee in self:
            reason = assignee._get_reason_to_pass_over(absent)
            assignee.status = assignee.user_id and (reason or "waiting")
        following = {turns[0]._origin for mailbox in self.mailbox_id if (turns := mailbox._get_turns())}
        for assignee in self:
            if assignee.status == "waiting" and assignee._origin in following:
                assignee.status = "next"

    @api.constrains("user_id", "mailbox_id")
    def _check_user(self):
        for assignee in self:
            if not assignee._may_get_leads():
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be in the queue of %(mailbox)s: only internal users of its company can.",
                        user=assignee.user_id.display_name,
                        mailbox=assignee.mailbox_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_shares(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_shares(vals)
        if {"user_id", "mailbox_id"} & vals.keys():
            raise UserError(
                self.env._(
                    "The counts are this person's. Add the other one to the queue, and remove this one."
                )
            )
        return super().write(vals)

    def _refuse_shares(self, vals) -> None:
        if not self.env.su and SHARES & vals.keys():
            raise AccessError(self.env._("How many leads somebody got cannot be written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_pass_the_turn_on(self):
        """Have the turn go on after the place where somebody was who leaves the queue."""
        # sudo: users cannot write whose turn it is, but change the queue
        for mailbox in self.mailbox_id.sudo():
            if mailbox.last_assignee_id in self:
                queue = list(mailbox.assignee_ids.sorted())
                before = queue[: queue.index(mailbox.last_assignee_id)]
                after = queue[len(before) + 1 :]
                staying = [each for each in (*after, *before) if each not in self]
                mailbox.last_assignee_id = staying[-1] if staying else False

    @api.model
    def _get_absent_users(self, users):
        """Return those of the users who are away at this moment; to be extended by who knows about leaves."""
        return users.browse()

    def _get_reason_to_pass_over(self, absent) -> str:
        """Return the status of somebody who gets no lead now, or the empty string."""
        self.ensure_one()
        if not self._may_get_leads():
            return "unavailable"
        if self.paused:
            return "paused"
        return "absent" if self.user_id in absent else ""

    def _may_get_leads(self) -> bool:
        # sudo: whoever sets up the queue need not be allowed to read in which companies somebody works
        user = self.user_id.sudo()
        return user.active and not user.share and self.mailbox_id.company_id in user.company_ids
