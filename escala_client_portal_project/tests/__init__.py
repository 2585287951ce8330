from . import test_task_category
