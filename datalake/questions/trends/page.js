// Film lengths and seasons by year, with the trend through the yearly medians.

const { FEWEST_A_YEAR, HALF } = CONSTANTS;
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
  const shape = findShape(x, y);
  const trend = slopePerDecade(x, y, shape);
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

/** The medians of the decades nearest to where the line starts, bends and ends. */
function levels(rows, shape) {
  const corners = [rows[0].year, ...(shape?.bends ?? []), rows.at(-1).year];
  const decades = [...grouped(rows, ({ year }) => year - (year % 10))];
  const full = decades.filter(([, own]) => own.length >= HALF);
  const nearest = (year) => (full.length ? full : decades).reduce((best, other) => (Math.abs(other[0] + 4.5 - year) < Math.abs(best[0] + 4.5 - year) ? other : best));
  return [...new Set(corners.map(nearest))].map(([decade, own]) => ({ decade, value: median(own.map((row) => row.median)) }));
}

/** The change a decade, positive where the sentence says «shorter» or «fewer». */
function unsignedChange({ value, low, high }, n, say) {
  const [least, change, most] = high < 0 ? [-high, -value, -low] : [low, value, high];
  return { value: say.number(change, 1), interval: say.text("interval", { low: say.number(least, 1), high: say.number(most, 1) }), n: say.number(n) };
}

const showYears = (name, lengths) => (page, say) => {
  const { rows, trend, shape } = lengths(page.lake, page.selection);
  const n = sum(rows.map((row) => row.n));
  return {
    rows,
    trend,
    columns: COLUMNS,
    drawn: { rows },
    legend: [say.text("columns.median"), say.text("chart.middle_half"), ...(shape ? [say.text("chart.trend")] : [])],
    finding: trend.value === null ? "" : [
      say.text(`figures.${name}.levels`, { levels: say.listed(levels(rows, shape).map(({ decade, value }) => say.text(`trends.${name}.level`, { value: say.number(value), decade: say.text("trends.decade", { year: decade }) }))) }),
      say.text(`figures.${name}.${direction(trend.low, trend.high)}`, unsignedChange(trend, n, say)),
    ].join(" "),
  };
};

register("film_length", showYears("film_length", filmLengths));
register("episodes_per_season", showYears("episodes_per_season", seasonLengths));
