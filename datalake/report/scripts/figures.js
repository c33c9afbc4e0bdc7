// Each figure of the page: its rows, the columns of its table, what its chart draws, its line.

const SHOWN_PEOPLE = 15;
const LISTED_PEOPLE = 100;
const SMALLEST_BUDGET = 1000; // dollars: what is below is mostly a slip of the keyboard

const count = (name) => ({ name, digits: 0 });
const number = (name, digits) => ({ name, digits });
const text = (name) => ({ name });
const named = (name, group) => ({ name, group });

const PEOPLE_COLUMNS = [
  count("rank"), text("name"), number("score", 2), number("low", 2), number("high", 2),
  count("titles"), number("imdb_mean", 2), number("tmdb_mean", 2), count("imdb_votes"), text("best_known"),
];
const YEAR_COLUMNS = [text("year"), count("n"), number("median", 1), number("q1", 1), number("q3", 1)];
const RATING_COLUMNS = [
  named("outcome", "outcomes"), count("n"),
  number("rho_imdb", 2), number("imdb_low", 2), number("imdb_high", 2),
  number("rho_tmdb", 2), number("tmdb_low", 2), number("tmdb_high", 2),
  number("difference", 2), number("low", 2), number("high", 2), named("verdict", "verdicts"),
];

/** All figures by name; `page` has the lake, the facts, the selection, the role and the search. */
const FIGURES = {
  films(page, say) {
    const rows = films(page.lake, page.selection).map((row) => ({
      ...row,
      genre: page.facts.genres.filter((_, bit) => row.genre & (1 << bit)),
    }));
    const drawn = rows.filter(({ budget }) => budget >= SMALLEST_BUDGET);
    const few = rows.length - drawn.length;
    const several = say.text("chart.several_genres");
    const genreName = (names) => (names.length === 1 ? say.name("genres", names[0]) : several);
    return {
      rows,
      columns: [text("title"), text("year"), named("genre", "genres"), count("budget"), number("popularity", 1), count("imdb_votes")],
      drawn: scatter(drawn, genreName),
      line: say.text(few ? "chosen.films_not_drawn" : "chosen.films", { n: say.number(rows.length), few: say.number(few) }),
    };
  },

  strata(page, say) {
    const rows = strata(page.lake, page.selection, page.facts.genres);
    const label = ({ type, stratum }) => (type === "decade" ? say.text("decade", { year: stratum }) : say.name("genres", stratum));
    const all = rows.find(({ measure, type }) => measure === "tmdb_popularity" && type === "all");
    return {
      rows,
      columns: [named("measure", "measures"), { name: "stratum", shown: label }, count("n"), number("rho", 2), number("low", 2), number("high", 2)],
      drawn: {
        rows: rows
          .filter(({ rho }) => rho !== null)
          .map((row) => ({ ...row, label: label(row), series: say.name("measures", row.measure), value: row.rho })),
      },
      line: all.rho === null ? "" : say.text("chosen.strata", say.estimate(all.rho, all.low, all.high, all.n)),
    };
  },

  people(page, say) {
    const rows = ranking(page.lake, page.selection, page.role);
    const sought = folded(page.search);
    const found = sought ? rows.filter(({ name, best_known }) => folded([name, ...best_known].join(" ")).includes(sought)) : rows;
    const drawn = found.slice(0, SHOWN_PEOPLE).filter(({ low }) => low !== null);
    const line = sought
      ? say.text("people_controls.found", { n: say.number(found.length), all: say.number(rows.length) })
      : say.text("chosen.people", { n: say.number(rows.length), shown: say.number(drawn.length) });
    return {
      rows: found,
      listed: LISTED_PEOPLE,
      columns: PEOPLE_COLUMNS,
      drawn: {
        rows: drawn.map((row) => ({ ...row, label: `${row.rank}. ${row.name}`, series: say.text("chart.score"), value: row.score, n: row.titles })),
      },
      line: rows.length ? line : "",
    };
  },

  film_length: (page, say) => ofYears("film_length", filmLengths(page.lake, page.selection), say),
  episodes_per_season: (page, say) => ofYears("episodes_per_season", seasonLengths(page.lake, page.selection), say),
  movie: (page, say) => ofRatings("movie", page, say),
  series: (page, say) => ofRatings("series", page, say),

  coverage(page, say) {
    const steps = ["titles", "in_scope", "found", "rated", "budgeted"];
    const rows = page.facts.steps.flatMap((of) =>
      steps
        .filter((step) => of.kind === "movie" || step !== "budgeted")
        .map((step) => ({ kind: of.kind, step, n: of[step] })),
    );
    return {
      rows,
      columns: [named("kind", "kinds"), named("step", "steps"), count("n")],
      drawn: { rows: rows.map((row) => ({ ...row, label: say.name("steps", row.step), series: say.name("kinds", row.kind) })) },
      line: "",
    };
  },
};

function ofYears(name, { rows, trend }, say) {
  const observed = sum(rows.map(({ n }) => n));
  return {
    rows,
    columns: YEAR_COLUMNS,
    drawn: { rows },
    line: trend.value === null ? "" : say.text(`chosen.${name}`, say.estimate(trend.value, trend.low, trend.high, observed)),
  };
}

function ofRatings(kind, page, say) {
  const rows = ratings(page.lake, page.selection, kind);
  const told = rows.filter(({ verdict }) => verdict);
  const point = (row, site, name) => ({
    label: capital(say.name("outcomes", row.outcome)),
    series: name,
    value: row[`rho_${site}`],
    low: row[`${site}_low`],
    high: row[`${site}_high`],
    n: row.n,
  });
  return {
    rows,
    columns: RATING_COLUMNS,
    drawn: { rows: told.flatMap((row) => [point(row, "imdb", "IMDb"), point(row, "tmdb", "TMDB")]) },
    line: capital(told.map((row) => say.text("chosen.verdict", { outcome: say.name("outcomes", row.outcome), verdict: say.name("verdicts", row.verdict) })).join("; ")),
  };
}

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** Without accents and case, as people type names. */
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
