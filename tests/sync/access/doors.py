"""The ways in which somebody may learn of an e-mail: HTTP requests to a running Odoo.

Each tells whether the visitor learns of it.
"""

import base64
import json
from dataclasses import dataclass

from odoo.models import BaseModel

from tests.oauth.visitor import CallError

WORD, BODY, FILE = "Zafiro", "Topacio", "opalo"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REFUSALS = {
    "odoo.exceptions.AccessError",
    "odoo.exceptions.UserError",  # exporting
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.Forbidden",
    "werkzeug.exceptions.NotFound",
    "builtins.AttributeError",  # a route of the chatter, asked for a document that has none
}


def by_form(visitor, email):
    fields = {"subject": {}, "body": {}, "seen_by": {}, "attachment_ids": {"fields": {"name": {}}}}
    return email.is_told_by(visitor.call("escala.email", "web_read", [email.id], specification=fields))


def by_list(visitor, email):
    domain = [("id", "=", email.id)]
    return visitor.call("escala.email", "web_search_read", domain=domain, specification={"subject": {}})[
        "length"
    ]


def by_word(visitor, email):
    return email.id in visitor.call("escala.email", "search", [("subject", "ilike", WORD)])


def by_word_of_the_body(visitor, email):
    return email.id in visitor.call("escala.email", "search", [("mail_message_id.body", "ilike", BODY)])


def by_count(visitor, email):
    return visitor.call("escala.email", "search_count", [("id", "=", email.id)])


def by_formatted_read_group(visitor, email):
    groups = visitor.call(
        "escala.email", "formatted_read_group", [("id", "=", email.id)], ["subject"], ["__count"]
    )
    return any(group["__count"] for group in groups)


def by_read_group(visitor, email):
    return visitor.call("escala.email", "read_group", [("id", "=", email.id)], ["subject"], ["subject"])


def by_name_search(visitor, email):
    return email.id in [id_ for id_, _name in visitor.call("escala.email", "name_search", WORD)]


def by_export(visitor, email):
    return email.is_told_by(visitor.call("escala.email", "export_data", [email.id], ["subject"]))


def by_filter_shared(visitor, email):
    domain = [("id", "=", email.id), ("is_shared", "in", [True, False])]
    return visitor.call("escala.email", "search_count", domain)


def by_contact_or_lead(visitor, email):
    document = email.document
    link = "lead_ids" if document._name == "crm.lead" else "partner_ids"
    page = visitor.call("escala.email", "search_threads", [(link, "in", [document.id])])
    return email.id in [row["id"] for row in page["threads"]]


def by_message(visitor, email):
    return email.is_told_by(
        visitor.call("mail.message", "read", [email.message], ["body", "subject", "record_name"])
    )


def by_message_export(visitor, email):
    return email.is_told_by(visitor.call("mail.message", "export_data", [email.message], ["body"]))


def by_message_search(visitor, email):
    return visitor.call("mail.message", "search_read", [("id", "=", email.message)], ["body"])


def by_messages_of_emails(visitor, email):
    return email.message in visitor.call("mail.message", "search", [("model", "=", "escala.email")])


def by_message_count(visitor, email):
    return visitor.call("mail.message", "search_count", [("body", "ilike", BODY), ("res_id", "=", email.id)])


def by_file(visitor, email):
    return visitor.call("ir.attachment", "read", [email.file], ["name", "datas"])


def by_file_search(visitor, email):
    return visitor.call("ir.attachment", "search_read", [("id", "=", email.file)], ["name"])


def by_files_of_emails(visitor, email):
    return email.file in visitor.call("ir.attachment", "search", [("res_model", "=", "escala.email")])


def by_file_name(visitor, email):
    return email.file in visitor.call("ir.attachment", "search", [("name", "ilike", FILE)])


def by_content(visitor, email):
    return is_served(visitor, f"/web/content/{email.file}?download=1")


def by_content_with_a_token(visitor, email):
    return is_served(visitor, f"/web/content/{email.file}?access_token=3f1c&download=1")


def by_content_with_a_token_of_old(visitor, email):
    """With the tokens that whoever could see the file once may have kept: Odoo's own, signed or stored."""
    return any(
        is_served(visitor, f"/web/content/{email.file}?access_token={token}&download=1")
        for token in email.tokens
    )


def by_image_with_a_token_of_old(visitor, email):
    return any(is_served(visitor, f"/web/image/{email.file}?access_token={token}") for token in email.tokens)


def by_image(visitor, email):
    return is_served(visitor, f"/web/image/{email.file}")


def by_image_of_a_size(visitor, email):
    return (
        visitor.session.get(f"{visitor.url}/web/image/{email.file}/1x1", timeout=60).content[:60] == PNG[:60]
    )


def by_conversation(visitor, email):
    return visitor.call("escala.email.thread", "search_count", [("id", "=", email.thread)])


def by_emails_of_conversation(visitor, email):
    [values] = visitor.call("escala.email.thread", "read", [email.thread], ["email_ids"])
    return email.id in values["email_ids"]


def by_reference(visitor, email):
    return visitor.call("escala.email.reference", "search_count", [("message_id", "=", email.message_id)])


def by_ledger(visitor, email):
    return visitor.call("escala.mailbox.message", "search_count", [("email_id", "=", email.id)])


def by_subject_in_ledger(visitor, email):
    return email.is_told_by(
        visitor.call("escala.mailbox.message", "search_read", [("email_id", "=", email.id)], ["subject"])
    )


def by_who_shares(visitor, email):
    return visitor.call("escala.email", "search_count", [("shared_by_mailbox_ids", "!=", False)])


def by_copies(visitor, email):
    return visitor.call("escala.email", "search_count", [("mailbox_message_ids.subject", "ilike", WORD)])


