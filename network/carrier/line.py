"""How this number is set up: where its webhooks go. Told at the start, changed by REST."""

from network.carrier.settings import Settings
from network.carrier.store import Store

NUMBER_SID, SERVICE_SID = "PN" + "0" * 32, "MG" + "0" * 32
OPTIONS = (
    "sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method", "voice_url", "voice_method",
    "voice_fallback_url", "voice_fallback_method", "status_callback", "status_callback_method",
)  # fmt: skip
SERVICE_OPTIONS = (
    "inbound_request_url", "inbound_method", "fallback_url", "fallback_method", "status_callback",
    "use_inbound_webhook_on_number", "friendly_name",
)  # fmt: skip


class SimulatedNumber:
    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store

    def option(self, name: str) -> str:
        """One option of the number, such as sms_url."""
        return self.store.configured(name) or self._at_start().get(name, "")

    def of_service(self, name: str) -> str:
        defaults = {"inbound_method": "POST", "fallback_method": "POST", "friendly_name": "simulated",
                    "use_inbound_webhook_on_number": "true"}  # fmt: skip
        return self.store.configured(f"service.{name}") or defaults.get(name, "")

    def _at_start(self) -> dict[str, str]:
        told = self.settings
        return {
            "sms_url": told.webhook_url, "sms_method": "POST", "sms_fallback_url": told.fallback_url or "",
            "voice_url": told.voice_url or "", "voice_method": "POST",
            "status_callback": told.call_status_url or "",
        }  # fmt: skip

    @property
    def service_sid(self) -> str:
        return self.settings.service_sid or SERVICE_SID
