-- How do votes and popularity grow, by kind and genre, and did ratings foretell it?
-- One row per span × measure × kind × genre: n titles in both loads, how many rise for certain, which
-- share is among the tenth of the kind that rose most, and the rank correlation of the rating then
-- with what was gained since, plain and among titles of equal size and year.
CREATE OR REPLACE VIEW growth_by_genre AS
SELECT
    span,
    measure,
    kind,
    genre,
    since,
    until,
    n,
    rising,
    top_share,
    top_low,
    top_high,
    rho,
    rho_low,
    rho_high,
    adjusted,
    adjusted_low,
    adjusted_high,
    gone,
    redated,
    coalesce(element_at(left_out, 'new'), 0) AS new,
    coalesce(element_at(left_out, 'not_fetched_anew'), 0) AS not_fetched_anew,
    coalesce(element_at(left_out, 'no_figure'), 0) AS no_figure,
    coalesce(element_at(left_out, 'few_votes'), 0) AS few_votes,
    coalesce(element_at(left_out, 'no_year'), 0) AS no_year
FROM answers.q5_rising
WHERE place IS NULL OR place = 1
