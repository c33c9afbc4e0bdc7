-- How much does the lake know of the titles in scope?
-- One row per kind × genre × decade (null: unknown): titles, and how many have each measure.
CREATE OR REPLACE VIEW coverage AS
SELECT kind, genre, decade,
    count(*) AS titles,
    count(tmdb_id) AS on_tmdb,
    count(imdb_rating + tmdb_rating) AS with_both_ratings,
    count(budget) AS with_budget,
    count(revenue) AS with_revenue,
    count(runtime_minutes) AS with_length,
    count(seasons) AS with_seasons
FROM titles_by_genre
GROUP BY kind, genre, decade
