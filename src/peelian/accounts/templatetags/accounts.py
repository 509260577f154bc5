from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def data_for_script(context: Any, value: Any, element_id: str) -> SafeString:
    """A block of JSON for a script to read, with the nonce that the content security policy asks of script elements."""
    nonce = context["request"].csp_nonce
    return mark_safe(str(json_script(value, element_id)).replace("<script ", f'<script nonce="{nonce}" ', 1))  # noqa: S308
