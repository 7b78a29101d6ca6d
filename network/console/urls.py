"""The console's addresses."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda r: HttpResponse("x"), name="board"), path("account", lambda r: HttpResponse("a"), name="account_home")]
