"""The addresses of the site with Wagtail's write API beside them, which the site itself does not offer."""

from django.urls import path
from wagtail.api.v3.urls import api

from mindlab.urls import urlpatterns as site

urlpatterns = [path("api/v3/", api.urls), *site]
