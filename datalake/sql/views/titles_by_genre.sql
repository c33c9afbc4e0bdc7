-- Which titles does a genre filter show?
-- One row per genre × title in scope; the genre `all` has every title, so never add genres up.
CREATE OR REPLACE VIEW titles_by_genre AS
SELECT 'all' AS genre, t.* FROM titles_in_scope t
UNION ALL
SELECT g.genre, t.*
FROM titles_in_scope t
JOIN bridge_title_genre b ON b.title_key = t.title_key
JOIN dim_genre g ON g.genre_key = b.genre_key
WHERE g.in_scope
