"""Synchronise in processes of their own, so that tests can run two at once, or kill one.

Loads Odoo once and forks for every run. Reads commands, one JSON line each:
{"sync": [mailbox ids]} checks these, {"sync": []} those that are due; answers the process's number
{"send": true} sends what is due; answers the process's number
{"wait": number} answers its exit status once it has ended
"""

import json
import os
import sys
import traceback

from setup import odoo_env


def main(database: str, config: str, batch_size: str) -> None:
    odoo_env.load(config, log_level="critical")
    from odoo import sql_db

    from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

    escala_mailbox_sync.BATCH_SIZE = int(batch_size)
    with odoo_env.environment(database) as env:
        env["escala.mailbox"].search_count([])
    sql_db.close_all()  # a connection must not be shared with the forks
    _answer("ready")
    for line in sys.stdin:
        command = json.loads(line)
        if "wait" in command:
            _pid, status = os.waitpid(command["wait"], 0)
            _answer(os.waitstatus_to_exitcode(status))
        elif pid := os.fork():
            _answer(pid)
        else:
            os._exit(_run(database, command.get("sync")))


def _run(database: str, mailbox_ids: list[int] | None) -> int:
    try:
        with odoo_env.environment(database) as env:
            mailboxes = env["escala.mailbox"]
            if mailbox_ids is None:
                env["escala.email.outgoing"]._cron_send()
            elif mailbox_ids:
                for mailbox in mailboxes.browse(mailbox_ids):
                    mailbox._sync()
            else:
                mailboxes._cron_sync()
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _answer(value) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
