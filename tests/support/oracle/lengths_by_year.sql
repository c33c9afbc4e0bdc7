-- How do film lengths and seasons change over the years?
-- One row per measure × genre × year: median and quartiles of minutes, or of episodes a season,
-- and the median if the year had the mix of genres and fame of all years (from five a year on).
CREATE OR REPLACE VIEW oracle.lengths_by_year AS
WITH seen AS (
    SELECT 'film_length' AS measure, genre, start_year AS year, genres, fame,
        CAST(runtime_minutes AS DOUBLE) AS value
    FROM titles_by_genre WHERE kind = 'movie' AND start_year IS NOT NULL
    UNION ALL
    SELECT 'episodes_per_season', t.genre, nullif(s.air_year_key, 0), t.genres, t.fame,
        CASE WHEN NOT s.is_special THEN CAST(s.episodes AS DOUBLE) END
    FROM titles_by_genre t
    JOIN fact_season s ON s.title_key = t.title_key
    WHERE s.air_year_key <> 0
),
placed AS (
    SELECT *,
        count(*) OVER (PARTITION BY measure, genre, year) AS n,
        row_number() OVER (PARTITION BY measure, genre, year ORDER BY value) - 1 AS place
    FROM seen WHERE value > 0
),
years AS (
    SELECT measure, genre, year, count(*) AS n,
        sum(value * greatest(0e0, 1 - abs(place - 0.5e0 * (n - 1)))) AS median,
        sum(value * greatest(0e0, 1 - abs(place - 0.25e0 * (n - 1)))) AS q1,
        sum(value * greatest(0e0, 1 - abs(place - 0.75e0 * (n - 1)))) AS q3
    FROM placed GROUP BY measure, genre, year
),
mixed AS (
    SELECT measure, genre, year, value,
        CAST(count(*) OVER (PARTITION BY measure, genre, genres, fame) AS DOUBLE)
        / count(*) OVER (PARTITION BY measure, genre, year, genres, fame) AS weight
    FROM placed WHERE n >= 5
),
running AS (
    SELECT measure, genre, year, value,
        sum(weight) OVER (PARTITION BY measure, genre, year ORDER BY value)
        / sum(weight) OVER (PARTITION BY measure, genre, year) AS share
    FROM mixed
),
adjusted AS (
    SELECT measure, genre, year,
        (min(CASE WHEN share >= 0.5e0 - 1e-9 THEN value END)
            + min(CASE WHEN share > 0.5e0 + 1e-9 THEN value END)) / 2 AS adjusted_median
    FROM running GROUP BY measure, genre, year
),
everyone AS (
    SELECT DISTINCT measure, genre, year FROM seen
)
SELECT e.measure, e.genre, e.year, coalesce(y.n, 0) AS n, y.median, y.q1, y.q3, a.adjusted_median
FROM everyone e
LEFT JOIN years y ON y.measure = e.measure AND y.genre = e.genre AND y.year = e.year
LEFT JOIN adjusted a ON a.measure = e.measure AND a.genre = e.genre AND a.year = e.year
