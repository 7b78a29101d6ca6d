"""The addresses of one's own account, of staff, and of setting up a network."""

from django.urls import path

from network.console.account.views import account, setting_up, staff

urlpatterns = [
    path("setting-up", setting_up.page, name="setting_up"),
    path("setting-up/<slug:step>", setting_up.act, name="setting_up_act"),
    path("sign-in/link", account.link, name="sign_in_link"),
    path("account", account.home, name="account_home"),
    path("account/password", account.password, name="first_password"),
    path("account/name", account.name, name="account_name"),
    path("account/keys", account.keys, name="account_keys"),
    path("account/touch", account.touch, name="account_touch"),
    path("account/lock", account.lock, name="account_lock"),
    path("account/sign-out/<slug:which>", account.sign_out, name="account_sign_out"),
    path("staff", staff.everyone, name="staff"),
    path("staff/invite", staff.invite, name="staff_invite"),
    path("staff/<uuid:staff_id>", staff.account, name="staff_account"),
    path("staff/<uuid:staff_id>/link", staff.link, name="staff_link"),
    path("staff/<uuid:staff_id>/do/<slug:step>", staff.act, name="staff_act"),
    path("staff/<uuid:staff_id>/sign-out/<slug:which>", staff.end_sessions, name="staff_sign_out"),
    path("staff/<uuid:staff_id>/met", staff.met, name="staff_met"),
    path("staff/<uuid:staff_id>/lost-factor", staff.ask, name="staff_lost_factor"),
    path("staff/lost-factors/<uuid:restoring_id>/<slug:step>", staff.restore, name="staff_restore"),
]
