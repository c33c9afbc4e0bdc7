-- Which titles rise most beyond what their size and age predict?
-- One row per span × measure × kind × genre × place, the first ten. `excess` is gained over expected;
-- `z` the distance from peers in standard errors; `is_rising` holds with every title a look (Holm).
CREATE OR REPLACE VIEW rising_titles AS
SELECT
    span,
    measure,
    kind,
    genre,
    place,
    since,
    until,
    title_key,
    title,
    before,
    after,
    days,
    per_day,
    expected_per_day,
    excess,
    ci_low,
    ci_high,
    z,
    holm,
    is_rising
FROM answers.q5_rising
WHERE place IS NOT NULL
