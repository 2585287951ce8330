{
    "name": "Escala Client Portal: Invoicing",
    "summary": "Invoices: what a client sees of them, and at which addresses it gets them",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "account"],
    "data": ["data/notification_account.xml"],
    "auto_install": True,
}
