{
    "name": "Escala Contact Rules",
    "summary": "A contact has many e-mail addresses and phone numbers, and is found by any of them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["contacts", "mail", "phone_validation"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "views/res_partner_views.xml",
    ],
    "demo": ["demo/res_partner_demo.xml"],
}
