-- Are films that cost more more popular?
-- One row per measure × genre × decade (null: all years): Spearman's rank correlation of budget
-- and measure, plain and adjusted: among films of the same year and, if votes are not the measure,
-- with as many IMDb votes (partial correlation of ranks). Under ten films there is no figure.
-- Medians of the measure in the cheapest and the dearest quarter; the votes of films with and
-- without a known budget; how rho changes by decade and differs from that of films of other genres.
CREATE OR REPLACE VIEW popularity_and_cost AS
SELECT
    measure,
    genre,
    decade,
    n,
    rho,
    ci_low,
    ci_high,
    adjusted,
    adjusted_low,
    adjusted_high,
    adjusted_for,
    cheapest_median,
    dearest_median,
    lost,
    per_decade,
    per_decade_low,
    per_decade_high,
    over_others,
    over_others_low,
    over_others_high,
    votes_with_budget,
    votes_without,
    coalesce(element_at(left_out, 'no_tmdb'), 0) AS no_tmdb,
    coalesce(element_at(left_out, 'no_budget'), 0) AS no_budget,
    coalesce(element_at(left_out, 'no_measure'), 0) AS no_measure,
    coalesce(element_at(left_out, 'no_year'), 0) AS no_year
FROM answers.q1_popularity_cost
