-- Are films that cost more more popular?
-- One row per measure × genre × decade (null: all years): Spearman's rank correlation of budget
-- and measure, plain and adjusted: among films of the same year and, if votes are not the measure,
-- with as many IMDb votes (partial correlation of ranks). Under ten films there is no figure.
CREATE OR REPLACE VIEW oracle.popularity_and_cost AS
WITH films AS (
    SELECT 'tmdb_popularity' AS measure, genre, decade, tmdb_id, budget, start_year, imdb_votes,
        popularity AS value
    FROM titles_by_genre WHERE kind = 'movie'
    UNION ALL
    SELECT 'imdb_votes', genre, decade, tmdb_id, budget, start_year, imdb_votes,
        CAST(imdb_votes AS DOUBLE)
    FROM titles_by_genre WHERE kind = 'movie'
    UNION ALL
    SELECT 'return', genre, decade, tmdb_id, budget, start_year, imdb_votes,
        CASE WHEN budget > 0 THEN CAST(revenue AS DOUBLE) / budget END
    FROM titles_by_genre WHERE kind = 'movie'
),
cells AS (
    SELECT measure, genre, CAST(NULL AS INTEGER) AS decade, tmdb_id, budget, start_year,
        imdb_votes, value
    FROM films
    UNION ALL
    SELECT measure, genre, decade, tmdb_id, budget, start_year, imdb_votes, value
    FROM films WHERE decade IS NOT NULL
),
reasons AS (
    SELECT *,
        CASE
            WHEN tmdb_id IS NULL THEN 'no_tmdb'
            WHEN budget IS NULL THEN 'no_budget'
            WHEN value IS NULL THEN 'no_measure'
            WHEN start_year IS NULL THEN 'no_year'
            ELSE 'counts'
        END AS reason
    FROM cells
),
ranked AS (
    SELECT measure, genre, decade, reason,
        rank() OVER (PARTITION BY measure, genre, decade, reason ORDER BY budget)
        + (count(*) OVER (PARTITION BY measure, genre, decade, reason, budget) - 1) / 2e0 AS x,
        rank() OVER (PARTITION BY measure, genre, decade, reason ORDER BY value)
        + (count(*) OVER (PARTITION BY measure, genre, decade, reason, value) - 1) / 2e0 AS y,
        rank() OVER (PARTITION BY measure, genre, decade, reason ORDER BY start_year)
        + (count(*) OVER (PARTITION BY measure, genre, decade, reason, start_year) - 1) / 2e0 AS z,
        rank() OVER (PARTITION BY measure, genre, decade, reason ORDER BY imdb_votes)
        + (count(*) OVER (PARTITION BY measure, genre, decade, reason, imdb_votes) - 1) / 2e0 AS w
    FROM reasons
),
counted AS (
    SELECT *,
        row_number() OVER (PARTITION BY measure, genre, decade ORDER BY budget) - 1 AS place,
        count(*) OVER (PARTITION BY measure, genre, decade) AS films
    FROM reasons WHERE reason = 'counts'
),
quarters AS (
    SELECT measure, genre, decade,
        sum(budget * greatest(0e0, 1 - abs(place - 0.25e0 * (films - 1)))) AS cheap,
        sum(budget * greatest(0e0, 1 - abs(place - 0.75e0 * (films - 1)))) AS dear
    FROM counted WHERE films >= 10 GROUP BY measure, genre, decade
),
by_quarter AS (
    SELECT c.measure, c.genre, c.decade,
        median(value) FILTER (WHERE budget <= cheap) AS cheapest_median,
        median(value) FILTER (WHERE budget >= dear) AS dearest_median,
        CASE WHEN c.measure = 'return' THEN avg(CASE WHEN value < 1 THEN 1e0 ELSE 0e0 END) END
            AS lost
    FROM counted c
    JOIN quarters q ON q.measure = c.measure AND q.genre = c.genre
        AND q.decade IS NOT DISTINCT FROM c.decade
    GROUP BY c.measure, c.genre, c.decade
),
counts AS (
    SELECT measure, genre, decade,
        count_if(reason = 'counts') AS n,
        count_if(reason = 'no_tmdb') AS no_tmdb,
        count_if(reason = 'no_budget') AS no_budget,
        count_if(reason = 'no_measure') AS no_measure,
        count_if(reason = 'no_year') AS no_year,
        median(imdb_votes) FILTER (WHERE budget IS NOT NULL) AS votes_with_budget,
        median(imdb_votes) FILTER (WHERE budget IS NULL) AS votes_without
    FROM reasons GROUP BY measure, genre, decade
),
correlations AS (
    SELECT measure, genre, decade,
        CASE WHEN min(x) < max(x) AND min(y) < max(y) THEN corr(x, y) END AS xy,
        CASE WHEN min(z) < max(z) AND min(x) < max(x) THEN corr(x, z) ELSE 0e0 END AS xz,
        CASE WHEN min(z) < max(z) AND min(y) < max(y) THEN corr(y, z) ELSE 0e0 END AS yz,
        CASE WHEN measure = 'imdb_votes' THEN 0e0
            WHEN min(w) < max(w) AND min(x) < max(x) THEN corr(x, w) ELSE 0e0 END AS xw,
        CASE WHEN measure = 'imdb_votes' THEN 0e0
            WHEN min(w) < max(w) AND min(y) < max(y) THEN corr(y, w) ELSE 0e0 END AS yw,
        CASE WHEN measure = 'imdb_votes' THEN 0e0
            WHEN min(w) < max(w) AND min(z) < max(z) THEN corr(z, w) ELSE 0e0 END AS zw
    FROM ranked WHERE reason = 'counts'
    GROUP BY measure, genre, decade HAVING count(*) >= 10
),
given_year AS (
    SELECT measure, genre, decade, xy,
        (xy - xz * yz) / nullif(sqrt((1 - xz * xz) * (1 - yz * yz)), 0e0) AS xy_z,
        (xw - xz * zw) / nullif(sqrt((1 - xz * xz) * (1 - zw * zw)), 0e0) AS xw_z,
        (yw - yz * zw) / nullif(sqrt((1 - yz * yz) * (1 - zw * zw)), 0e0) AS yw_z
    FROM correlations
)
SELECT c.measure, c.genre, c.decade, c.n, r.xy AS rho,
    (r.xy_z - r.xw_z * r.yw_z)
    / nullif(sqrt((1 - r.xw_z * r.xw_z) * (1 - r.yw_z * r.yw_z)), 0e0) AS adjusted,
    CASE WHEN c.measure = 'imdb_votes' THEN 'year' ELSE 'votes_and_year' END AS adjusted_for,
    q.cheapest_median, q.dearest_median, q.lost, c.votes_with_budget, c.votes_without,
    c.no_tmdb, c.no_budget, c.no_measure, c.no_year
FROM counts c
LEFT JOIN by_quarter q
    ON q.measure = c.measure AND q.genre = c.genre AND q.decade IS NOT DISTINCT FROM c.decade
LEFT JOIN given_year r
    ON r.measure = c.measure AND r.genre = c.genre AND r.decade IS NOT DISTINCT FROM c.decade
