-- Whose titles are rated best: creators, directors, leading actors?
-- One row per kind × genre × role × person with three rated works or more, best first; the first
-- 100. The score is the mean rating shrunk to the list's mean: n works weigh n, the mean weighs
-- prior_weight; a franchise's films are one work. `adjusted` is the same of what each title has over the mean of its peers. A title's
-- rating is the lower of IMDb's and TMDB's, each measured against titles of its kind and told on
-- IMDb's scale; or IMDb's alone: see rated_by.
CREATE OR REPLACE VIEW best_rated_people AS
SELECT
    kind,
    genre,
    role,
    rank,
    person_key,
    name,
    titles,
    works,
    imdb_mean,
    tmdb_mean,
    mean,
    score,
    ci_low,
    ci_high,
    chance_of_first,
    prior_mean,
    prior_weight,
    adjusted,
    adjusted_low,
    adjusted_high,
    adjusted_rank,
    high_on_both,
    imdb_votes,
    tmdb_votes,
    rated_by,
    array_join(best_known, ', ') AS best_known
FROM answers.q2_people
