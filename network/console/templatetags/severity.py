"""A severity's mark and word, so that none is told by color alone."""

from django import template
from django.utils.functional import Promise

from network.console.shell.words import SEVERITIES

register = template.Library()


@register.filter
def mark(severity: int) -> str:
    return SEVERITIES[severity][0]


@register.filter
def severity_word(severity: int) -> str | Promise:
    return SEVERITIES[severity][1]
