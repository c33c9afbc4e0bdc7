// Each site's rating and what it goes with: correlations with every outcome, films and series apart.

const { OUTCOMES } = CONSTANTS;
const COLUMNS = [
  named("outcome", "outcomes"), count("n"),
  number("rho_imdb", 2), number("imdb_low", 2), number("imdb_high", 2),
  number("rho_tmdb", 2), number("tmdb_low", 2), number("tmdb_high", 2),
  number("difference", 2), number("low", 2), number("high", 2), named("verdict", "verdicts"),
];

/** One row per outcome: each rating's rank correlation with it, on the same titles. */
function ratings(lake, selection, kind) {
  const { titles } = lake;
  const rated = chosenTitles(lake, selection, kind, "imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes", "year");
  return OUTCOMES[kind].map((outcome) => {
    const value = outcomeOf(titles, outcome, rated);
    const withOutcome = rated.map((index, i) => i).filter((i) => value[i] !== null);
    const [values, counted] = [take(value, withOutcome), take(rated, withOutcome)];
    const [imdb, tmdb] = ["imdb_rating", "tmdb_rating"].map((name) => {
      const rating = take(titles[name], counted);
      return outcome === "longevity" ? concordance(values, take(titles.ended, counted), rating) : spearman(values, rating);
    });
    const [first, second, lead] = [withInterval(imdb), withInterval(tmdb), leadOver(imdb, tmdb)];
    return {
      kind,
      outcome,
      n: withOutcome.length,
      rho_imdb: first.value,
      imdb_low: first.low,
      imdb_high: first.high,
      rho_tmdb: second.value,
      tmdb_low: second.low,
      tmdb_high: second.high,
      difference: lead.value,
      low: lead.low,
      high: lead.high,
      verdict: verdictOf(first, second, lead),
    };
  });
}

/** Whose rating goes with the outcome more closely, where one certainly rises with it. */
function verdictOf(imdb, tmdb, lead) {
  if (lead.value === null) return null;
  if (imdb.low <= 0 && tmdb.low <= 0) return "neither";
  return lead.low > 0 ? "imdb" : lead.high < 0 ? "tmdb" : "no_difference";
}

/** A title's success, null where unknown; votes count by both sites' ranks. */
function outcomeOf(titles, outcome, indices) {
  if (outcome === "longevity")
    return indices.map((index) => (titles.ended[index] === null ? null : titles.years_on_air[index]));
  if (outcome !== "votes") return take(titles[outcome], indices);
  const [imdb, tmdb] = ["imdb_votes", "tmdb_votes"].map((name) => ranked(take(titles[name], indices)).ranks);
  return indices.map((_, i) => imdb[i] + tmdb[i]);
}

const showRatings = (kind) => (page, say) => {
  const rows = ratings(page.lake, page.selection, kind);
  const decided = rows.filter(({ verdict }) => verdict);
  const outcomeName = ({ outcome }) => say.name("outcomes", outcome);
  const point = (row, site, name) => ({
    label: capital(outcomeName(row)),
    series: name,
    value: row[`rho_${site}`],
    low: row[`${site}_low`],
    high: row[`${site}_high`],
    n: row.n,
  });
  const verdicts = decided.map((row) =>
    say.text("ratings.chosen", { outcome: outcomeName(row), verdict: say.name("verdicts", row.verdict) }),
  );
  return {
    rows,
    columns: COLUMNS,
    drawn: { rows: decided.flatMap((row) => [point(row, "imdb", "IMDb"), point(row, "tmdb", "TMDB")]) },
    finding: verdicts.length ? `${capital(verdicts.join("; "))}.` : "",
  };
};

for (const kind of Object.keys(OUTCOMES)) register(kind, showRatings(kind));
