"""Which category the notifications that Odoo sends on its documents belong to."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.safe_eval import safe_eval


class EscalaNotificationRule(models.Model):
    """Sorts the messages of a model, or those of one subtype. Add-ons add records.

    Messages of models without a rule are sent as Odoo does.
    """

    _name = "escala.notification.rule"
    _description = "Rule for Client Notifications"
    _order = "sequence, id"
    _rec_name = "model_id"

    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade", domain=[("is_mail_thread", "=", True)]
    )
    model = fields.Char(related="model_id.model", string="Model Name", store=True)
    subtype_id = fields.Many2one(
        "mail.message.subtype",
        ondelete="cascade",
        help="Only messages of this subtype. Without one, all that no earlier rule is for: also those that "
        "e-mail templates send without a message.",
    )
    domain = fields.Char(default="[]", required=True, help="Only documents that match.")
    category_id = fields.Many2one("escala.notification.category", required=True, ondelete="cascade")
    notifies_all = fields.Boolean(
        "All Contacts of the Account",
        help="Messages that customers may see go to all contacts of the account who want this category, "
        "and not only to those whom Odoo would write to.",
    )
    shown_domain = fields.Char(
        "Shown to Clients",
        default="[]",
        required=True,
        help="The documents that clients see in the portal. Of others, those alone of the account are sent messages "
        "who are named as recipients.",
    )
    sequence = fields.Integer(default=10)

    @api.constrains("model_id", "domain", "shown_domain")
    def _check_domain(self):
        for rule in self:
            for domain in (rule.domain, rule.shown_domain):
                try:
                    # sudo: documents that the user may not read are none of the rule's business
                    self.env[rule.model].sudo().search(safe_eval(domain), limit=1)
                except Exception as error:
                    raise ValidationError(
                        self.env._("“%(domain)s” is no domain of %(model)s.", domain=domain, model=rule.model)
                    ) from error

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _find(self, record, subtype_id=False):
        """Return the first rule for messages of this subtype on a record, or none.

        :param record: of any model
        :param int subtype_id: False for what is sent without a message
        """
        for rule_id, rule_subtype_id, domain in self._get_of_model(record._name):
            if rule_subtype_id in (False, subtype_id) and record.sudo().filtered_domain(safe_eval(domain)):
                # sudo: everybody's messages are sorted, and nobody is told the rule
                return self.sudo().browse(rule_id)
        return self.browse()

    def _is_shown(self, record):
        """Tell whether clients see a document in the portal.

        :param record: of the rule's model
        """
        # sudo: everybody's documents, as in _find
        return bool(record.sudo().filtered_domain(safe_eval(self.shown_domain)))

    @api.model
    def _sorts_direct_mail(self, model):
        """Tell whether there are rules for what is sent on documents of a model without a message."""
        return any(not subtype_id for _id, subtype_id, _domain in self._get_of_model(model))

    @api.model
    @tools.ormcache("model")
    def _get_of_model(self, model):
        """Return (id, id of the subtype or False, domain) of the model's rules, those for one subtype first."""
        # sudo: as in _find
        rules = self.sudo().search([("model", "=", model)])
        rules = rules.sorted(lambda rule: not rule.subtype_id)
        return tuple((rule.id, rule.subtype_id.id, rule.domain) for rule in rules)
