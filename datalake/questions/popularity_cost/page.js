// Films by budget and popularity, and the correlation of both by genre and decade.

const { MEASURES, SMALLEST_BUDGET } = CONSTANTS;
const SQUARES = { budget: 6, popularity: 8 }; // per power of ten
const CROWD = 4; // films that make a square
const FEWEST_IN_STRIP = 10;
const [MOST_LABELS, FEWEST_LABELS] = [8, 5]; // on a screen, on a phone
const [LONGEST_LABEL, LONGEST_NARROW] = [24, 20]; // letters, likewise

/** One row per film with a budget and a popularity that a log scale can show. */
function films(lake, selection) {
  const { titles } = lake;
  return chosenTitles(lake, selection, "movie", "budget", "popularity")
    .filter((index) => titles.budget[index] > 0 && titles.popularity[index] > 0)
    .sort(byVotes(titles))
    .map((index) => ({
      imdb_id: titles.id[index],
      title: titles.name[index],
      year: titles.year[index],
      genre: titles.genres[index],
      budget: titles.budget[index],
      popularity: titles.popularity[index],
      imdb_votes: titles.imdb_votes[index],
    }));
}

/** Films by the square of the log scales they fall in; each square's ends, and who is in it. */
function squares(rows) {
  const cell = (row, name) => Math.floor(Math.log10(row[name]) * SQUARES[name]);
  const ends = (index, name) => [10 ** (index / SQUARES[name]), 10 ** ((index + 1) / SQUARES[name])];
  const groups = grouped(rows, (row) => `${cell(row, "budget")} ${cell(row, "popularity")}`);
  return [...groups].map(([key, within]) => {
    const [x, y] = key.split(" ").map(Number);
    const [[left, right], [bottom, top]] = [ends(x, "budget"), ends(y, "popularity")];
    return { left, right, bottom, top, n: within.length, within };
  });
}

/** What the scatter draws: crowded squares, the best-known films of each, and the middle. */
function scatter(rows, genreName) {
  const all = squares(rows);
  const points = all.flatMap(({ within }) => (within.length < CROWD ? within : within.slice(0, 1)));
  return {
    squares: all
      .filter(({ n }) => n >= CROWD)
      .map(({ within, ...square }) => ({ ...square, title: within.slice(0, 3).map((row) => row.title).join(" · ") })),
    rows: points.map((row) => ({ ...row, genre: genreName(row.genre) })),
    middle: middle(rows),
    labels: labelled(points),
  };
}

/** The best-known films whose names have room and don't cover each other. */
function labelled(points) {
  const isNarrow = innerWidth < NARROW;
  const [most, longest] = isNarrow ? [FEWEST_LABELS, LONGEST_NARROW] : [MOST_LABELS, LONGEST_LABEL];
  const [width, height] = isNarrow ? [0.5, 0.08] : [0.24, 0.05]; // of a name, as a share of the chart
  const along = (name) => {
    const values = points.map((row) => Math.log10(row[name]));
    const [low, high] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
    return (row) => (Math.log10(row[name]) - low) / (high - low || 1);
  };
  const [x, y] = [along("budget"), along("popularity")];
  const isClear = (row) => (other) => Math.abs(x(row) - x(other)) > width || Math.abs(y(row) - y(other)) > height;
  const chosen = [];
  for (const row of [...points].sort((a, b) => (b.imdb_votes ?? 0) - (a.imdb_votes ?? 0))) {
    if (chosen.length === most) break;
    if (row.title && row.title.length <= longest && chosen.every(isClear(row))) chosen.push(row);
  }
  return chosen.map((row) => ({ ...row, isRight: x(row) > 0.5 }));
}

/** The median popularity in strips of equal width on the budget's log scale. */
function middle(rows) {
  const strips = grouped(rows, (row) => Math.floor(Math.log10(row.budget) * 3));
  return [...strips]
    .filter(([, within]) => within.length >= FEWEST_IN_STRIP)
    .sort(([a], [b]) => a - b)
    .map(([strip, within]) => ({
      budget: 10 ** ((strip + 0.5) / 3),
      popularity: median(within.map((row) => row.popularity)),
    }));
}

