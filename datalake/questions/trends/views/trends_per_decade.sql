-- How fast do film lengths and seasons change?
-- One row per measure × genre: the median of all slopes between the medians of two years
-- (Theil-Sen), per decade, plain and at a constant mix; years with five or more, ten such years.
-- `bends`: the years where a line of straight periods bends, with each period's slope per decade.
CREATE OR REPLACE VIEW trends_per_decade AS
WITH years AS (
    SELECT measure, genre, count(*) AS years, min(year) AS first_year, max(year) AS last_year
    FROM lengths_by_year
    WHERE n >= 5
    GROUP BY measure, genre
)
SELECT
    t.measure,
    t.genre,
    t.n,
    y.years,
    y.first_year,
    y.last_year,
    t.trend,
    t.ci_low,
    t.ci_high,
    t.adjusted_trend,
    t.adjusted_low,
    t.adjusted_high,
    t.bends,
    t.bends_low,
    t.bends_high,
    t.levels,
    t.slopes,
    t.slopes_low,
    t.slopes_high
FROM answers.q3_trends t
JOIN years y ON y.measure = t.measure AND y.genre = t.genre
WHERE t.year IS NULL
