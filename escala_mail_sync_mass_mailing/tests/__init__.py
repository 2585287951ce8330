from . import test_marketing_servers
