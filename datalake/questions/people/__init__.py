"""Q2: whose titles are rated best: creators, directors, leading actors?"""
