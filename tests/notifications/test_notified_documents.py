"""Invoices, quotations, messages on tasks and forms reach the addresses of the account that want them, by SMTP."""

import pytest


@pytest.fixture
def account(env, login):
    """An account of three people: Ana with an address for invoices, Otto who wants all, Uwe who wants nothing."""
    partners = env["res.partner"].with_context(default_lang="en_US")
    account = partners.create({"name": "Bodega", "is_company": True, "email": f"info.{login}"})
    ana = partners.create(
        {
            "name": "Ana",
            "email": f"ana.{login}",
            "alternative_email_ids": [(0, 0, {"email": f"bills.{login}"})],
        }
    )
    otto = partners.create({"name": "Otto", "email": f"otto.{login}"})
    uwe = partners.create({"name": "Uwe", "email": f"uwe.{login}"})
    invoices = env.ref("escala_client_portal.notification_category_invoices")
    others = env["escala.notification.category"].search([]) - invoices
    env["escala.account.contact"].create(
        [
            {"account_id": account.id, "contact_id": ana.id, "muted_category_ids": [(6, 0, invoices.ids)]},
            {
                "account_id": account.id,
                "contact_id": ana.id,
                "email": f"bills.{login}",
                "muted_category_ids": [(6, 0, others.ids)],
            },
            {"account_id": account.id, "contact_id": otto.id},
            {"account_id": account.id, "contact_id": uwe.id, "notify": False},
        ]
    )
    env.cr.commit()
    return account


@pytest.fixture
def people(account):
    return account.account_contact_ids.contact_id


@pytest.fixture
def addresses(env, login, post_office):
    """Return who has got an e-mail since the last time, one address for each e-mail."""

    def get():
        env.cr.commit()
        got, post_office.got = post_office.got, []
        assert all(len(envelope.rcpt_tos) == 1 for envelope in got)
        return sorted(envelope.rcpt_tos[0].removesuffix(f".{login}") for envelope in got)

    return get


def make_order(env, account):
    product = env["product.product"].create({"name": "Placas", "list_price": 100})
    return env["sale.order"].create(
        {"partner_id": account.id, "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})]}
    )


def make_invoice(env, account):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": account.id,
            "invoice_line_ids": [(0, 0, {"name": "Placas", "quantity": 1, "price_unit": 100})],
        }
    )
    invoice.action_post()
    return invoice


def test_an_invoice_is_sent(env, account, addresses):
    """The company that it is addressed to has no row; it gets it as ever."""
    invoice = make_invoice(env, account)
    addresses()
    wizard = env["account.move.send.wizard"].with_context(active_model="account.move", active_ids=invoice.ids)
    wizard.create({"sending_methods": ["email"]}).action_send_and_print()
    assert addresses() == ["bills", "info", "otto"]


def test_an_invoice_is_sent_to_chosen_people(env, account, people, addresses):
    invoice = make_invoice(env, account)
    addresses()
    invoice.message_post(
        body="La factura", partner_ids=people.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
    )
    assert addresses() == ["bills", "otto"]


def test_a_bill_is_left_alone(env, account, people, addresses):
    bill = env["account.move"].create({"move_type": "in_invoice", "partner_id": account.id})
    bill.message_post(
        body="?", partner_ids=people.ids, subtype_xmlid="mail.mt_comment", message_type="comment"
    )
    assert addresses() == ["ana", "otto", "uwe"]


def test_a_receipt_is_sent(env, account, people, addresses):
    invoice = make_invoice(env, account)
    register = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    payment = register.create({})._create_payments()
    addresses()
    template = env.ref("account.mail_template_data_payment_receipt")
    template.report_template_ids = False  # a page is no matter here
    template.send_mail(payment.id, force_send=True, email_values={"recipient_ids": people.ids})
    assert addresses() == ["bills", "otto"]


def test_a_quotation_is_sent(env, account, people, addresses):
    order = make_order(env, account)
    addresses()
    action = order.action_quotation_send()
    composer = (
        env["mail.compose.message"].with_context(**action["context"]).create({"partner_ids": people.ids})
    )
    composer.action_send_mail()
    assert addresses() == ["ana", "otto"]


def test_nobody_is_told_of_a_draft_unless_named(env, account, people, addresses):
    post = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
    order, invoice = make_order(env, account), make_invoice(env, account)
    invoice.button_draft()
    addresses()
    for document in (order, invoice):
        document.message_subscribe(people.ids)
        document.message_post(body="¿Un diez por ciento menos?", **post)
        assert addresses() == []
    otto = people.filtered(lambda person: person.name == "Otto")
    order.message_post(body="¿Le parece bien?", partner_ids=otto.ids, **post)
    assert addresses() == ["otto"]
    order.state = "sent"
    order.message_post(body="Aquí está", **post)
    assert addresses() == ["ana", "otto"]
    order.state = "cancel"
    order.message_post(body="Lo hemos anulado", **post)
    assert addresses() == ["ana", "otto"]


def test_an_order_is_confirmed(env, account, addresses):
    order = make_order(env, account)
    order.action_confirm()
    addresses()
    order._send_order_confirmation_mail()
    assert addresses() == ["ana", "info", "otto"]


def test_a_message_on_a_task_and_its_answer(env, account, people, addresses):
    project = env["project.project"].create({"name": "Tejado", "partner_id": account.id})
    task = env["project.task"].create({"name": "Medir", "project_id": project.id, "partner_id": account.id})
    addresses()
    post = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
    task.message_post(body="Medimos el lunes", **post)
    assert addresses() == ["ana", "otto"]
    otto = people.filtered(lambda person: person.name == "Otto")
    task.message_post(body="De acuerdo", author_id=otto.id, email_from=otto.email, **post)
    assert addresses() == ["ana"]
    task.message_subscribe(people.ids)
    task.message_post(body="Nota", subtype_xmlid="project.mt_task_done", message_type="notification")
    assert addresses() == []


def test_a_form_is_sent(env, account, people, addresses):
    survey = env["survey.survey"].create(
        {
            "title": "Datos",
            "access_mode": "token",
            "question_and_page_ids": [(0, 0, {"title": "¿Tejado?", "question_type": "char_box"})],
        }
    )
    action = survey.action_send_survey()
    invite = env["survey.invite"].with_context(**action["context"]).create({"partner_ids": people.ids})
    invite.action_invite()
    env["mail.mail"].process_email_queue()
    assert addresses() == ["ana", "otto"]
