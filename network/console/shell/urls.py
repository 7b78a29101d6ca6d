"""The addresses that belong to every room: the handbook and the theme."""

from django.urls import path

from network.console.shell import themes, views

urlpatterns = [
    path("handbook", views.contents, name="handbook"),
    path("handbook/<slug:slug>", views.section, name="handbook_section"),
    path("theme", themes.choose, name="theme"),
]
