"""Tests of the rules and dashboards for Prometheus."""
