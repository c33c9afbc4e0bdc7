-- Which rating goes with success more closely, IMDb's or TMDB's?
-- One row per kind × genre × decade (null: all years) × outcome: Spearman's rank correlation of each
-- rating with the outcome on the same titles, plain and adjusted: among titles of the same year and,
-- if votes are not the outcome, of the same fame. Under ten titles there is no figure.
CREATE OR REPLACE VIEW oracle.ratings_and_success AS
WITH cells AS (
    SELECT CAST(NULL AS INTEGER) AS cell, t.* FROM titles_by_genre t
    UNION ALL
    SELECT decade, t.* FROM titles_by_genre t WHERE decade IS NOT NULL
),
outcomes AS (
    SELECT 'return' AS outcome, cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, CASE WHEN budget > 0 THEN CAST(revenue AS DOUBLE) / budget END AS value
    FROM cells WHERE kind = 'movie'
    UNION ALL
    SELECT 'popularity', cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, popularity
    FROM cells WHERE kind = 'movie'
    UNION ALL
    SELECT 'votes', cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, 0e0
    FROM cells WHERE kind = 'movie'
    UNION ALL
    SELECT 'longevity', cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, CASE WHEN ended IS NOT NULL THEN CAST(years_on_air AS DOUBLE) END
    FROM cells WHERE kind = 'series'
    UNION ALL
    SELECT 'seasons', cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, CAST(seasons AS DOUBLE)
    FROM cells WHERE kind = 'series'
    UNION ALL
    SELECT 'episodes', cell, kind, genre, start_year, imdb_rating, imdb_votes,
        tmdb_rating, tmdb_votes, CAST(episodes AS DOUBLE)
    FROM cells WHERE kind = 'series'
),
reasons AS (
    SELECT *,
        CASE
            WHEN imdb_rating IS NULL OR imdb_votes IS NULL OR tmdb_rating IS NULL
                OR tmdb_votes IS NULL THEN 'no_both_ratings'
            WHEN value IS NULL THEN 'no_outcome'
            WHEN start_year IS NULL THEN 'no_year'
            ELSE 'counts'
        END AS reason
    FROM outcomes
),
counts AS (
    SELECT kind, genre, cell, outcome,
        count_if(reason = 'counts') AS n,
        count_if(reason = 'no_both_ratings') AS no_both_ratings,
        count_if(reason = 'no_outcome') AS no_outcome,
        count_if(reason = 'no_year') AS no_year
    FROM reasons GROUP BY kind, genre, cell, outcome
),
votes AS (
    SELECT kind, genre, cell, outcome, value, start_year, imdb_rating, tmdb_rating,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY imdb_votes)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, imdb_votes) - 1) / 2e0
        + rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY tmdb_votes)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, tmdb_votes) - 1) / 2e0 AS fame
    FROM reasons WHERE reason = 'counts'
),
successes AS (
    SELECT kind, genre, cell, outcome, start_year, imdb_rating, tmdb_rating, fame,
        CASE WHEN outcome = 'votes' THEN fame ELSE value END AS value
    FROM votes
),
ranked AS (
    SELECT kind, genre, cell, outcome,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY value)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, value) - 1) / 2e0 AS x,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY imdb_rating)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, imdb_rating) - 1) / 2e0 AS i,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY tmdb_rating)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, tmdb_rating) - 1) / 2e0 AS t,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY start_year)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, start_year) - 1) / 2e0 AS z,
        rank() OVER (PARTITION BY kind, genre, cell, outcome ORDER BY fame)
        + (count(*) OVER (PARTITION BY kind, genre, cell, outcome, fame) - 1) / 2e0 AS w
    FROM successes
),
pairs AS (
    SELECT kind, genre, cell, outcome, 'imdb' AS site, x, i AS y, z,
        CASE WHEN outcome = 'votes' THEN 0e0 ELSE w END AS w
    FROM ranked
    UNION ALL
    SELECT kind, genre, cell, outcome, 'tmdb', x, t, z,
        CASE WHEN outcome = 'votes' THEN 0e0 ELSE w END
    FROM ranked
),
correlations AS (
    SELECT kind, genre, cell, outcome, site,
        CASE WHEN min(x) < max(x) AND min(y) < max(y) THEN corr(x, y) END AS xy,
        CASE WHEN min(z) < max(z) AND min(x) < max(x) THEN corr(x, z) ELSE 0e0 END AS xz,
        CASE WHEN min(z) < max(z) AND min(y) < max(y) THEN corr(y, z) ELSE 0e0 END AS yz,
        CASE WHEN min(w) < max(w) AND min(x) < max(x) THEN corr(x, w) ELSE 0e0 END AS xw,
        CASE WHEN min(w) < max(w) AND min(y) < max(y) THEN corr(y, w) ELSE 0e0 END AS yw,
        CASE WHEN min(w) < max(w) AND min(z) < max(z) THEN corr(z, w) ELSE 0e0 END AS zw
    FROM pairs
    GROUP BY kind, genre, cell, outcome, site HAVING count(*) >= 10
),
given_year AS (
    SELECT kind, genre, cell, outcome, site, xy,
        (xy - xz * yz) / nullif(sqrt((1 - xz * xz) * (1 - yz * yz)), 0e0) AS xy_z,
        (xw - xz * zw) / nullif(sqrt((1 - xz * xz) * (1 - zw * zw)), 0e0) AS xw_z,
        (yw - yz * zw) / nullif(sqrt((1 - yz * yz) * (1 - zw * zw)), 0e0) AS yw_z
    FROM correlations
),
adjusted AS (
    SELECT kind, genre, cell, outcome, site, xy,
        (xy_z - xw_z * yw_z) / nullif(sqrt((1 - xw_z * xw_z) * (1 - yw_z * yw_z)), 0e0) AS partial
    FROM given_year
),
both_sites AS (
    SELECT kind, genre, cell, outcome,
        max(CASE WHEN site = 'imdb' THEN xy END) AS imdb,
        max(CASE WHEN site = 'tmdb' THEN xy END) AS tmdb,
        max(CASE WHEN site = 'imdb' THEN partial END) AS adjusted_imdb,
        max(CASE WHEN site = 'tmdb' THEN partial END) AS adjusted_tmdb
    FROM adjusted GROUP BY kind, genre, cell, outcome
),
-- Longevity: pairs of which it is known who runs longer, of one decade and fame where adjusted.
lasting AS (
    SELECT c.*, decade || '/' || fame AS alike FROM cells c
    WHERE kind = 'series' AND imdb_rating IS NOT NULL AND imdb_votes IS NOT NULL
        AND tmdb_rating IS NOT NULL AND tmdb_votes IS NOT NULL AND years_on_air IS NOT NULL
        AND ended IS NOT NULL AND start_year IS NOT NULL
),
lasting_pairs AS (
    SELECT a.cell, a.genre, a.alike = b.alike AS is_alike,
        sign(b.imdb_rating - a.imdb_rating) AS imdb, sign(b.tmdb_rating - a.tmdb_rating) AS tmdb
    FROM lasting a
    JOIN lasting b ON b.genre = a.genre AND b.cell IS NOT DISTINCT FROM a.cell
        AND (b.years_on_air > a.years_on_air
            OR (b.years_on_air = a.years_on_air AND b.ended = 0))
    WHERE a.ended = 1
),
concordances AS (
    SELECT p.genre, p.cell, avg(p.imdb) AS imdb, avg(p.tmdb) AS tmdb,
        avg(p.imdb) FILTER (WHERE is_alike) AS adjusted_imdb,
        avg(p.tmdb) FILTER (WHERE is_alike) AS adjusted_tmdb
    FROM lasting_pairs p
    GROUP BY p.genre, p.cell
),
all_sites AS (
    SELECT * FROM both_sites WHERE outcome <> 'longevity'
    UNION ALL
    SELECT s.kind, s.genre, s.cell, s.outcome, c.imdb, c.tmdb, c.adjusted_imdb, c.adjusted_tmdb
    FROM both_sites s
    LEFT JOIN concordances c ON c.genre = s.genre AND c.cell IS NOT DISTINCT FROM s.cell
    WHERE s.outcome = 'longevity'
)
SELECT c.kind, c.genre, c.cell AS decade, c.outcome, c.n,
    b.imdb AS rho_imdb, b.tmdb AS rho_tmdb, b.imdb - b.tmdb AS difference,
    b.adjusted_imdb, b.adjusted_tmdb,
    b.adjusted_imdb - b.adjusted_tmdb AS adjusted_difference,
    CASE c.outcome WHEN 'votes' THEN 'year' WHEN 'longevity' THEN 'fame_and_decade'
        ELSE 'votes_and_year' END AS adjusted_for,
    c.no_both_ratings, c.no_outcome, c.no_year
FROM counts c
LEFT JOIN all_sites b
    ON b.kind = c.kind AND b.genre = c.genre AND b.outcome = c.outcome
    AND b.cell IS NOT DISTINCT FROM c.cell
