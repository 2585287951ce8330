{
    "name": "Escala Contact Rules: CRM",
    "summary": "A lead adds addresses to its customer and overwrites none; leads are matched by any address",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_contact_rules", "crm"],
    "auto_install": True,
    "data": ["views/crm_lead_views.xml"],
}
