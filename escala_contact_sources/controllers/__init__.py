from . import hosted_form, register
