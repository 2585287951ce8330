from . import contact_vcard_import, contact_vcard_import_card
