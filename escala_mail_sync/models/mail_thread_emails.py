"""What the user is asked to answer in private, on the contact or lead that it is about.

That activity is on no document, where everybody would see it. So it is shown from the e-mails, to whom it is
assigned to.
"""

from odoo import fields, models
from odoo.fields import Domain


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Add what the user is asked to answer to the activities of a contact or lead."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if (
            "activities" in (request_list or [])
            and hasattr(self, "_has_emails_tab")
            and self._has_emails_tab()
        ):
            for thread in self:  # one, as Odoo asks
                store.add(thread, {"emailsToAnswer": thread._prepare_emails_to_answer()}, as_thread=True)
        return result

    def _prepare_emails_to_answer(self) -> list[dict]:
        """Return what is shown of the e-mails with this contact or lead that the user is asked to answer in private."""
        # sudo: the field is read by nobody; these are the user's own activities, of e-mails that they may read
        activities = self.env["mail.activity"].sudo()
        own = Domain("user_id", "=", self.env.uid) & Domain("res_model", "=", False)
        emails = self.env["escala.email"].sudo(False)._search(self._get_own_emails_domain())
        asked = activities.search(own & Domain("escala_email_id", "in", emails), order="date_deadline, id")
        return [
            {
                "id": activity.escala_email_id.id,
                "activity_id": activity.id,
                "subject": activity.escala_email_id.subject or "",
                "sender": activity.escala_email_id._get_sender_name(),
                "date": fields.Datetime.to_string(activity.escala_email_id.date),
            }
            for activity in asked
        ]
