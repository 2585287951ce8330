from . import mail_mail
from . import mail_template
from . import res_partner
from . import res_users
from . import res_users_signup
