{
    "name": "Escala Client Portal: Project",
    "summary": "Tasks and projects of the account that the client is in",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "project"],
    "data": ["security/project_rules.xml"],
    "auto_install": True,
}
