-- How do film lengths and seasons change over the years?
-- One row per measure × genre × year: median and quartiles of minutes, or of episodes a season,
-- and the median if the year had the mix of genres and fame of all years (from five a year on).
CREATE OR REPLACE VIEW lengths_by_year AS
SELECT
    measure,
    genre,
    year,
    n,
    median,
    q1,
    q3,
    adjusted_median
FROM answers.q3_trends
WHERE year IS NOT NULL
