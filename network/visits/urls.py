"""The responder's page."""

from django.urls import path

from network.visits import views

urlpatterns = [
    path("", views.page, name="visit"),
    path("/open", views.open_it, name="visit_open"),
]
