"""Q4: which rating goes with a title's success more closely, IMDb's or TMDB's?"""
