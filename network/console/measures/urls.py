"""The addresses of measures."""

from django.urls import path

from network.console.measures import views

urlpatterns = [
    path("measures", views.page, name="measures"),
    path("measures/file", views.file, name="measures_file"),
    path("measures/coverage", views.coverage, name="coverage"),
    path("measures/zones", views.zones, name="zones"),
    path("measures/transparency", views.transparency, name="transparency"),
    path("retention", views.retention, name="retention"),
    path("retention/hold", views.hold, name="retention_hold"),
]
