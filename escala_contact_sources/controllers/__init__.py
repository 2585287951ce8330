from . import facebook, hosted_form, register
