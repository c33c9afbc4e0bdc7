"""Estimators that several questions use: arrays in, estimates with intervals out."""
