{
    "name": "Escala Mail Sync: Email Marketing",
    "summary": "Mailings leave through the marketing accounts, and nothing else does",
    "version": "19.0.1.0.0",
    "category": "Marketing/Email Marketing",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_mail_sync", "mass_mailing"],
    "data": ["views/ir_mail_server_views.xml", "views/mailing_mailing_views.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
