"""The addresses of people, and of phones that nobody knows."""

from django.urls import path

from network.console.people.views import (
    bulk_enrollment,
    enrolling,
    exports,
    homes,
    people,
    private_links,
    texts,
)

urlpatterns = [
    path("people", people.everyone, name="people"),
    path("people/sheet", bulk_enrollment.page, name="own_sheet"),
    path("people/new/<slug:kind>", enrolling.new, name="enroll"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/home", homes.home, name="enroll_home"),
    path("people/<uuid:person_id>/hand-over", private_links.hand_over, name="hand_over"),
    path("private", private_links.page, name="private"),
    path("private/open", private_links.open_it, name="private_open"),
    path("people/<uuid:person_id>/apart", people.apart, name="person_apart"),
    path("people/<uuid:person_id>/call", people.call, name="person_call"),
    path("people/<uuid:person_id>/do/<slug:step>", people.act, name="person_act"),
    path("sheets", exports.page, name="sheets"),
    path("sheets/<slug:step>", exports.act, name="sheets_act"),
    path("texts", texts.strangers, name="strangers"),
    path("texts/read", texts.strangers_read, name="strangers_read"),
    path("texts/<uuid:contact_id>", texts.texts, name="texts"),
    path("media/<uuid:media_id>", texts.media, name="media"),
]
