{
    "name": "Escala Client Portal: Sales",
    "summary": "Clients choose at which addresses they get quotations and orders",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "sale"],
    "data": ["data/notification_sale.xml"],
    "auto_install": True,
}
