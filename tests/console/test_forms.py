"""One template draws every field: its label, its hint, what is wrong with it, and what was typed."""

import re

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from network.console.shell.forms import Form, cleaned, line, name_choices, number, one_of, tick, why
from network.support.rules.requests import Kind
from tests.reading import markup_of, words_of


class Trial(Form):
    name = line("Name", "As they want to be called.", most=20)
    kind = one_of(Kind, label="Kind", wrong="Choose a kind.")
    days = forms.MultipleChoiceField(
        label="Days", choices=[("mon", "Monday"), ("tue", "Tuesday")], widget=forms.CheckboxSelectMultiple
    )
    met = tick("I met them", "In person.")
    weeks = number("Weeks", least=1, most=12, wrong="Twelve weeks at most.")
    why = why()


def typed(data: str) -> Trial:
    form = Trial(QueryDict(data))
    form.is_valid()
    return form


def drawn(field) -> str:
    return markup_of(field.as_field_group())


def test_a_field_is_tied_to_its_label_its_hint_and_what_is_wrong_with_it():
    field = drawn(typed("name=%20")["name"])
    assert '<label for="id_name">Name</label>' in field
    (control,) = re.findall(r"<input [^>]*>", field)
    for said_of_it in (
        'id="id_name"',
        'maxlength="20"',
        'aria-invalid="true"',
        'aria-describedby="id_name_helptext id_name_error"',
        "required",
    ):
        assert said_of_it in control
    assert '<p class="hint" id="id_name_helptext">As they want to be called.</p>' in field
    assert re.search(
        r'<p class="error" id="id_name_error"><svg.*?</svg>\s*<span>This is empty.</span></p>', field
    )


def test_before_anything_is_typed_nothing_is_wrong():
    form = Trial()
    for field in form:
        assert "aria-invalid" not in drawn(field)
        assert "error" not in drawn(field)
    assert render_to_string("console/error_summary.html", {"form": form}).strip() == ""


def test_a_group_of_boxes_has_a_legend_and_a_box_alone_its_words_beside_it():
    form = typed("days=mon&met=1")
    group = drawn(form["days"])
    assert "<legend>Days</legend>" in group
    assert re.search(r'<label class="check" for="id_days_0"><input [^>]*value="mon"[^>]* checked>', group)
    assert "checked" not in re.search(r'<input [^>]*value="tue"[^>]*>', group)[0]
    assert 'aria-describedby="id_days_error"' in drawn(typed("days=sun")["days"])
    assert re.search(r'<label class="check" for="id_met"><input [^>]*checked>', drawn(form["met"]))
    assert words_of(drawn(form["met"])) == "I met them In person."


def test_what_was_typed_is_kept_whatever_is_wrong_with_it():
    form = typed("name=%3Cb%3E+%26&weeks=99&kind=taxi")
    assert 'value="&lt;b&gt; &amp;"' in drawn(form["name"])
    assert 'value="99"' in drawn(form["weeks"])
    assert "Twelve weeks at most." in drawn(form["weeks"])
    assert "Choose a kind." in drawn(form["kind"])


def test_the_summary_leads_to_each_field_that_is_wrong_in_the_order_of_the_form():
    form = typed("weeks=99")
    form.wrong(None, "Somebody else was first.")
    form.wrong("name", "Another sentence")  # only the first thing is said of a field
    summary = markup_of(render_to_string("console/error_summary.html", {"form": form}))
    assert 'role="alert" tabindex="-1"' in summary
    assert re.findall(r'href="#([\w-]+)"', summary) == [
        "id_name",
        "id_kind",
        "id_days_0",
        "id_weeks",
        "id_why",
    ]
    assert words_of(summary).startswith(
        "▲ Nothing was kept yet: Somebody else was first. Name: This is empty."
    )
    assert "Another sentence" not in summary


def test_choices_have_words_where_they_are_drawn_and_are_values_where_they_are_read():
    form = typed("name=Luz&kind=legal&days=mon&weeks=2&why=asked")
    name_choices(form.fields["kind"], [(Kind.LEGAL.value, "legal help")])
    assert re.search(r'<option value="legal" selected>legal help</option>', drawn(form["kind"]))
    assert cleaned(form)["kind"] is Kind.LEGAL


@pytest.mark.parametrize("weeks", ["9" * 3000, "-1", "1.5", "x", "１２a"])
def test_a_number_beyond_all_bounds_is_a_sentence(weeks):
    assert "Twelve weeks at most." in drawn(typed(f"weeks={weeks}")["weeks"])
