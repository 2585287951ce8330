{
    "name": "Escala Client Portal",
    "summary": "Client accounts: who may log in, who is notified, whose e-mail is shown, per address",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_mail_sync", "escala_contact_rules_portal", "portal", "auth_signup"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_template_data.xml",
        "wizards/escala_portal_invitation_views.xml",
        "views/escala_account_contact_views.xml",
        "views/portal_activation_templates.xml",
        "views/res_partner_views.xml",
    ],
    "demo": ["demo/escala_account_contact_demo.xml"],
    "assets": {
        "web.assets_backend": ["escala_client_portal/static/src/**/*"],
    },
}
