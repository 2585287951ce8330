"""What visitors send by forms of the website that make contacts or leads."""

import requests


def make_contact(env, **values):
    contact = env["res.partner"].create(values)
    env.cr.commit()
    return contact


def test_a_known_contact_is_updated_and_no_address_overwritten(env, send):
    known = make_contact(env, name="Ana", email="ana@known.example", phone="+34 947 11 22 33")
    answer = send("res.partner", name="Ana Ruiz", email="ANA@known.example", phone="+34 600 55 44 33")
    assert answer == {"id": known.id}
    assert (known.name, known.phone) == ("Ana Ruiz", "+34 947 11 22 33")
    assert known.alternative_phone_ids.mapped("phone_sanitized") == ["+34600554433"]


def test_an_alternative_address_finds_the_contact(env, send):
    known = make_contact(
        env,
        name="Otto",
        email="otto@known.example",
        alternative_email_ids=[(0, 0, {"email": "otto@other.example"})],
    )
    assert send("res.partner", name="Otto", email="otto@other.example") == {"id": known.id}


def test_who_is_not_known_becomes_a_contact(env, send):
    id_ = send("res.partner", name="Zoë", email="zoe@new.example", Color="green")["id"]
    contact = env["res.partner"].browse(id_)
    assert contact.email == "zoe@new.example"
    assert "green" in "".join(contact.message_ids.mapped("body"))
    assert env["contact.registration"].search([("partner_id", "=", id_)]).source == "form"


def test_wrong_addresses_are_named_and_nothing_is_registered(env, send):
    before = env["res.partner"].search_count([])
    assert send("res.partner", name="Eva", email="nobody") == {"error_fields": ["email"]}
    assert send("crm.lead", name="x", contact_name="Eva", email_from="e@x.example", phone="12") == {
        "error_fields": ["phone"]
    }
    env.cr.rollback()
    assert env["res.partner"].search_count([]) == before


def test_a_lead_gets_its_contact_back_from_the_bin(env, send):
    known = make_contact(env, name="Iker", email="iker@gone.example")
    known._move_to_bin()
    env.cr.commit()
    answer = send("crm.lead", name="Roof", contact_name="Iker", email_from="iker@gone.example")
    lead = env["crm.lead"].browse(answer["id"])
    assert lead.partner_id == known
    assert not known.deletion_date


def test_a_lead_adds_nothing_to_a_colleague(env, send):
    colleague = env.ref("base.partner_admin")
    colleague.write({"email": "eva@firm.example", "phone": "+34 941 99 88 77"})
    env.cr.commit()
    answer = send(
        "crm.lead", name="Roof", contact_name="X", email_from="x@other.example", phone="+34 941 99 88 77"
    )
    assert not env["crm.lead"].browse(answer["id"]).partner_id
    assert not colleague.alternative_email_ids


def test_text_and_file_about_a_colleague_stay_off_him(env, site):
    colleague = env.ref("base.partner_admin")
    colleague.email = "admin@firm.example"
    env.cr.commit()
    fields = {"name": "X", "email": "admin@firm.example", "Color": "green"}

    def send_with_file(**fields):
        file = {"Plan": ("plan.txt", b"a plan", "text/plain")}
        url = f"{site}/website/form/res.partner"
        answer = requests.post(url, data=fields, files=file, timeout=60)
        env.cr.rollback()  # to see what it made
        env.invalidate_all()
        return answer.json()["id"]

    def find_files(contact):
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", contact.id), ("name", "=", "plan.txt")]
        return env["ir.attachment"].search(domain)

    before = colleague.message_ids
    assert send_with_file(**fields) == colleague.id
    assert colleague.message_ids == before
    assert not find_files(colleague)
    registration = env["contact.registration"].search([("partner_id", "=", colleague.id)], limit=1)
    assert registration.result == "skipped"
    assert "green" in registration.reason

    other = env["res.partner"].browse(send_with_file(**{**fields, "email": "zita@new.example"}))
    assert find_files(other)
    assert "green" in "".join(other.message_ids.mapped("body"))


def test_an_email_that_comes_with_a_known_phone_opens_no_account_of_the_contact(env, send):
    known = make_contact(env, name="Mar", email="mar@known.example", phone="+34 941 12 34 56")
    send("crm.lead", name="Roof", contact_name="Mar", email_from="thief@x.example", phone="+34 941 12 34 56")
    env.cr.rollback()  # to see what it made
    env.invalidate_all()
    assert known.alternative_emails == "thief@x.example"
    assert not known._is_confirmed_email("thief@x.example")
