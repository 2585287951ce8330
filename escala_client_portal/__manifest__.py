{
    "name": "Escala Client Portal",
    "summary": "Client accounts: who may log in, who is notified, whose e-mail is shown, per address",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_mail_sync", "portal", "auth_signup"],
    "data": [
        "security/ir.model.access.csv",
        "security/portal_rules.xml",
        "views/portal_account_templates.xml",
        "views/portal_address_templates.xml",
        "views/res_partner_views.xml",
    ],
    "demo": ["demo/escala_account_contact_demo.xml"],
    "assets": {
        "web.assets_backend": [
            "escala_client_portal/static/src/**/*",
            ("remove", "escala_client_portal/static/src/portal/**/*"),
        ],
        "web.assets_frontend": ["escala_client_portal/static/src/portal/**/*"],
    },
}
