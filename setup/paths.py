"""Where the project keeps what it makes: one ignored folder, and one cache for downloads."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# What depends on others comes after them.
ADDONS = (
    "escala_contact_rules",
    "escala_contact_rules_crm",
    "escala_contact_rules_portal",
    "escala_mail_sync",
    "escala_contact_sources",
    "escala_client_portal",
)
# They install themselves beside an add-on of Odoo's own that the rest of the suite does without.
OPTIONAL_ADDONS = {
    "escala_client_portal_account": "account",
    "escala_client_portal_project": "project",
    "escala_client_portal_sale": "sale",
    "escala_client_portal_survey": "survey",
    "escala_contact_rules_website": "website_crm",
    "escala_mail_sync_hr_holidays": "hr_holidays",
    "escala_mail_sync_mass_mailing": "mass_mailing",
}

LOCAL = PROJECT / ".local"
VENV = LOCAL / "venv"
ODOO = LOCAL / "odoo"
ODOO_IMPORT = LOCAL / "odoo-import"
DATA = LOCAL / "data"
LOGS = LOCAL / "logs"
RUN = LOCAL / "run"
SCREENSHOTS = LOCAL / "screenshots"
POSTGRES = LOCAL / "postgres"
DOVECOT = LOCAL / "dovecot"

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "escala"


def local(folder: Path) -> Path:
    """Return `folder`, made if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
