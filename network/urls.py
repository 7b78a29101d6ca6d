"""Every address that answers."""

from django.urls import include, path

from network import health
from network.conversations import webhooks as calls
from network.duty import webhooks as alarm
from network.messaging.webhooks import sms, status

urlpatterns = [
    path("twilio/sms", sms),
    path("twilio/status", status),
    path("twilio/voice", calls.voice),
    path("twilio/voice/key", calls.key),
    path("twilio/voice/rang", calls.rang),
    path("twilio/voice/whisper", calls.whisper),
    path("twilio/voice/taken", calls.taken),
    path("twilio/voice/ended", calls.ended),
    path("twilio/alarm", alarm.alarm),
    path("twilio/alarm/taken", alarm.taken),
    path("twilio/alarm/over", alarm.over),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("visit", include("network.visits.urls")),
    path("accounts/", include("network.console.account.sign_in_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("network.console.urls")),
]

handler400 = "network.console.shell.refusals.not_read"
handler403 = "network.console.shell.refusals.not_allowed"
handler500 = "network.console.shell.refusals.broken"
handler404 = "network.console.shell.refusals.not_here"
