"""The addresses of shifts, and their print-out."""

from django.urls import path

from network.console.duty import views

urlpatterns = [
    path("duty", views.page, name="duty"),
    path("duty/ringing", views.ringing, name="ringing"),
    path("duty/hand-off", views.handing, name="handing"),
    path("duty/do/<slug:step>", views.act, name="duty_act"),
    path("sheet", views.sheet, name="sheet"),
]
