{
    "name": "Escala Mail Sync: Time Off",
    "summary": "Who is on leave gets no new leads from the queue of a shared mailbox",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_mail_sync", "hr_holidays"],
    "auto_install": True,
}
