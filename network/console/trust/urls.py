"""The addresses of organizations, proposals, vouches and the settings of trust."""

from django.urls import path

from network.console.trust.views import organizations, vouches

urlpatterns = [
    path("people/<uuid:person_id>/vouches", vouches.person, name="person_vouches"),
    path("people/<uuid:person_id>/vouches/<slug:step>", vouches.act, name="vouch_act"),
    path("organizations", organizations.organizations, name="organizations"),
    path("organizations/do/<slug:step>", organizations.act, name="organization_act"),
    path("organizations/<slug:slug>", organizations.organization, name="organization"),
    path("trust", organizations.settings, name="trust_settings"),
    path("proposals/<uuid:proposal_id>/<slug:step>", organizations.proposal, name="proposal"),
    path("vouches", vouches.vouches, name="vouches"),
    path("taking-back/<slug:kind>/<uuid:about>", vouches.taking_back, name="taking_back"),
]
