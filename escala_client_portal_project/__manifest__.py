{
    "name": "Escala Client Portal: Project",
    "summary": "Clients choose at which addresses they get messages on their tasks",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "project"],
    "data": ["data/notification_project.xml"],
    "auto_install": True,
}
