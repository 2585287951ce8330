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
        "security/account_change_rules.xml",
        "data/escala_notification_category_data.xml",
        "data/ir_cron.xml",
        "views/res_partner_views.xml",
        "views/client_account_views.xml",
        "views/escala_account_change_views.xml",
    ],
    "demo": ["demo/escala_account_contact_demo.xml"],
    "assets": {
        "web.assets_backend": ["escala_client_portal/static/src/**/*"],
    },
}
