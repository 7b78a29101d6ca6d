"""The board's addresses."""

from django.urls import path

from network.console.board.views import board, offline, requests, saved_views, search

urlpatterns = [
    path("", board.board, name="board"),
    path("board/all", board.everything, name="board_all"),
    path("board/beside", board.beside, name="board_beside"),
    path("board/<slug:name>", board.panel, name="board_panel"),
    path("views", saved_views.save, name="view_save"),
    path("views/<uuid:view_id>/<slug:step>", saved_views.act, name="view_act"),
    path("needs", board.all_needs, name="all_needs"),
    path("needs/ticked/<slug:step>", board.bulk, name="needs_ticked"),
    path("requests/all", requests.page, name="all_requests"),
    path("needs/next", board.take_next, name="take_next"),
    path("needs/<uuid:need_id>/<slug:step>", board.need, name="need"),
    path("find", search.find, name="find"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("offline", offline.page, name="offline"),
    path("last", offline.last, name="last"),
]
