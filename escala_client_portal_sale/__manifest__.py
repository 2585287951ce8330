{
    "name": "Escala Client Portal: Sales",
    "summary": "Quotations and orders of the account that the client is in",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "sale"],
    "auto_install": True,
}