/** Medians of the values in the quarters of the smallest and the biggest budgets. */
function quarters(budgets, values) {
  if (budgets.length < FEWEST) return { cheapest: null, dearest: null };
  const [low, high] = [0.25, 0.75].map((share) => quantile(inOrder(budgets), share));
  const [cheapest, dearest] = [(budget) => budget <= low, (budget) => budget >= high].map((chosen) =>
    median(values.filter((_, i) => chosen(budgets[i]))),
  );
  return { cheapest, dearest };
}

/** One row per measure × (all, genre, decade): the rank correlation of budget and measure. */
function strata(lake, selection, genres) {
  const { titles } = lake;
  return Object.entries(MEASURES).flatMap(([measure, column]) => {
    const indices = chosenTitles(lake, selection, "movie", "budget", column, "year");
    const decades = [...grouped(indices, (index) => titles.year[index] - (titles.year[index] % 10))];
    const cells = [
      { type: "all", stratum: "all", within: indices },
      ...genres.map((genre, bit) => ({
        type: "genre",
        stratum: genre,
        within: indices.filter((index) => titles.genres[index] & (1 << bit)),
      })),
      ...decades
        .sort(([a], [b]) => a - b)
        .map(([decade, within]) => ({ type: "decade", stratum: String(decade), within })),
    ];
    return cells.map(({ type, stratum, within }) => {
      const [budgets, values] = [take(titles.budget, within), take(titles[column], within)];
      const { value, low, high } = withInterval(spearman(budgets, values));
      return { measure, type, stratum, n: within.length, rho: value, low, high, ...quarters(budgets, values) };
    });
  });
}

/** What the ends of the budgets have, in natural units. */
function describeQuarters(rows, say) {
  const { cheapest, dearest } = quarters(rows.map(({ budget }) => budget), rows.map(({ popularity }) => popularity));
  const n = say.number(rows.length);
  if (cheapest === null) return say.text("figures.films.few", { n });
  return say.text("figures.films.finding", { n, cheapest: say.number(cheapest, 1), dearest: say.number(dearest, 1) });
}

register("films", (page, say) => {
  const rows = films(page.lake, page.selection).map((row) => ({
    ...row,
    genre: page.facts.genres.filter((_, bit) => row.genre & (1 << bit)),
  }));
  const drawn = rows.filter(({ budget }) => budget >= SMALLEST_BUDGET);
  const few = rows.length - drawn.length;
  const notAllDrawn = few ? say.text("figures.films.not_all_drawn", { few: say.number(few) }) : "";
  const several = say.text("chart.several_genres");
  const genreName = (names) => (names.length === 1 ? say.name("genres", names[0]) : several);
  const chart = scatter(drawn, genreName);
  return {
    rows,
    columns: [onlyInFile("imdb_id"), text("title"), text("year"), named("genre", "genres"), count("budget"), number("popularity", 1), count("imdb_votes")],
    drawn: chart,
    legend: [
      ...chart.rows.map(({ genre }) => genre),
      ...(chart.middle.length ? [say.text("chart.middle")] : []),
      ...(chart.squares.length ? [say.text("chart.crowd")] : []),
    ],
    finding: `${describeQuarters(rows, say)} ${notAllDrawn}`.trim(),
    empty: notAllDrawn || undefined,
  };
});

register("strata", (page, say) => {
  const rows = strata(page.lake, page.selection, page.facts.genres);
  const label = ({ type, stratum }) => (type === "decade" ? say.text("decade", { year: stratum }) : say.name("genres", stratum));
  const all = rows.find(({ measure, type }) => measure === "tmdb_popularity" && type === "all");
  return {
    rows,
    columns: [named("measure", "measures"), { name: "stratum", shown: label }, count("n"), number("rho", 2), number("low", 2), number("high", 2), number("cheapest", 1), number("dearest", 1)],
    drawn: {
      rows: rows
        .filter(({ rho }) => rho !== null)
        .map((row) => ({ ...row, label: label(row), series: say.name("measures", row.measure), value: row.rho })),
    },
    finding: all.rho === null ? "" : say.text(`figures.strata.${direction(all.low, all.high)}`, say.estimate(all.rho, all.low, all.high, all.n)),
  };
});
