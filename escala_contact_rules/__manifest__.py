{
    "name": "Escala Contact Rules",
    "summary": "A contact has many e-mail addresses and phone numbers, no duplicates, and a bin",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["base_import", "base_setup", "contacts", "mail", "phone_validation"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "security/contact_registration_rules.xml",
        "data/ir_cron_data.xml",
        "views/contact_registration_views.xml",
        "views/recently_deleted_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
    ],
    "demo": ["demo/res_partner_demo.xml"],
    "assets": {
        "web.assets_backend": ["escala_contact_rules/static/src/**/*"],
    },
}
