-- How long are the names of titles?
-- One row per genre.
CREATE OR REPLACE VIEW name_lengths AS
SELECT genre, letters
FROM answers.q6_name_lengths
