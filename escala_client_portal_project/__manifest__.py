{
    "name": "Escala Client Portal: Project",
    "summary": "Tasks and projects: what a client sees of them, and who is notified",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "project"],
    "data": ["security/project_rules.xml", "data/notification_project.xml"],
    "auto_install": True,
}
