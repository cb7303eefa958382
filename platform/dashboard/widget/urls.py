"""Where a company gets the widget for its site."""

from django.urls import path

from dashboard.widget import views

urlpatterns = [path("widget/", views.widget, name="widget")]
