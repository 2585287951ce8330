{
    "name": "Escala Contact Rules: Website Forms",
    "summary": "Forms of the website that make contacts or leads follow the rules of contacts",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_contact_rules_crm", "website_crm"],
    "auto_install": True,
}
