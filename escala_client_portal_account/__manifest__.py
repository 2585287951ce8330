{
    "name": "Escala Client Portal: Invoicing",
    "summary": "Clients choose at which addresses they get invoices and receipts",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "account"],
    "data": ["data/notification_account.xml"],
    "auto_install": True,
}