def by_addresses(visitor, email):
    return visitor.call("escala.email", "search_count", [("addresses", "ilike", "example")])


def by_activities(visitor, email):
    fields = ["summary", "note", "display_name", "feedback"]
    domain = [("res_model", "=", email.document._name), ("res_id", "=", email.document.id)]
    return email.is_told_by(visitor.call("mail.activity", "search_read", domain, fields))


def by_name_of_the_document(visitor, email):
    document = email.document
    return email.is_told_by(visitor.call(document._name, "read", [document.id], ["display_name"]))


def by_data_of_the_chatter(visitor, email):
    return email.is_told_by(ask_for_chatter(visitor, email.document._name, email.document.id))


def by_data_of_the_email(visitor, email):
    return email.is_told_by(ask_for_chatter(visitor, "escala.email", email.id))


def by_messages_of_the_chatter(visitor, email):
    document = email.document
    return email.is_told_by(
        ask(visitor, "/mail/thread/messages", thread_model=document._name, thread_id=document.id)
    )


def by_messages_of_the_email(visitor, email):
    return email.is_told_by(
        ask(visitor, "/mail/thread/messages", thread_model="escala.email", thread_id=email.id)
    )


def by_search_in_the_chatter(visitor, email):
    document = email.document
    found = ask(
        visitor,
        "/mail/thread/messages",
        thread_model=document._name,
        thread_id=document.id,
        fetch_params={"search_term": WORD},
    )
    return email.message in found["messages"]


def by_workspace(visitor, email):
    """In the list of the workspace: row, and what the row tells of the rest of its conversation."""
    page = visitor.call("escala.email", "search_threads", [("id", "=", email.id)], "all")
    return any(row["id"] == email.id for row in page["threads"]) and email.is_told_by(page)


def by_workspace_search(visitor, email):
    page = visitor.call("escala.email", "search_threads", [("text", "ilike", f"subject:{WORD}")], "all")
    return any(row["thread_id"] == email.thread for row in page["threads"])


def by_workspace_conversation(visitor, email):
    return email.is_told_by(visitor.call("escala.email", "read_conversation", [email.id]))


def by_workspace_body(visitor, email):
    return email.is_told_by(visitor.call("escala.email", "read_bodies", [email.id]))


def by_number_on_the_document(visitor, email):
    document = email.document
    [values] = visitor.call(document._name, "read", [document.id], ["email_count"])
    return values["email_count"]


def by_inbox(visitor, email):
    page = visitor.call("escala.email", "search_threads", [("id", "=", email.id)], "inbox")
    return bool(page["threads"])


def by_left_side(visitor, email):
    """Of e-mails, the workspace's left side has numbers only: not a word of any."""
    return email.is_told_by(visitor.call("escala.mailbox", "get_workspace"))


def by_report(visitor, email):
    """Managers may know how many e-mails there are, and not a word of them."""
    return email.is_told_by(visitor.call("escala.email.report", "search_read", [], ["subject"]))


READERS = (  # these let through whoever may read the e-mail, and nobody else
    by_form,
    by_list,
    by_word,
    by_word_of_the_body,
    by_count,
    by_formatted_read_group,
    by_read_group,
    by_name_search,
    by_export,
    by_filter_shared,
    by_contact_or_lead,
    by_message,
    by_message_search,
    by_messages_of_emails,
    by_message_count,
    by_file,
    by_file_search,
    by_files_of_emails,
    by_file_name,
    by_content,
    by_image,
    by_conversation,
    by_emails_of_conversation,
    by_workspace,
    by_workspace_search,
    by_workspace_conversation,
    by_workspace_body,
)
READERS_AT_MOST = (  # these may tell something, but to nobody else
    by_message_export,
    by_content_with_a_token,
    by_content_with_a_token_of_old,
    by_image_with_a_token_of_old,
    by_image_of_a_size,
    by_activities,
    by_name_of_the_document,
    by_data_of_the_chatter,
    by_data_of_the_email,
    by_messages_of_the_chatter,
    by_messages_of_the_email,
    by_search_in_the_chatter,
    by_number_on_the_document,
    by_inbox,
    by_left_side,
    by_report,
)
PEOPLE_ONLY = (by_ledger, by_subject_in_ledger)  # whose mailbox it is
CLOSED = (by_reference, by_who_shares, by_copies, by_addresses)


@dataclass
class Email:
    """What there is of an e-mail: ids, the contact or lead that it is linked with, and words that no other one has."""

    id: int
    message: int
    message_id: str
    file: int
    tokens: tuple[str, ...]
    thread: int
    document: BaseModel
    secrets: tuple[str, ...]

    def is_told_by(self, answer) -> bool:
        """Tell whether any of its words are in an answer."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return any(secret in text for secret in self.secrets)


def is_served(visitor, path: str) -> bool:
    return visitor.session.get(f"{visitor.url}{path}", timeout=60).content == PNG


def ask(visitor, path: str, **params):
    """Ask a JSON route; return what it says, or raise with the name of the exception that it answers with."""
    answer = visitor.session.post(
        f"{visitor.url}{path}", json={"jsonrpc": "2.0", "params": params}, timeout=60
    )
    if not answer.headers["Content-Type"].startswith("application/json"):
        return answer.text  # a page that says no
    if "error" in answer.json():
        raise CallError(answer.json()["error"]["data"]["name"])
    return answer.json()["result"]


def ask_for_chatter(visitor, model: str, id_: int):
    lists = ["activities", "attachments", "followers", "suggestedRecipients"]
    return ask(visitor, "/mail/thread/data", thread_model=model, thread_id=id_, request_list=lists)


def passes(door, visitor, email) -> bool:
    try:
        return bool(door(visitor, email))
    except CallError as refusal:
        if str(refusal) not in REFUSALS:
            raise
        return False
