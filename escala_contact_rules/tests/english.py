"""English pages, e-mails and messages, whatever languages the database has."""


class EnglishMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.env.ref("base.public_user").lang = "en_US"
