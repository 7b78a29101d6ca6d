"""The console's addresses."""

from django.urls import path

from network.console.views import account, asking, board, drills, people, requests, texts, themes, wording

urlpatterns = [
    path("", board.board, name="board"),
    path("board/<slug:name>", board.panel, name="board_panel"),
    path("needs/<uuid:need_id>/<slug:step>", board.need, name="need"),
    path("requests", board.open_request, name="open_request"),
    path("requests/<int:number>", requests.page, name="request"),
    path("requests/<int:number>/panel/<slug:name>", requests.panel, name="request_panel"),
    path("requests/<int:number>/address", requests.address, name="address"),
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
    path("people", people.everyone, name="people"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/do/<slug:step>", people.act, name="person_act"),
    path("texts", texts.strangers, name="strangers"),
    path("texts/read", texts.strangers_read, name="strangers_read"),
    path("texts/<uuid:contact_id>", texts.texts, name="texts"),
    path("media/<uuid:media_id>", texts.media, name="media"),
    path("wording", wording.wordings, name="wordings"),
    path("wording/<slug:key>/<slug:language>", wording.wording, name="wording"),
    path("theme", themes.choose, name="theme"),
    path("sign-in/link", account.link, name="sign_in_link"),
    path("account", account.home, name="account_home"),
    path("account/password", account.password, name="first_password"),
    path("account/name", account.name, name="account_name"),
]
