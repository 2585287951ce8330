"""A database with a great many e-mails, written by Postgres itself.

The same texts are messages on contacts in stock Odoo, and e-mails of fourteen mailboxes with the suite: 40 % in one
that all salespeople share, nearly 5 % in each of twelve private ones, and thirty in that of a newcomer who works
in a company of their own.
"""

from benchmarks.support.bulk import without_indexes
from benchmarks.support.contact_rows import mail_user
from setup.letters import FAMILY_NAMES, GIVEN_NAMES

CONTACTS = 5_000
PRIVATE = 12
NEWCOMERS = 30
RARE = "zanahoria"  # in one e-mail of 20,000
COMMON = "presupuesto"  # in one of 3
PARAGRAPHS, WORDS = 5_000, 20  # two paragraphs each
THREAD = 3  # e-mails

CONTACT_ROWS = """
    INSERT INTO res_partner (id, commercial_partner_id, name, complete_name, email, email_normalized, type, lang,
                             active, is_company, partner_share, employee, color)
    SELECT first.id + n, first.id + n, name, name, email, email, 'contact', 'en_US', TRUE, FALSE, TRUE, FALSE, 0
      FROM (SELECT max(id) AS id FROM res_partner) AS first, generate_series(1, %(contacts)s) AS n,
           LATERAL (SELECT (%(names)s)[n %% %(variety)s + 1] AS name,
                           (%(users)s)[n %% %(variety)s + 1] || n || '@empresa' || n || '.example' AS email) AS contact
"""
PARAGRAPH_ROWS = """
    CREATE UNLOGGED TABLE bench_paragraph AS
    SELECT id, string_agg(translate(substr(md5((power(random(), 3) * 20000)::int::text), 1, 7),
                                    '0123456789', 'ghijklmnop'), ' ') AS words
      FROM generate_series(0, %(paragraphs)s - 1) AS id, generate_series(1, %(words)s)
     GROUP BY id
"""
TEXTS = """
    CREATE UNLOGGED TABLE bench_text AS
    SELECT n, first.id + n %% %(contacts)s + 1 AS partner_id, n / %(thread)s AS thread,
           TIMESTAMP '2026-11-01' - (%(count)s - n) * INTERVAL '1 minute' AS date,
           n %% 10 >= 7 AS sent,
           CASE WHEN n %% %(newcomer_each)s = 7 THEN %(private)s + 1
                WHEN n %% 100 < 40 THEN 0 ELSE (n %% 100 - 40) / 5 + 1 END AS mailbox,
           one.words || ' ' || other.words || CASE WHEN n %% 20000 = 11 THEN ' %(rare)s' ELSE '' END
           || CASE WHEN n %% 3 = 1 THEN ' %(common)s' ELSE '' END AS body,
           'Asunto ' || split_part(one.words, ' ', 1) || ' ' || split_part(other.words, ' ', 1) AS subject
      FROM (SELECT max(id) - %(contacts)s - 1 AS id FROM res_partner) AS first
     CROSS JOIN generate_series(1, %(count)s) AS n
      JOIN bench_paragraph one ON one.id = n::bigint * 7919 %% %(paragraphs)s
      JOIN bench_paragraph other ON other.id = n::bigint * 104729 / 7 %% %(paragraphs)s
"""
MESSAGES = """
    INSERT INTO mail_message (model, res_id, message_type, author_id, email_from, subject, body, date, create_date)
    SELECT 'res.partner', partner_id, 'email', partner_id, NULL, subject, '<p>' || body || '</p>', date, date
      FROM bench_text ORDER BY n
"""
EMAILS = {
    "escala_email_thread": "INSERT INTO escala_email_thread (id) SELECT DISTINCT thread + 1 FROM bench_text",
    "escala_email": """
    INSERT INTO escala_email (id, subject, date, direction, sender, sender_email, recipients, snippet, attachment_count,
                              message_id, content_key, thread_id, words)
    SELECT bench_text.n, subject, date, CASE WHEN sent THEN 'out' ELSE 'in' END, sender, sender_email, recipient,
           left(body, 200),
           CASE WHEN n %% 20 = 0 THEN 1 ELSE 0 END, n || '@bench.example', n::text, thread + 1,
           setweight(to_tsvector('simple', translate(sender, '@.<>', '    ')), 'A')
           || setweight(to_tsvector('simple', translate(recipient, '@.<>', '    ')), 'B')
           || setweight(to_tsvector('simple', subject), 'C') || setweight(to_tsvector('simple', body), 'D')
      FROM bench_text
      JOIN res_partner contact ON contact.id = partner_id
      CROSS JOIN LATERAL (SELECT contact.name || ' <' || contact.email || '>' AS them,
                                 'Yo <yo@nordica.example>' AS us) AS people
      CROSS JOIN LATERAL (SELECT CASE WHEN sent THEN us ELSE them END AS sender,
                                 CASE WHEN sent THEN them ELSE us END AS recipient,
                                 CASE WHEN sent THEN 'yo@nordica.example'
                                      ELSE contact.email END AS sender_email) AS roles
     ORDER BY bench_text.n
    """,
    "escala_email_res_partner_rel": """
    INSERT INTO escala_email_res_partner_rel (escala_email_id, res_partner_id) SELECT n, partner_id FROM bench_text
    """,
    "escala_mailbox_message": """
    INSERT INTO escala_mailbox_message (folder_id, mailbox_id, uidvalidity, uid, email_id, state, seen, internal_date)
    SELECT folder.id, folder.mailbox_id, 1, n, n, 'linked', n < %(count)s - 20000 OR n %% 5 > 0, date
      FROM bench_text
      JOIN escala_mailbox_folder folder ON folder.mailbox_id = (%(mailboxes)s)[mailbox + 1]
       AND folder.role = CASE WHEN sent THEN 'sent' ELSE 'inbox' END
     ORDER BY bench_text.n
    """,
}
SEQUENCES = ("escala_email_thread", "escala_email", "escala_mailbox_message")


