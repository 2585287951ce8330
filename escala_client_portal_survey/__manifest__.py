{
    "name": "Escala Client Portal: Surveys",
    "summary": "Clients choose at which addresses they get forms to fill in",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Escala",
    "license": "LGPL-3",
    "depends": ["escala_client_portal", "survey"],
    "data": ["data/notification_survey.xml"],
    "auto_install": True,
}
