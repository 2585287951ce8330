"""Who calls a method: somebody from outside (the web client, a script by RPC), or code of an add-on."""

from odoo.http import request
from odoo.service.server import thread_local


def is_remote_call(model_name: str, method: str) -> bool:
    """Tell whether the call that is being served, if any, is one of this method of this model.

    Odoo has three doors for such calls. The older ones leave the name of what was called in `thread_local`
    (odoo/service/model.py, `execute_cr`; web/controllers/dataset.py), unless the address says it; in the
    address of the newest one it always stands (rpc/controllers/json2.py). In the threads of scheduled actions there is
    no such name.
    """
    name = f"{model_name}.{method}"
    if getattr(thread_local, "rpc_model_method", "") == name:
        return True
    path = request.httprequest.path if request else ""
    return path.endswith((f"/call_kw/{name}", f"/json/2/{model_name}/{method}"))