def fill(env, kind: str, count: int) -> None:
    """Write the e-mails into a database.

    :param env: a superuser's environment; the transaction is left to the caller
    """
    names = [f"{given} {family}" for given in GIVEN_NAMES for family in FAMILY_NAMES]
    users = [mail_user(given, family) for given in GIVEN_NAMES for family in FAMILY_NAMES]
    values = {
        "contacts": CONTACTS,
        "names": names,
        "users": users,
        "variety": len(names),
        "count": count,
        "thread": THREAD,
        "paragraphs": PARAGRAPHS,
        "words": WORDS,
        "private": PRIVATE,
        "newcomer_each": count // NEWCOMERS,
    }
    salesperson = env["res.users"].create(
        {
            "name": "Salesperson",
            "login": "salesperson",
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
        }
    )
    cr = env.cr
    cr.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cr.execute(CONTACT_ROWS, values)
    cr.execute("SELECT setval('res_partner_id_seq', max(id)) FROM res_partner")
    cr.execute(PARAGRAPH_ROWS, values)
    # written into the text, where %s would be quoted
    texts = TEXTS.replace("%(rare)s", RARE).replace("%(common)s", COMMON)
    cr.execute(texts, values)
    if kind == "stock":
        _write(cr, "mail_message", MESSAGES, {})
    else:
        values["mailboxes"] = _make_mailboxes(env, salesperson)
        env.flush_all()
        for table, statement in EMAILS.items():
            _write(cr, table, statement, values)
        for table in SEQUENCES:
            cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    cr.execute("DROP TABLE bench_text, bench_paragraph")


def _write(cr, table: str, statement: str, values: dict) -> None:
    with without_indexes(cr._obj, table):
        cr.execute(statement, values)


def _make_mailboxes(env, salesperson) -> list[int]:
    """Return the ids of the shared mailbox, of the private ones, the salesperson's first, and of the newcomer's."""
    groups = env.ref("base.group_user") + env.ref("escala_mail_sync.group_mailbox_user")
    company = env["res.company"].create({"name": "Sucursal"})
    newcomer = {
        "name": "Newcomer",
        "login": "newcomer",
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
    }
    colleagues = [{"name": f"Colleague {n}", "login": f"colleague{n}"} for n in range(2, PRIVATE + 1)]
    owners = salesperson + env["res.users"].create(
        [{**values, "group_ids": [(6, 0, groups.ids)]} for values in (*colleagues, newcomer)]
    )
    server = {"imap_host": "imap.nordica.example"}
    values = [{"email": "ventas@nordica.example", "kind": "shared", **server}]
    values += [
        {
            "email": f"{user.login}@nordica.example",
            "user_id": user.id,
            "company_id": user.company_id.id,
            **server,
        }
        for user in owners
    ]
    mailboxes = env["escala.mailbox"].create(values)
    env["escala.mailbox.folder"].create(
        [
            {"mailbox_id": mailbox.id, "path": role, "role": role, "selected": True, "uidvalidity": 1}
            for mailbox in mailboxes
            for role in ("inbox", "sent")
        ]
    )
    return mailboxes.ids
