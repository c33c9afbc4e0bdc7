-- Which rating goes with success more closely, IMDb's or TMDB's?
-- One row per kind × genre × decade (null: all years) × outcome: Spearman's rank correlation of each
-- rating with the outcome on the same titles, plain and adjusted: among titles of the same year and,
-- if votes are not the outcome, of the same fame; of longevity Somers' D, where running series have
-- no end yet. Under ten titles there is no figure. `skill`: R2 out of sample, in ten folds.
CREATE OR REPLACE VIEW ratings_and_success AS
SELECT
    kind,
    genre,
    decade,
    outcome,
    n,
    rho_imdb,
    imdb_low,
    imdb_high,
    rho_tmdb,
    tmdb_low,
    tmdb_high,
    difference,
    ci_low,
    ci_high,
    verdict,
    adjusted_imdb,
    adjusted_tmdb,
    adjusted_difference,
    adjusted_low,
    adjusted_high,
    adjusted_verdict,
    adjusted_for,
    worst_quarter,
    best_quarter,
    skill_imdb,
    skill_tmdb,
    skill_both,
    skill_low,
    skill_high,
    gain,
    gain_low,
    gain_high,
    ratings_alike,
    coalesce(element_at(left_out, 'no_both_ratings'), 0) AS no_both_ratings,
    coalesce(element_at(left_out, 'no_outcome'), 0) AS no_outcome,
    coalesce(element_at(left_out, 'no_year'), 0) AS no_year
FROM answers.q4_ratings
