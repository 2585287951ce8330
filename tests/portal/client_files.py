"""What the suite itself keeps on an account: documents to decide about, to sign and to send, an e-mail,
messages, a link."""

import base64

TEAM = "team@nordica.example"
LINKS = "escala_client_portal.links_without_login"


def make_mailbox(env):
    """Return the firm's shared mailbox, whose e-mails clients may read."""
    env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
    env["ir.config_parameter"].set_param(LINKS, "True")
    return env["escala.mailbox"].create(
        {
            "email": TEAM,
            "kind": "shared",
            "imap_host": "imap.nordica.example",
            "imap_password": "not-used",
            "member_ids": env.ref("escala_mail_sync.user_laura").ids,
        }
    )


def make(env, mailbox, account, marker: str) -> dict[str, int]:
    """Put one of each on an account, with the marker in it; return their ids by name."""
    person = env["res.partner"].create(
        {"name": f"{marker} person", "email": f"{marker.lower()}@person.example", "parent_id": account.id}
    )
    row = env["escala.account.contact"].create(
        {"account_id": account.id, "contact_id": person.id, "login": True, "email_sync": True}
    )
    folder = env["escala.document.folder"].create({"name": f"{marker} folder", "account_id": account.id})
    document, to_reject, to_sign, sign_too, signed, hidden = env["escala.document"].create(
        [
            {
                "name": f"{marker} {name}.txt",
                "content": base64.b64encode(marker.encode()),
                "account_id": account.id,
                "folder_id": folder.id,
            }
            for name in ("to approve", "to reject", "to sign", "sign too", "signed", "hidden")
        ]
    )
    (document | to_reject)._ask("to_approve")
    (to_sign | sign_too)._ask("to_sign")
    signed.write({"state": "signed", "signed_content": base64.b64encode(marker.encode())})
    hidden.client_visible = False
    link = env["escala.document.link"].create({"document_id": document.id, "contact_id": person.id})
    email = _make_email(env, mailbox, person, marker)
    conversation = env["escala.portal.conversation"]._start_from_client(
        account, row.login_id.user_id, f"{marker} question", f"{marker} asked", [_file(marker)]
    )
    client_request = env["escala.client.request"].create(
        {"name": f"{marker} wanted", "account_id": account.id, "folder_id": folder.id}
    )
    change = env["escala.account.change"].create(
        {"user_id": env.uid, "account_ids": account.ids, "account_count": 1, "login": "off"}
    )
    change.error_ids = [(0, 0, {"account_name": f"{marker} account", "reason": f"{marker} reason"})]
    return {
        "row": row.id,
        "login": row.login_id.id,
        "folder": folder.id,
        "document": document.id,
        "to_reject": to_reject.id,
        "to_sign": to_sign.id,
        "sign_too": sign_too.id,
        "signed": signed.id,
        "hidden": hidden.id,
        "checksum": document.checksum,
        "event": document.event_ids[:1].id,
        "link": link.id,
        "email": email.id,
        "thread": email.thread_id.id,
        "email_file": email.attachment_ids.id,
        "conversation": conversation.id,
        "conversation_file": conversation.message_ids.attachment_ids.id,
        "client_request": client_request.id,
        "change": change.id,
        "change_error": change.error_ids.id,
    }


def _file(marker):
    return f"{marker}.txt", marker.encode()


def _make_email(env, mailbox, person, marker):
    """Store an e-mail of this person to the team, as the synchronisation does."""
    email = env["escala.email"].create(
        {
            "subject": f"{marker} letter",
            "date": "2026-10-01 10:00:00",
            "direction": "in",
            "sender": f"{person.name} <{person.email}>",
            "sender_email": person.email,
            "recipients": TEAM,
            "addresses": f"{person.email} {TEAM}",
            "content_key": marker,
            "thread_id": env["escala.email.thread"].create({}).id,
            "partner_ids": [(6, 0, person.ids)],
            "attachment_count": 1,
        }
    )
    name, content = _file(marker)
    attachment = env["ir.attachment"].create(
        {"name": name, "raw": content, "res_model": email._name, "res_id": email.id}
    )
    email.mail_message_id = env["mail.message"].create(
        {
            "model": email._name,
            "res_id": email.id,
            "message_type": "email",
            "author_id": False,
            "email_from": person.email,
            "body": f"<p>{marker} written</p>",
            "attachment_ids": attachment.ids,
        }
    )
    folder = env["escala.mailbox.folder"].create(
        {"mailbox_id": mailbox.id, "path": marker, "role": "inbox", "selected": True, "uidvalidity": 1}
    )
    env["escala.mailbox.message"].create(
        {
            "folder_id": folder.id,
            "uidvalidity": 1,
            "uid": 1,
            "email_id": email.id,
            "state": "linked",
            "content_key": marker,
        }
    )
    email._link_accounts()
    return email
