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
        "data/ir_cron_past_emails.xml",
        "views/res_partner_views.xml",
        "views/escala_account_contact_emails_views.xml",
        "views/escala_portal_conversation_views.xml",
        "views/portal_emails_templates.xml",
        "views/portal_messages_templates.xml",
    ],
    "demo": [
        "demo/escala_account_contact_demo.xml",
        "demo/escala_portal_conversation_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "escala_client_portal/static/src/contact_address_field/*",
            "escala_client_portal/static/src/portal_replies/*",
        ],
        "web.assets_frontend": ["escala_client_portal/static/src/portal_emails/*"],
    },
}
