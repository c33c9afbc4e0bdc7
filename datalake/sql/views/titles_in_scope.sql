-- Which titles are the questions about?
-- One row per title in scope, with its newest measures. `genres`: those in scope, joined by +.
-- `rating`: the lower of both ratings, each measured against the titles of its kind that have both
-- and told on the scale of IMDb's; of IMDb's alone in a lake without TMDB's.
-- `fame`: 0 under 100 IMDb votes, 1 under 1,000, 2 under 10,000, else 3.
CREATE OR REPLACE VIEW titles_in_scope AS
WITH genres AS (
    SELECT b.title_key, array_join(array_agg(g.genre ORDER BY g.genre), '+') AS genres
    FROM bridge_title_genre b
    JOIN dim_genre g ON g.genre_key = b.genre_key
    WHERE g.in_scope
    GROUP BY b.title_key
),
measures AS (
    SELECT f.*, t.kind,
        CASE WHEN count(f.tmdb_rating) OVER () = 0 THEN f.imdb_rating ELSE f.tmdb_rating END
            AS other_rating
    FROM fact_title f
    JOIN dim_title t ON t.title_key = f.title_key
    WHERE t.in_scope AND f.load_date = (SELECT max(load_date) FROM fact_title)
),
levels AS (
    SELECT title_key, imdb_rating, other_rating,
        avg(imdb_rating) OVER () AS mean,
        stddev_pop(imdb_rating) OVER () AS spread,
        avg(imdb_rating) OVER (PARTITION BY kind) AS imdb_mean,
        stddev_pop(imdb_rating) OVER (PARTITION BY kind) AS imdb_spread,
        avg(other_rating) OVER (PARTITION BY kind) AS other_mean,
        stddev_pop(other_rating) OVER (PARTITION BY kind) AS other_spread
    FROM measures
    WHERE imdb_rating + other_rating IS NOT NULL
),
ratings AS (
    SELECT title_key,
        mean + spread * least(
            CASE WHEN imdb_spread < 1e-9 THEN 0e0 ELSE (imdb_rating - imdb_mean) / imdb_spread END,
            CASE WHEN other_spread < 1e-9 THEN 0e0
                ELSE (other_rating - other_mean) / other_spread END
        ) AS rating
    FROM levels
)
SELECT
    t.title_key,
    t.title_id,
    t.primary_title AS title,
    t.kind,
    g.genres,
    t.start_year,
    t.decade,
    CASE
        WHEN f.imdb_votes >= 10000 THEN 3
        WHEN f.imdb_votes >= 1000 THEN 2
        WHEN f.imdb_votes >= 100 THEN 1
        ELSE 0
    END AS fame,
    t.tmdb_id,
    f.imdb_rating,
    f.imdb_votes,
    f.tmdb_rating,
    f.tmdb_votes,
    r.rating,
    f.popularity,
    f.budget,
    f.revenue,
    f.runtime_minutes,
    f.seasons,
    f.episodes,
    f.years_on_air,
    CASE WHEN t.status IN ('Ended', 'Canceled') THEN 1 WHEN t.status IS NOT NULL THEN 0 END AS ended
FROM dim_title t
JOIN measures f ON f.title_key = t.title_key
LEFT JOIN ratings r ON r.title_key = t.title_key
LEFT JOIN genres g ON g.title_key = t.title_key
