"""Q1: do films that cost more draw more attention?"""
