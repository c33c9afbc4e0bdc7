-- How do votes and popularity grow, by kind and genre, and did ratings foretell it?
-- One row per span × measure × kind × genre: n titles in both loads, and the rank correlation of the
-- rating then with what was gained since, plain and among titles of equal size and year.
CREATE OR REPLACE VIEW oracle.growth_by_genre AS
WITH days AS (
    SELECT DISTINCT load_date AS day FROM fact_title
),
spans AS (
    SELECT span, (SELECT max(day) FROM days) AS until
    FROM (SELECT 7 AS span UNION ALL SELECT 30 UNION ALL SELECT 90) s
),
near AS (
    SELECT span, day,
        row_number() OVER (
            PARTITION BY span ORDER BY abs(date_diff('day', day, until) - span), day
        ) AS place
    FROM spans JOIN days
        ON day < until AND abs(date_diff('day', day, until) - span) <= span / 2e0
),
chosen AS (
    SELECT s.span, s.until, n.day AS since
    FROM spans s LEFT JOIN near n ON n.span = s.span AND n.place = 1
),
both_loads AS (
    SELECT c.span, c.since, c.until, t.kind, t.genre, t.start_year,
        b.title_key IS NULL AS is_new, b.start_year_key <> a.start_year_key AS is_redated,
        b.imdb_votes AS votes_then, a.imdb_votes AS votes_now, b.imdb_rating, b.tmdb_rating,
        b.popularity AS popularity_then, a.popularity AS popularity_now,
        date_diff('day', b.imdb_day, a.imdb_day) * 1e0 AS imdb_days,
        date_diff('second', b.fetched_at, a.fetched_at) / 86400e0 AS tmdb_days
    FROM chosen c
    JOIN fact_title a ON a.load_date = c.until
    JOIN titles_by_genre t ON t.title_key = a.title_key
    LEFT JOIN fact_title b ON b.load_date = c.since AND b.title_key = a.title_key
    WHERE c.since IS NOT NULL
),
measured AS (
    SELECT span, since, until, 'imdb_votes' AS measure, kind, genre, start_year, is_new, is_redated,
        votes_then, votes_then * 1e0 AS before, votes_now * 1e0 AS after, imdb_days AS days,
        imdb_rating AS rating, 0e0 AS level
    FROM both_loads
    UNION ALL
    SELECT span, since, until, 'popularity', kind, genre, start_year, is_new, is_redated,
        votes_then, popularity_then, popularity_now, tmdb_days, tmdb_rating, 1e-9
    FROM both_loads
),
reasons AS (
    SELECT *,
        CASE
            WHEN is_new THEN 'new'
            WHEN days IS NULL OR days < span / 2e0 THEN 'not_fetched_anew'
            WHEN before IS NULL OR after IS NULL OR before < level OR after < level
                THEN 'no_figure'
            WHEN votes_then IS NULL OR votes_then < 100 THEN 'few_votes'
            WHEN start_year IS NULL OR start_year > year(until) THEN 'no_year'
            ELSE 'counts'
        END AS reason
    FROM measured
),
counts AS (
    SELECT span, since, until, measure, kind, genre,
        count_if(reason = 'counts') AS n,
        count_if(coalesce(is_redated, false)) AS redated,
        count_if(reason = 'new') AS new,
        count_if(reason = 'not_fetched_anew') AS not_fetched_anew,
        count_if(reason = 'no_figure') AS no_figure,
        count_if(reason = 'few_votes') AS few_votes,
        count_if(reason = 'no_year') AS no_year
    FROM reasons GROUP BY span, since, until, measure, kind, genre
),
rates AS (
    SELECT span, measure, kind, genre, rating, (after - before) / days AS per_day, before, start_year
    FROM reasons WHERE reason = 'counts' AND rating IS NOT NULL
),
ranked AS (
    SELECT span, measure, kind, genre,
        rank() OVER (PARTITION BY span, measure, kind, genre ORDER BY rating)
        + (count(*) OVER (PARTITION BY span, measure, kind, genre, rating) - 1) / 2e0 AS x,
        rank() OVER (PARTITION BY span, measure, kind, genre ORDER BY per_day)
        + (count(*) OVER (PARTITION BY span, measure, kind, genre, per_day) - 1) / 2e0 AS y,
        rank() OVER (PARTITION BY span, measure, kind, genre ORDER BY before)
        + (count(*) OVER (PARTITION BY span, measure, kind, genre, before) - 1) / 2e0 AS z,
        rank() OVER (PARTITION BY span, measure, kind, genre ORDER BY start_year)
        + (count(*) OVER (PARTITION BY span, measure, kind, genre, start_year) - 1) / 2e0 AS w
    FROM rates
),
correlations AS (
    SELECT span, measure, kind, genre, corr(x, y) AS xy, corr(x, z) AS xz, corr(y, z) AS yz,
        corr(x, w) AS xw, corr(y, w) AS yw, corr(z, w) AS zw
    FROM ranked GROUP BY span, measure, kind, genre HAVING count(*) >= 10
),
given_size AS (
    SELECT span, measure, kind, genre, xy,
        (xy - xz * yz) / sqrt((1 - xz * xz) * (1 - yz * yz)) AS xy_z,
        (xw - xz * zw) / sqrt((1 - xz * xz) * (1 - zw * zw)) AS xw_z,
        (yw - yz * zw) / sqrt((1 - yz * yz) * (1 - zw * zw)) AS yw_z
    FROM correlations
),
gone AS (
    SELECT c.span, t.kind, count(*) AS gone
    FROM chosen c
    JOIN fact_title b ON b.load_date = c.since
    JOIN dim_title t ON t.title_key = b.title_key
    LEFT JOIN fact_title a ON a.load_date = c.until AND a.title_key = b.title_key
    WHERE a.title_key IS NULL AND t.kind IS NOT NULL
    GROUP BY c.span, t.kind
)
SELECT c.span, c.measure, c.kind, c.genre, c.since, c.until, c.n,
    g.xy AS rho, (g.xy_z - g.xw_z * g.yw_z)
        / sqrt((1 - g.xw_z * g.xw_z) * (1 - g.yw_z * g.yw_z)) AS adjusted,
    CASE WHEN c.genre = 'all' THEN coalesce(o.gone, 0) END AS gone, c.redated,
    c.new, c.not_fetched_anew, c.no_figure, c.few_votes, c.no_year
FROM counts c
LEFT JOIN given_size g
    ON g.span = c.span AND g.measure = c.measure AND g.kind = c.kind AND g.genre = c.genre
LEFT JOIN gone o ON o.span = c.span AND o.kind = c.kind
UNION ALL
SELECT c.span, m.measure, k.kind, 'all', c.since, c.until, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0
FROM chosen c
CROSS JOIN (SELECT 'imdb_votes' AS measure UNION ALL SELECT 'popularity') m
CROSS JOIN (SELECT 'movie' AS kind UNION ALL SELECT 'series') k
WHERE c.since IS NULL
