"""Trusted → Refined: the star schema."""
