"""Of whom somebody wants to see the images at once, though these tell the sender that the e-mail is read."""

from odoo import fields, models


class EscalaEmailTrustedSender(models.Model):
    """One address that one user trusts. Whoever trusts whom is known to nobody else, by a record rule."""

    _name = "escala.email.trusted.sender"
    _description = "Sender Whose Images Are Shown"
    _rec_name = "address"
    _order = "address"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
    )
    address = fields.Char("Sender", required=True, readonly=True)

    _one_row_per_address = models.UniqueIndex("(user_id, address)")


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def trust_sender(self) -> bool:
        """Show the user the images in what these senders send, from now on."""
        addresses = set(self._filter_with_sender().mapped("sender_email"))
        trusted = self.env["escala.email.trusted.sender"]
        known = trusted.search([("user_id", "=", self.env.uid), ("address", "in", [*addresses])])
        trusted.create([{"address": each} for each in sorted(addresses - {*known.mapped("address")})])
        return True

    def distrust_sender(self) -> bool:
        """Take back `trust_sender`."""
        addresses = self._filter_with_sender().mapped("sender_email")
        self.env["escala.email.trusted.sender"].search(
            [("user_id", "=", self.env.uid), ("address", "in", addresses)]
        ).unlink()
        return True

    def _filter_with_sender(self):
        self.check_access("read")
        return self.filtered("sender_email")

    def _filter_trusted(self):
        """Return those of senders whose images the user has fetched always; the user may read these e-mails."""
        addresses = self.filtered("sender_email").mapped("sender_email")
        trusted = self.env["escala.email.trusted.sender"].search_fetch(
            [("user_id", "=", self.env.uid), ("address", "in", addresses)], ["address"]
        )
        return self.filtered(lambda email: email.sender_email in trusted.mapped("address"))
