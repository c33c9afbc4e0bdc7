// Film lengths and seasons by year, with the trend through the yearly medians.

const { FEWEST_A_YEAR } = CONSTANTS;
const COLUMNS = [text("year"), count("n"), number("median", 1), number("q1", 1), number("q3", 1)];

/** One row per year with observations enough: median and quartiles, and the trend's line. */
function byYear(observations) {
  const years = [...grouped(observations, ({ year }) => year)]
    .filter(([year, within]) => year !== null && within.length >= FEWEST_A_YEAR)
    .sort(([a], [b]) => a - b)
    .map(([year, within]) => {
      const values = inOrder(within.map(({ value }) => value));
      const [q1, middle, q3] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
      return { year, n: within.length, median: middle, q1, q3 };
    });
  const [x, y] = [years.map(({ year }) => year), years.map((row) => row.median)];
  const trend = slopePerDecade(x, y);
  const shape = findShape(x, y);
  return { trend, shape, rows: years.map((row) => ({ ...row, trend: shape && shape.through(row.year) })) };
}

function filmLengths(lake, selection) {
  const { runtime_minutes: minutes, year } = lake.titles;
  const indices = chosenTitles(lake, selection, "movie", "runtime_minutes");
  return byYear(indices.map((index) => ({ year: year[index], value: minutes[index] })));
}

/** Indices of the chosen seasons: of chosen titles, by the year the season began. */
function chosenSeasons({ titles, seasons }, selection) {
  return [...seasons.title.keys()].filter(
    (index) => titleChosen(titles, seasons.title[index], selection) && yearChosen(seasons.year[index], selection),
  );
}

function seasonLengths(lake, selection) {
  const { year, episodes } = lake.seasons;
  const indices = chosenSeasons(lake, selection);
  return byYear(indices.map((index) => ({ year: year[index], value: episodes[index] })));
}

const showYears = (name, lengths) => (page, say) => {
  const { rows, trend } = lengths(page.lake, page.selection);
  const n = sum(rows.map((row) => row.n));
  return {
    rows,
    columns: COLUMNS,
    drawn: { rows },
    line: trend.value === null ? "" : say.text(`figures.${name}.chosen`, say.estimate(trend.value, trend.low, trend.high, n)),
  };
};

register("film_length", showYears("film_length", filmLengths));
register("episodes_per_season", showYears("episodes_per_season", seasonLengths));
