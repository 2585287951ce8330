{
    "name": "Escala Contact Sources",
    "summary": "Landing pages, forms and scripts register contacts and leads, and every one follows the rules",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_contact_rules_crm", "escala_mail_sync"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "security/contact_source_rules.xml",
        "security/contact_vcard_import_rules.xml",
        "data/ir_cron_data.xml",
        "views/contact_source_submission_views.xml",
        "views/contact_source_views.xml",
        "views/contact_vcard_import_views.xml",
        "views/hosted_form_templates.xml",
    ],
    "demo": ["demo/contact_source_demo.xml"],
    "assets": {
        "web.assets_backend": [
            "escala_contact_sources/static/src/*.scss",
            "escala_contact_sources/static/src/vcard_import/*",
        ]
    },
}
