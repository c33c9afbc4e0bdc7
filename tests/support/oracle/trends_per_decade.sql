-- How fast do film lengths and seasons change?
-- One row per measure × genre: the median of all slopes between the medians of two years
-- (Theil-Sen), per decade, plain and at a constant mix; years with five or more, ten such years.
CREATE OR REPLACE VIEW oracle.trends_per_decade AS
WITH slopes AS (
    SELECT a.measure, a.genre,
        10 * (b.median - a.median) / (b.year - a.year) AS slope,
        10 * (b.adjusted_median - a.adjusted_median) / (b.year - a.year) AS adjusted_slope
    FROM oracle.lengths_by_year a
    JOIN oracle.lengths_by_year b ON b.measure = a.measure AND b.genre = a.genre AND b.year > a.year
    WHERE a.n >= 5 AND b.n >= 5
),
placed AS (
    SELECT measure, genre, slope, adjusted_slope,
        count(*) OVER (PARTITION BY measure, genre) AS n,
        row_number() OVER (PARTITION BY measure, genre ORDER BY slope) - 1 AS place,
        row_number() OVER (PARTITION BY measure, genre ORDER BY adjusted_slope) - 1
            AS adjusted_place
    FROM slopes
),
medians AS (
    SELECT measure, genre,
        sum(slope * greatest(0e0, 1 - abs(place - 0.5e0 * (n - 1)))) AS trend,
        sum(adjusted_slope * greatest(0e0, 1 - abs(adjusted_place - 0.5e0 * (n - 1))))
            AS adjusted_trend
    FROM placed GROUP BY measure, genre
),
years AS (
    SELECT measure, genre, count(*) AS years, sum(n) AS n, min(year) AS first_year,
        max(year) AS last_year
    FROM oracle.lengths_by_year WHERE n >= 5 GROUP BY measure, genre
)
SELECT y.measure, y.genre, y.n, y.years, y.first_year, y.last_year,
    CASE WHEN y.years >= 10 THEN m.trend END AS trend,
    CASE WHEN y.years >= 10 THEN m.adjusted_trend END AS adjusted_trend
FROM years y
LEFT JOIN medians m ON m.measure = y.measure AND m.genre = y.genre
