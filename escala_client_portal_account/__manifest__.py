{
    "name": "Escala Client Portal: Invoicing",
    "summary": "Invoices of the account that the client is in",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "account"],
    "auto_install": True,
}
