"""`odoo escala_rotate_key`: change the key of the mailboxes' passwords and tokens. See docs/secrets.md.

Odoo loads this file by itself, as odoo.cli.escala_rotate_key, so what it needs is imported by full names.
"""

import sys

from odoo.cli.command import Command
from odoo.sql_db import close_all, db_connect
from odoo.tools import config


class RotateKey(Command):
    """Encrypt the passwords and tokens of mailboxes with the first key, in each of the databases named."""

    name = "escala_rotate_key"

    def run(self, args: list[str]) -> None:
        """Do it and say how many; the exit status is 1 when some can be read with none of the keys."""
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument(
            "-d", "--database", required=True, metavar="NAMES", help="the databases, separated by commas"
        )
        self.parser.add_argument(
            "--new-key", action="store_true", help="put a new key into the key file first"
        )
        self.parser.add_argument(
            "--drop-old-keys",
            action="store_true",
            help="take all other keys out of the key file at the end; name all databases that use it",
        )
        options = self.parser.parse_args(args)
        config.parse_config(["--config", options.config] if options.config else [], setup_logging=True)
        sys.exit(self._rotate(options))

    def _rotate(self, options) -> int:
        # only now the add-ons path is known; and this file is no part of the add-on's package
        # pylint: disable=odoo-addons-relative-import
        from odoo.addons.escala_mail_sync import key_rotation, secret  # noqa: PLC0415

        unreadable = 0
        try:
            if options.new_key:
                secret.add_key()
            for database in filter(None, options.database.split(",")):
                with db_connect(database).cursor() as cursor:
                    done = key_rotation.rotate_database(cursor)
                unreadable += done.unreadable
                _say(
                    f"{database}: {done.rotated} encrypted anew, {done.current} were so already, "
                    f"{done.unreadable} cannot be read"
                )
            if options.drop_old_keys:
                if unreadable:
                    _say(
                        "No key was dropped: find the one that is missing, or have those passwords typed again."
                    )
                else:
                    secret.drop_old_keys()
        except secret.KeyNotInFile:
            _say(
                f"The key is in {secret.CONFIGURATION_OPTION} or {secret.ENVIRONMENT_VARIABLE}: change it there "
                "(docs/secrets.md), then run this without --new-key and --drop-old-keys."
            )
            return 2
        finally:
            close_all()
        return 1 if unreadable else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
