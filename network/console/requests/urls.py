"""The addresses of requests, drills, texts' wording and history."""

from django.urls import path

from network.console.requests.views import (
    asking,
    drills,
    opening,
    records,
    requests,
    trying,
    wording,
    writing,
)

urlpatterns = [
    path("requests", opening.open_request, name="open_request"),
    path("requests/new", opening.new_request, name="new_request"),
    path("requests/<int:number>", requests.page, name="request"),
    path("requests/<int:number>/panel/<slug:name>", requests.panel, name="request_panel"),
    path("requests/<int:number>/address", requests.address, name="address"),
    path("requests/<int:number>/close", requests.closing, name="request_close"),
    path("requests/<int:number>/visits/<uuid:visit_id>/end", requests.ending, name="visit_end"),
    path("requests/<int:number>/do/<slug:step>", requests.act, name="request_act"),
    path("asking", asking.asking, name="asking"),
    path("asking/surge/<slug:step>", asking.declare, name="surge"),
    path("asking/holidays/<slug:step>", asking.holiday, name="holiday"),
    path("asking/childcare", asking.childcare, name="childcare_rule"),
    path("drills", drills.drills, name="drills"),
    path("drills/start", drills.start, name="drill_start"),
    path("drills/<uuid:drill_id>", drills.drill, name="drill"),
    path("drills/<uuid:drill_id>/panel", drills.panel, name="drill_panel"),
    path("drills/<uuid:drill_id>/stop", drills.stop, name="drill_stop"),
    path("people/<uuid:person_id>/draft", writing.draft, name="draft"),
    path("people/<uuid:person_id>/here", writing.here, name="here"),
    path("wording/try", trying.trying, name="trying"),
    path("wording", wording.wordings, name="wordings"),
    path("wording/<slug:key>/<slug:language>", wording.wording, name="wording"),
    path("people/<uuid:person_id>/history", records.of_person, name="person_history"),
    path("history", records.history, name="history"),
    path("legal", records.legal, name="legal"),
    path("legal/<int:number>", records.legal_request, name="legal_request"),
]
