{
    "name": "Escala Contact Rules: Portal",
    "summary": "The portal overwrites no address of a contact; signing up makes no second contact",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_contact_rules", "portal"],
    "auto_install": True,
    "data": [
        "data/mail_template_data.xml",
        "views/address_templates.xml",
        "views/auth_signup_templates.xml",
    ],
}
