// Each site's rating and what it goes with: correlations with every outcome, films and series apart.

const { OUTCOMES, LONG } = CONSTANTS;
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

/** Kaplan and Meier: the share that lasts longer than each time at which one ends, and its interval. */
function survival(time, over) {
  const rows = [{ time: 0, at_risk: time.length, share: 1, low: 1, high: 1 }];
  let [share, variance] = [1, 0];
  for (const moment of new Set(inOrder(time.filter((_, i) => over[i])))) {
    const atRisk = time.filter((own) => own >= moment).length;
    const ended = time.filter((own, i) => own === moment && over[i]).length;
    share *= 1 - ended / atRisk;
    variance += ended / (atRisk * (atRisk - ended)); // Greenwood
    const half = (NORMAL_95 * Math.sqrt(variance)) / Math.log(share); // of log(-log(share)): within 0 and 1
    const [low, high] = share ? [share ** Math.exp(-half), share ** Math.exp(half)] : [null, null];
    rows.push({ time: moment, at_risk: atRisk, share, low, high });
  }
  const last = time.reduce((most, own) => Math.max(most, own), 0);
  if (last > rows.at(-1).time) rows.push({ ...rows.at(-1), time: last, at_risk: time.filter((own) => own >= last).length });
  return rows;
}

/** The series of the selection by the mean of both ratings: how long the ends' quarters last. */
function lasting({ titles }, selection) {
  const measures = ["imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes", "years_on_air", "ended", "year"];
  const indices = chosenTitles({ titles }, selection, "series", ...measures);
  if (indices.length < FEWEST) return { n: indices.length, rows: [] };
  const rating = indices.map((i) => (titles.imdb_rating[i] + titles.tmdb_rating[i]) / 2);
  const [least, most] = [0.25, 0.75].map((share) => quantile(inOrder(rating), share));
  const quarters = { best: (own) => own >= most, worst: (own) => own <= least };
  const rows = Object.entries(quarters).flatMap(([quarter, isIn]) => {
    const own = indices.filter((_, i) => isIn(rating[i]));
    return survival(take(titles.years_on_air, own), take(titles.ended, own)).map((row) => ({ quarter, ...row }));
  });
  return { n: indices.length, rows };
}

/** The share of a quarter that lasts longer than LONG years; null where nobody is known so long. */
function shareLasting(rows, quarter) {
  const own = rows.filter((row) => row.quarter === quarter);
  const { share } = own.filter(({ time }) => time <= LONG).at(-1);
  return own.at(-1).time > LONG || !share ? share : null;
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

register("longevity", (page, say) => {
  const { n, rows } = lasting(page.lake, page.selection);
  const [best, worst] = rows.length ? ["best", "worst"].map((quarter) => shareLasting(rows, quarter)) : [null, null];
  return {
    rows,
    columns: [named("quarter", "quarters"), count("time"), count("at_risk"), number("share", 3), number("low", 3), number("high", 3)],
    drawn: { rows: rows.map((row) => ({ ...row, series: say.name("quarters", row.quarter) })) },
    finding: best === null || worst === null ? "" : say.text("figures.longevity.finding", { best: say.wholePercent(best), worst: say.wholePercent(worst), n: say.number(n) }),
  };
});
