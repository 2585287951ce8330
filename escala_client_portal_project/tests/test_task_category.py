"""Messages on tasks belong to the category of messages; all who want those are sent them."""

from odoo.tests.common import tagged

from odoo.addons.escala_client_portal.tests.common import ClientPortalCase


@tagged("post_install", "-at_install")
class TestTaskCategory(ClientPortalCase):
    def test_messages_go_to_all_and_changes_to_followers(self):
        project = self.env["project.project"].create({"name": "Works", "privacy_visibility": "portal"})
        task = self.env["project.task"].create(
            {"name": "Roof", "partner_id": self.vineyard.id, "project_id": project.id}
        )
        rules = self.env["escala.notification.rule"]
        message = rules._find(task, self.env.ref("mail.mt_comment").id)
        change = rules._find(task, self.env.ref("project.mt_task_done").id)
        self.assertEqual((message | change).category_id.key, "messages")
        self.assertEqual((message.notifies_all, change.notifies_all), (True, False))
        project.privacy_visibility = "employees"  # what clients may not see is not sent to them unasked
        self.assertFalse(rules._find(task, self.env.ref("mail.mt_comment").id).notifies_all)
