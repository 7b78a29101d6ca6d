"""The console's addresses."""

urlpatterns: list[object] = []
