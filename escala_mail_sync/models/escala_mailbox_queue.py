"""Who gets the new leads of a shared mailbox: the people of its queue in turn, round after round.

The mailbox knows who had the last turn; the next one is whoever stands after that person and is there. So it
stays when the order changes. Who was away gets nothing extra afterwards, who joins waits until the turn comes by,
and when the one who had the last turn leaves, the one who stood behind is next.
"""

from collections import Counter

from odoo import fields, models
from odoo.tools import SQL

from ..round_robin import deal, get_turns


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    assignee_ids = fields.One2many("escala.mailbox.assignee", "mailbox_id", string="Queue")
    last_assignee_id = fields.Many2one(
        "escala.mailbox.assignee",
        "Had the last turn",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )

    def _get_lead_users(self, emails: list[str]) -> dict[str, int | bool]:
        """Map the addresses of newcomers, in the order of their arrival, to the user who gets the lead of each.

        A customer who had a responsible before goes to that one, which is nobody's turn. Without a queue, or
        while nobody of it is there, it is the mailbox's owner; a shared mailbox has none.
        """
        if self.kind != "shared" or not self.assignee_ids:
            return dict.fromkeys(emails, self._get_lead_owner().id)
        responsibles = self._find_responsibles(emails)
        dealt = iter(self._deal_out(len(set(emails) - responsibles.keys())))
        return {email: responsibles.get(email) or next(dealt) for email in emails}

    def _get_lead_owner(self):
        """Return who gets the leads that are nobody's turn: of a private mailbox somebody always, lest all see them."""
        return self.user_id or (self.member_ids[:1] if self.visibility == "private" else self.user_id)

    def _find_responsibles(self, emails: list[str]) -> dict[str, int]:
        """Map those addresses that had a lead before, won, lost or archived, to the user who had the last one."""
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("id", "in", self.env["crm.lead"]._find_ids_by_email(emails)),
                    ("company_id", "in", [False, self.company_id.id]),
                    ("user_id.active", "=", True),
                    ("user_id.share", "=", False),
                    ("user_id.company_ids", "in", self.company_id.ids),
                ],
                ["email_normalized", "user_id"],
                order="id",
            )
        )
        return {lead.email_normalized: lead.user_id.id for lead in leads}

    def _deal_out(self, count: int) -> list[int | bool]:
        """Return the ids of the users who get the next `count` leads, and pass the turn on.

        Exact under concurrency: the mailbox's row is locked until the transaction ends. Postgres refuses the
        lock with a serialization error to a transaction that began before another one dealt, so that it has to
        start over (PostgreSQL manual, section 13.2.2, Repeatable Read).
        """
        self.ensure_one()
        self.env.execute_query(SQL("SELECT id FROM escala_mailbox WHERE id = %s FOR NO KEY UPDATE", self.id))
        self.invalidate_recordset(["assignee_ids", "last_assignee_id"])
        self.assignee_ids.invalidate_recordset()
        turns = self._get_turns()
        if not (turns and count):
            return [self._get_lead_owner().id] * count
        dealt = deal(turns, count)
        self.last_assignee_id = dealt[-1]
        now = fields.Datetime.now()
        for assignee, share in Counter(dealt).items():
            assignee.write({"assigned_count": assignee.assigned_count + share, "last_assigned_on": now})
        return [assignee.user_id.id for assignee in dealt]

    def _get_turns(self) -> list:
        """Return the people of the queue who are there now, the next one first."""
        queue = self.assignee_ids.sorted()
        absent = queue._get_absent_users(queue.user_id)
        return get_turns(
            list(queue),
            queue.filtered(lambda assignee: assignee._origin == self._origin.last_assignee_id),
            lambda assignee: not assignee._get_reason_to_pass_over(absent),
        )
