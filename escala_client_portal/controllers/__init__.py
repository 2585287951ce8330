from . import account, login, portal
