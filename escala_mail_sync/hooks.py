"""What would stay behind when the add-on goes."""

from .models.escala_email_answer import ANSWER_TYPE


def uninstall_hook(env) -> None:
    """Delete the requests to answer e-mails, which are gone then, and the settings.

    An activity keeps its type from being deleted; what people have planned under that type becomes a to-do.
    """
    activities = env["mail.activity"].with_context(active_test=False)
    answers = activities.search([("activity_type_id", "=", env.ref(ANSWER_TYPE).id)])
    requests = answers.filtered("escala_email_id")
    (answers - requests).activity_type_id = env.ref("mail.mail_activity_data_todo")
    requests.unlink()
    env["ir.config_parameter"].search([("key", "=like", "escala\\_mail\\_sync.%")]).unlink()
