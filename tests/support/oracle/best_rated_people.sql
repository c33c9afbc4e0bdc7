-- Whose titles are rated best: creators, directors, leading actors?
-- One row per kind × genre × role × person with three rated works or more, best first; the first
-- 100. The score is the mean rating shrunk to the list's mean: n works weigh n, the mean weighs
-- prior_weight; a franchise's films are one work. `adjusted` is the same of what each title has over the mean of its peers.
CREATE OR REPLACE VIEW oracle.best_rated_people AS
WITH roles AS (
    SELECT title_key, person_key, role FROM fact_credit
    WHERE role IN ('creator', 'director') AND person_key <> 0
    UNION ALL
    SELECT title_key, person_key, 'lead_actor'
    FROM (
        SELECT title_key, person_key,
            row_number() OVER (
                PARTITION BY title_key
                ORDER BY cast_order IS NULL, coalesce(cast_order, imdb_order), person_key
            ) AS billing
        FROM fact_credit WHERE role = 'actor' AND coalesce(cast_order, imdb_order) IS NOT NULL
    ) billed
    WHERE billing = 1 AND person_key <> 0
),
standing AS (
    SELECT title_key,
        rank() OVER (PARTITION BY kind ORDER BY imdb_rating DESC) - 1 < count(*) OVER (PARTITION BY kind) / 4e0
        AND rank() OVER (PARTITION BY kind ORDER BY tmdb_rating DESC) - 1 < count(*) OVER (PARTITION BY kind) / 4e0
            AS is_high
    FROM titles_in_scope WHERE imdb_rating + tmdb_rating IS NOT NULL
),
rated AS (
    SELECT *,
        rating - avg(rating) OVER (PARTITION BY kind, genre, genres, decade, fame) AS over_peers
    FROM titles_by_genre LEFT JOIN standing USING (title_key) WHERE rating IS NOT NULL
),
cells AS (
    SELECT 'all' AS list, r.* FROM rated r
    UNION ALL
    SELECT kind, r.* FROM rated r
),
levels AS (
    SELECT list, genre, avg(rating) AS level FROM cells GROUP BY list, genre
),
credited AS (
    SELECT c.list, c.genre, r.role, r.person_key, c.title, c.imdb_rating, c.tmdb_rating,
        c.imdb_votes, c.tmdb_votes, c.is_high, c.rating, c.over_peers + l.level AS adjusted,
        coalesce('collection ' || d.collection_id, 'title ' || c.title_key) AS work,
        row_number() OVER (
            PARTITION BY c.list, c.genre, r.role, r.person_key
            ORDER BY c.imdb_votes DESC, c.title DESC
        ) AS place
    FROM cells c
    JOIN roles r ON r.title_key = c.title_key
    JOIN dim_title d ON d.title_key = c.title_key
    JOIN levels l ON l.list = c.list AND l.genre = c.genre
),
works AS (
    SELECT list, genre, role, person_key, avg(rating) AS rating, avg(adjusted) AS adjusted
    FROM credited
    GROUP BY list, genre, role, person_key, work
),
means AS (
    SELECT list, genre, role, person_key,
        CAST(count(*) AS DOUBLE) AS n,
        avg(rating) AS mean,
        var_pop(rating) * count(*) AS squares,
        avg(adjusted) AS adjusted_mean,
        var_pop(adjusted) * count(*) AS adjusted_squares
    FROM works
    GROUP BY list, genre, role, person_key HAVING count(*) >= 3
),
totals AS (
    SELECT list, genre, role, person_key,
        count(*) AS titles,
        avg(imdb_rating) AS imdb_mean,
        avg(tmdb_rating) AS tmdb_mean,
        sum(imdb_votes) AS imdb_votes,
        sum(tmdb_votes) AS tmdb_votes,
        CAST(sum(CAST(is_high AS INT)) AS BIGINT) AS high_on_both,
        array_join(array_agg(title ORDER BY place) FILTER (WHERE place <= 3), ', ') AS best_known
    FROM credited
    GROUP BY list, genre, role, person_key
),
persons AS (
    SELECT * FROM means JOIN totals USING (list, genre, role, person_key)
),
lists AS (
    SELECT list, genre, role, CAST(count(*) AS DOUBLE) AS people, sum(n) AS works,
        sum(n) - sum(n * n) / sum(n) AS spread,
        sum(n * mean) / sum(n) AS prior_mean,
        sum(squares) / nullif(sum(n) - count(*), 0e0) AS within,
        sum(n * adjusted_mean) / sum(n) AS adjusted_prior,
        sum(adjusted_squares) / nullif(sum(n) - count(*), 0e0) AS adjusted_within
    FROM persons GROUP BY list, genre, role
),
spreads AS (
    SELECT l.list, l.genre, l.role,
        sum(p.n * power(p.mean - l.prior_mean, 2)) AS squares,
        sum(p.n * power(p.adjusted_mean - l.adjusted_prior, 2)) AS adjusted_squares
    FROM lists l
    JOIN persons p ON p.list = l.list AND p.genre = l.genre AND p.role = l.role
    GROUP BY l.list, l.genre, l.role
),
-- Whether people differ beyond chance: Paulson's normal approximation of the F test, at 5 %.
tests AS (
    SELECT l.*, s.squares, s.adjusted_squares,
        2 / (9 * (l.people - 1)) AS a,
        2 / (9 * (l.works - l.people)) AS b,
        power(s.squares / (l.people - 1) / nullif(l.within, 0e0), 1e0 / 3) AS third,
        power(s.adjusted_squares / (l.people - 1) / nullif(l.adjusted_within, 0e0), 1e0 / 3)
            AS adjusted_third
    FROM lists l
    JOIN spreads s ON s.list = l.list AND s.genre = l.genre AND s.role = l.role
    WHERE l.people >= 10
),
weights AS (
    SELECT list, genre, role,
        CASE
            WHEN squares < 1e-9 THEN NULL
            WHEN within < 1e-9 OR ((1 - b) * third - (1 - a)) / sqrt(a + b * third * third)
                > 1.6448536269514722e0
            THEN within * spread / (squares - (people - 1) * within)
        END AS prior_weight,
        CASE
            WHEN adjusted_squares < 1e-9 THEN NULL
            WHEN adjusted_within < 1e-9
                OR ((1 - b) * adjusted_third - (1 - a))
                    / sqrt(a + b * adjusted_third * adjusted_third) > 1.6448536269514722e0
            THEN adjusted_within * spread / (adjusted_squares - (people - 1) * adjusted_within)
        END AS adjusted_weight
    FROM tests
),
priors AS (
    SELECT l.*, w.prior_weight, w.adjusted_weight
    FROM lists l
    LEFT JOIN weights w ON w.list = l.list AND w.genre = l.genre AND w.role = l.role
),
scored AS (
    SELECT p.*, l.prior_mean, l.prior_weight,
        coalesce((p.n * p.mean + l.prior_weight * l.prior_mean) / (p.n + l.prior_weight),
            l.prior_mean) AS score,
        1.959963984540054e0 * sqrt(l.within / (p.n + l.prior_weight)) AS half,
        coalesce((p.n * p.adjusted_mean + l.adjusted_weight * l.adjusted_prior)
            / (p.n + l.adjusted_weight), l.adjusted_prior) AS adjusted,
        1.959963984540054e0 * sqrt(l.adjusted_within / (p.n + l.adjusted_weight)) AS adjusted_half
    FROM persons p
    JOIN priors l ON l.list = p.list AND l.genre = p.genre AND l.role = p.role
),
ranked AS (
    SELECT *,
        row_number() OVER (PARTITION BY list, genre, role
            ORDER BY round(score, 9) DESC, imdb_votes DESC, person_key) AS place,
        row_number() OVER (PARTITION BY list, genre, role
            ORDER BY round(adjusted, 9) DESC, imdb_votes DESC, person_key) AS adjusted_rank
    FROM scored
)
SELECT r.list AS kind, r.genre, r.role, r.place AS rank, r.person_key, d.name,
    r.titles, CAST(r.n AS BIGINT) AS works, r.imdb_mean, r.tmdb_mean, r.mean, r.score,
    r.score - r.half AS ci_low, r.score + r.half AS ci_high, r.prior_mean, r.prior_weight,
    r.adjusted, r.adjusted - r.adjusted_half AS adjusted_low,
    r.adjusted + r.adjusted_half AS adjusted_high, r.adjusted_rank,
    r.imdb_votes, r.tmdb_votes, r.high_on_both,
    (SELECT if(count(tmdb_rating) = 0, 'imdb', 'imdb_and_tmdb') FROM titles_in_scope) AS rated_by,
    r.best_known
FROM ranked r
JOIN dim_person d ON d.person_key = r.person_key
WHERE r.place <= 100
