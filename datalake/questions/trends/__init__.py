"""Q3: how do film lengths and seasons change over the years?"""
