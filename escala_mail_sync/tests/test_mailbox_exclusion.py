"""Who excludes whom, what it keeps out, and the offer to remove what it brought in before."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..mime import parse_headers
from .common import MailboxCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class ExclusionCase(MailboxCase):
    def exclude(self, pattern, mailbox=None, user=None, **values):
        """Exclude a pattern; without a mailbox, from all of the company."""
        model = self.env["escala.mailbox.exclusion"].with_user(user or self.env.user)
        return model.create({"pattern": pattern, "mailbox_id": mailbox and mailbox.id, **values})

    def exclusions(self, user):
        return self.env["escala.mailbox.exclusion"].with_user(user)

    def receive(self, sender, mailbox=None, **values):
        return self.make_email(mailbox or self.personal, sender_email=sender, **values)

    def send(self, *recipients, mailbox=None):
        return self.make_email(mailbox or self.personal, direction="out", addresses=" ".join(recipients))


@tagged("post_install", "-at_install")
class TestPattern(ExclusionCase):
    def test_what_is_no_address_is_refused_with_the_right_form(self):
        for pattern, words in (
            ("*@gmail.com", "Write gmail.com to exclude everybody there."),
            ("*.gmail.com", "Write gmail.com to exclude everybody there."),
            ("Ana <ana@gmail.com>", "Write ana@gmail.com to exclude this address."),
            ("a@b@c", "Write an address such as name@gmail.com, or a domain such as gmail.com"),
            ("", "Write an address such as name@gmail.com, or a domain such as gmail.com"),
        ):
            with self.subTest(pattern), self.assertRaisesRegex(ValidationError, words):
                self.exclude(pattern, self.personal)

    def test_what_was_typed_is_shown(self):
        exclusion = self.exclude("@Müller.example", self.personal)
        self.assertEqual(exclusion.display_name, "@Müller.example")
        self.assertEqual(exclusion.pattern_normalized, "xn--mller-kva.example")

    @mute_logger("odoo.sql_db")
    def test_a_mailbox_and_the_company_exclude_a_pattern_once_each(self):
        for mailbox in (self.personal, self.shared, None):
            self.exclude("gmail.com", mailbox)
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.exclude("@GMAIL.com", mailbox)

    def test_an_exclusion_is_of_its_mailboxs_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        mailbox = self.make_mailbox("sol@otra.example", kind="shared", company_id=other.id)
        self.assertEqual(self.exclude("gmail.com", mailbox).company_id, other)
        self.assertEqual(self.exclude("gmail.com").company_id, self.env.company)
        with self.assertRaises(UserError):
            self.exclude("yahoo.com", mailbox, company_id=self.env.company.id)


@tagged("post_install", "-at_install")
class TestExcluded(ExclusionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})
        cls.eva = cls.env["res.partner"].create({"name": "Eva", "email": "eva@otro.example"})

    def classify(self, *headers, mailbox=None):
        return self.env["escala.email.classifier"]._classify(
            mailbox or self.personal, [parse_headers(each.encode()) for each in headers]
        )

    def reason(self, headers, mailbox=None):
        [decision] = self.classify(headers, mailbox=mailbox)
        return decision.ignored

    def test_received_from_an_excluded_address_stays_out(self):
        self.exclude("ana@cliente.example", self.personal)
        self.assertEqual(self.reason("From: Ana <Ana@Cliente.example>\n"), "excluded")
        self.assertEqual(self.reason("From: eva@otro.example\n"), "")
        self.assertEqual(self.reason("From: ana@cliente.example\n", self.shared), "")

    def test_a_domain_with_its_subdomains_only_if_asked_for(self):
        exclusion = self.exclude("cliente.example", self.personal)
        self.assertEqual(self.reason("From: x@cliente.example\n"), "excluded")
        self.assertEqual(self.reason("From: x@news.cliente.example\n"), "")
        exclusion.include_subdomains = True
        self.assertEqual(self.reason("From: x@news.cliente.example\n"), "excluded")
        self.assertEqual(self.reason("From: x@mycliente.example\n"), "")

    def test_what_the_company_excludes_stays_out_of_every_mailbox(self):
        self.exclude("cliente.example")
        for mailbox in (self.personal, self.shared):
            self.assertEqual(self.reason("From: ana@cliente.example\n", mailbox), "excluded")
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.make_mailbox("sol@otra.example", kind="shared", company_id=other.id)
        self.assertEqual(self.reason("From: ana@cliente.example\n", elsewhere), "")

    def test_branches_follow_their_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        mailbox = self.make_mailbox("sol@filial.example", kind="shared", company_id=branch.id)
        exclusion = self.exclude("cliente.example")
        self.assertEqual(self.reason("From: ana@cliente.example\n", mailbox), "excluded")
        self.assertIn(exclusion, mailbox.company_exclusion_ids)
        self.receive("ana@cliente.example", mailbox)
        self.assertEqual(exclusion.email_count, 1)
        self.exclude("otro.example", company_id=branch.id)
        self.assertEqual(self.reason("From: eva@otro.example\n"), "")

    def test_the_wider_of_two_exclusions_counts(self):
        self.exclude("cliente.example", self.personal)
        self.exclude("cliente.example", include_subdomains=True)
        self.assertEqual(self.reason("From: x@news.cliente.example\n"), "excluded")

    def test_a_domain_in_either_spelling(self):
        self.exclude("müller.example", self.personal)
        self.assertEqual(self.reason("From: eva@xn--mller-kva.example\n"), "excluded")
        self.assertEqual(self.reason("From: eva@müller.example\n"), "excluded")

    def test_sent_to_the_excluded_only_stays_out(self):
        self.exclude("ana@cliente.example", self.personal)
        self.shared.state = "connected"
        out = "From: owner@nordica.example\nTo: ana@cliente.example\n"
        self.assertEqual(self.reason(out), "excluded")
        self.assertEqual(self.reason(f"{out}Cc: team@nordica.example\n"), "excluded")
        self.assertEqual(
            self.reason("From: owner@nordica.example\nTo: owner@nordica.example\n"), "colleagues"
        )

    def test_excluded_recipients_are_no_customers(self):
        self.exclude("ana@cliente.example", self.personal)
        sent, received = self.classify(
            "From: owner@nordica.example\nTo: ana@cliente.example\nBcc: eva@otro.example\n",
            "From: eva@otro.example\nTo: owner@nordica.example\nCc: ana@cliente.example\n",
        )
        for decision in (sent, received):
            self.assertFalse(decision.ignored)
            self.assertEqual(decision.partner_ids, {self.eva.id})

    def test_an_excluded_stranger_never_gets_a_lead(self):
        self.exclude("nuevo.example", self.personal)
        first, second = self.classify(
            "From: luz@nuevo.example\n", "From: otro@raro.example\nCc: luz@nuevo.example\n"
        )
        self.assertFalse(first.lead_for)
        self.assertEqual(second.newcomers, {"otro@raro.example"})

    def test_one_query_however_many_exclusions_and_messages(self):
        for number in range(30):
            self.exclude(f"sitio{number}.example", self.personal)
        addresses = [f"x@mail.sitio{number}.example" for number in range(50)]
        exclusions = self.env["escala.mailbox.exclusion"]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.personal.company_id.parent_ids)  # read beforehand
        with self.assertQueryCount(1):
            self.assertFalse(exclusions._find_excluded(self.personal, addresses))


@tagged("post_install", "-at_install")
class TestOffer(ExclusionCase):
    def test_the_dialog_counts_while_one_types(self):
        for _time in range(2):
            self.receive("ana@cliente.example")
        dialog = self.exclusions(self.owner).with_context(default_mailbox_id=self.personal.id)
        form = Form(dialog)
        form.pattern = "*@cliente.example"
        self.assertEqual(form.problem, "Write cliente.example to exclude everybody there.")
        self.assertEqual(form.email_count, 0)
        form.pattern = "cliente.example"
        self.assertFalse(form.problem)
        self.assertEqual(form.email_count, 2)
        self.assertEqual(form.removal_label, "Exclude and remove 2 e-mails")
        exclusion = form.save()
        self.assertEqual(exclusion.mailbox_id, self.personal)
        self.assertEqual(exclusion.removal_label, "Remove 2 e-mails")

    def test_what_it_brought_in_is_what_it_would_have_kept_out(self):
        received = self.receive("ana@cliente.example")
        odd = self.receive("100%_ana@cliente.example")
        sent = self.send("ana@cliente.example", "colleague@nordica.example", "owner@nordica.example")
        to_others_too = self.send("ana@cliente.example", "eva@otro.example")
        below = self.receive("ana@news.cliente.example")
        others = (
            self.receive("ana@mycliente.example")
            | self.receive("ana@cliente.example.otro.example")
            | self.send("eva@cliente.example.otro.example")
            | self.send("owner@nordica.example")
            | self.receive("ana@cliente.example", self.shared)
        )
        self.colleague.email = "colleague@nordica.example"
        domain = self.exclude("cliente.example", self.personal)
        self.assertEqual(domain._find_emails(), received | odd | sent)
        domain.include_subdomains = True
        self.assertEqual(domain._find_emails(), received | odd | sent | below)
        address = self.exclude("ana@cliente.example", self.personal)
        self.assertEqual(address._find_emails(), received | sent)
        self.assertFalse(self.exclude("xana@cliente.example", self.personal)._find_emails())
        address.with_user(self.owner).action_remove_emails()
        self.assertFalse((received | sent).exists())
        self.assertEqual(
            (others | to_others_too | odd | below).exists(), others | to_others_too | odd | below
        )

    def test_either_spelling_of_a_domain_is_found(self):
        emails = self.receive("eva@müller.example") | self.receive("eva@xn--mller-kva.example")
        emails |= self.send("eva@müller.example")
        self.assertEqual(self.exclude("müller.example", self.personal)._find_emails(), emails)

    def test_what_the_company_excludes_is_removed_by_everybody_from_their_own_mailboxes(self):
        mine = self.receive("ana@cliente.example")
        ours = self.receive("ana@cliente.example", self.shared)
        exclusion = self.exclude("cliente.example")
        for user, emails in (
            (self.colleague, mine.browse()),
            (self.manager, ours),
            (self.owner, mine | ours),
        ):
            self.env.invalidate_all()
            self.assertEqual(exclusion.with_user(user).email_count, len(emails))
        exclusion.with_user(self.colleague).action_remove_emails()
        self.assertEqual((mine | ours).exists(), mine | ours)
        exclusion.with_user(self.manager).action_remove_emails()
        self.assertEqual((mine | ours).exists(), mine)
        exclusion.with_user(self.owner).action_remove_emails()
        self.assertFalse(mine.exists())

    def test_nobody_learns_whom_somebody_else_writes_to(self):
        self.receive("ana@cliente.example")
        for user in (self.colleague, self.manager):
            for values in ({"mailbox_id": self.personal.id}, {"mailbox_id": False}):
                draft = self.exclusions(user).new({"pattern": "cliente.example", **values})
                self.assertEqual(draft.email_count, 0)
        draft = self.exclusions(self.owner).new(
            {"pattern": "cliente.example", "mailbox_id": self.personal.id}
        )
        self.assertEqual(draft.email_count, 1)


@tagged("post_install", "-at_install")
class TestExclusionAccess(ExclusionCase):
    """As the owner of a personal mailbox who is a member of a shared one, a colleague with neither, a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exclusions = cls.env["escala.mailbox.exclusion"]
        cls.of_personal, cls.of_shared, cls.of_company = exclusions.create(
            [
                {"pattern": "gmail.com", "mailbox_id": cls.personal.id},
                {"pattern": "gmail.com", "mailbox_id": cls.shared.id},
                {"pattern": "gmail.com"},
            ]
        )
        cls.all = cls.of_personal | cls.of_shared | cls.of_company

    def test_who_reads_them(self):
        for user, readable in (
            (self.owner, self.all),
            (self.colleague, self.of_company),
            (self.manager, self.of_shared | self.of_company),
        ):
            mine = self.all.with_user(user)
            self.assertEqual(mine.search([("id", "in", self.all.ids)]), readable)
            self.assertEqual(mine._filtered_access("read"), readable)

    @mute_logger(*MUTED)
    def test_who_changes_them(self):
        for user, changeable in (
            (self.owner, self.of_personal),
            (self.colleague, self.all.browse()),
            (self.manager, self.of_shared | self.of_company),
        ):
            for exclusion in self.all:
                mine, mailbox = exclusion.with_user(user), exclusion.mailbox_id
                attempts = {
                    "write": lambda mine=mine: mine.write({"include_subdomains": True}),
                    "create": lambda mailbox=mailbox, user=user: self.exclude("yahoo.com", mailbox, user),
                    "unlink": mine.unlink,
                }
                for name, attempt in attempts.items():
                    with self.subTest(name, user=user.login, of=mailbox.email or "company"):
                        savepoint = self.env.cr.savepoint()
                        if exclusion in changeable:
                            attempt()
                        else:
                            self.assertRaises(AccessError, attempt)
                        savepoint.close(rollback=True)

    @mute_logger(*MUTED)
    def test_an_exclusion_is_not_given_to_a_mailbox_of_others(self):
        mine = self.exclude("yahoo.com", self.personal, self.owner)
        theirs = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        for mailbox in (self.shared, theirs, self.shared.browse()):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.write({"mailbox_id": mailbox.id})

    @mute_logger(*MUTED)
    def test_another_company_is_another_companys(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.exclude("yahoo.com", user=self.manager, company_id=other.id)
        foreign = self.exclude("yahoo.com", company_id=other.id)
        self.assertFalse(foreign.with_user(self.manager).search([("id", "=", foreign.id)]))

    @mute_logger(*MUTED)
    def test_without_the_group_nothing(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        portal = new_test_user(self.env, "client", "base.group_portal")
        for user in (employee, portal):
            with self.assertRaises(AccessError):
                self.of_company.with_user(user).read(["pattern"])
            with self.assertRaises(AccessError):
                self.of_company.with_user(user).action_remove_emails()


@tagged("post_install", "-at_install")
class TestExclusionByRpc(ExclusionCase, HttpCase):
    def call(self, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": "escala.mailbox.exclusion", "method": method, "args": args, "kwargs": kwargs},
        )

    def assert_denied(self, *call, **kwargs):
        with self.assertRaises(JsonRpcException) as caught, mute_logger("odoo.http", *MUTED):
            self.call(*call, **kwargs)
        self.assertIn("AccessError", str(caught.exception))

    def test_owner(self):
        email = self.receive("ana@cliente.example")
        self.authenticate("owner", "owner")
        [id_] = self.call("create", [{"pattern": "cliente.example", "mailbox_id": self.personal.id}])
        self.assertEqual(self.call("read", [id_], ["email_count"])[0]["email_count"], 1)
        self.call("action_remove_emails", [id_])
        self.assertFalse(email.exists())
        self.call("unlink", [id_])
        self.assert_denied("create", [{"pattern": "cliente.example"}])
        self.assert_denied("create", [{"pattern": "cliente.example", "mailbox_id": self.shared.id}])

    def test_others(self):
        email = self.receive("ana@cliente.example")
        exclusion = self.exclude("cliente.example", self.personal)
        of_company = self.exclude("cliente.example")
        for login in ("colleague", "manager"):
            self.authenticate(login, login)
            for call in (
                ("read", exclusion.ids, ["pattern"]),
                ("write", exclusion.ids, {"include_subdomains": True}),
                ("unlink", exclusion.ids),
                ("action_remove_emails", exclusion.ids),
                ("create", [{"pattern": "x.example", "mailbox_id": self.personal.id}]),
                ("_find_emails", of_company.ids),
            ):
                self.assert_denied(*call)
            values = {"pattern": "cliente.example", "mailbox_id": self.personal.id}
            answer = self.call("onchange", [], values, ["pattern"], {"pattern": {}, "email_count": {}})
            self.assertFalse(answer["value"].get("email_count"))
            self.assertEqual(self.call("read", of_company.ids, ["email_count"])[0]["email_count"], 0)
            self.call("action_remove_emails", of_company.ids)
            self.assertTrue(email.exists())
