"""Messages that a client has written or got, on the documents of the account that it is in."""

from odoo import api, models


class MailMessage(models.Model):
    """Odoo shows everybody the messages that they have written or were notified of, wherever these are. A client on
    two accounts would read on the one what was said on the other."""

    _inherit = "mail.message"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Override: a client finds what is on documents that it may read now."""
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if bypass_access or self.env.su or not self.env.user._is_client():
            return query
        messages = self.browse(query)
        return (messages - messages._filter_elsewhere())._as_query(bool(order))

    def _get_forbidden_access(self, operation):
        """Override: as `_search`."""
        forbidden = super()._get_forbidden_access(operation)
        if not self.env.user._is_client():
            return forbidden
        return forbidden + (self - forbidden)._filter_elsewhere()

    def _filter_elsewhere(self):
        """Return those of the messages that are on a document which the user may not read now."""
        documents = {}
        # sudo: only to see which document they are on
        for message in self.sudo().filtered(lambda message: message.model and message.res_id):
            documents.setdefault(message.model, {}).setdefault(message.res_id, set()).add(message.id)
        allowed = self._find_allowed_doc_ids(documents)
        on_documents = {id_ for messages in documents.values() for ids in messages.values() for id_ in ids}
        return self.browse(id_ for id_ in self._ids if id_ in on_documents - allowed)
