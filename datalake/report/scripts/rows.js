// The rows of each chart, which are also those of its table and of its CSV file.

const COST_MEASURES = { tmdb_popularity: "popularity", imdb_votes: "imdb_votes" };
const OUTCOMES = {
  movie: ["return", "popularity", "votes"],
  series: ["years_on_air", "seasons", "episodes"],
};
const FEWEST_A_YEAR = 5;
const FEWEST_TITLES = 3;
const SQUARES = { budget: 6, popularity: 8 }; // per power of ten
const CROWD = 4; // films that make a square
const FEWEST_IN_STRIP = 10;

const take = (column, places) => places.map((place) => column[place]);

/** The best known first; of equally many votes, the last by name. */
const byVotes = (titles) => (a, b) =>
  (titles.imdb_votes[b] ?? 0) - (titles.imdb_votes[a] ?? 0) || (titles.name[a] < titles.name[b] ? 1 : -1);

/** One row per film with a budget and a popularity that a log scale can show. */
function films(lake, selection) {
  const { titles } = lake;
  return chosenTitles(lake, selection, "movie", "budget", "popularity")
    .filter((place) => titles.budget[place] > 0 && titles.popularity[place] > 0)
    .sort(byVotes(titles))
    .map((place) => ({
      title: titles.name[place],
      year: titles.year[place],
      genre: titles.genres[place],
      budget: titles.budget[place],
      popularity: titles.popularity[place],
      imdb_votes: titles.imdb_votes[place],
    }));
}

/** Films by the square of the log scales they fall in; each square's ends, and who is in it. */
function squares(rows) {
  const cell = (row, name) => Math.floor(Math.log10(row[name]) * SQUARES[name]);
  const ends = (place, name) => [10 ** (place / SQUARES[name]), 10 ** ((place + 1) / SQUARES[name])];
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
  };
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

/** One row per measure × (all, genre, decade): the rank correlation of budget and measure. */
function strata(lake, selection, genres) {
  const { titles } = lake;
  return Object.entries(COST_MEASURES).flatMap(([measure, column]) => {
    const places = chosenTitles(lake, selection, "movie", "budget", column, "year");
    const decades = [...grouped(places, (place) => titles.year[place] - (titles.year[place] % 10))];
    const cells = [
      { type: "all", stratum: "all", within: places },
      ...genres.map((genre, bit) => ({
        type: "genre",
        stratum: genre,
        within: places.filter((place) => titles.genres[place] & (1 << bit)),
      })),
      ...decades
        .sort(([a], [b]) => a - b)
        .map(([decade, within]) => ({ type: "decade", stratum: String(decade), within })),
    ];
    return cells.map(({ type, stratum, within }) => {
      const found = withInterval(spearman(take(titles.budget, within), take(titles[column], within)));
      return { measure, type, stratum, n: within.length, rho: found.value, low: found.low, high: found.high };
    });
  });
}

/** One row per person of the role with three rated titles or more, best first. */
function ranking(lake, selection, role) {
  const { titles, people, credits } = lake;
  const chosen = new Set(chosenTitles(lake, selection, "all", "imdb_rating", "tmdb_rating"));
  const ofRole = [...credits.role.keys()].filter((i) => credits.role[i] === role && chosen.has(credits.title[i]));
  const persons = [...grouped(ofRole, (i) => credits.person[i])]
    .map(([person, found]) => ({ person, made: take(credits.title, found) }))
    .filter(({ made }) => made.length >= FEWEST_TITLES)
    .sort((a, b) => a.person - b.person);
  if (!persons.length) return [];
  const rating = (place) => (titles.imdb_rating[place] + titles.tmdb_rating[place]) / 2;
  const scores = shrunk(persons.map(({ made }) => made.map(rating)));
  return persons
    .map(({ person, made }, i) => ({
      name: people[person],
      titles: made.length,
      imdb_mean: mean(take(titles.imdb_rating, made)),
      tmdb_mean: mean(take(titles.tmdb_rating, made)),
      score: scores[i].value,
      low: scores[i].low,
      high: scores[i].high,
      imdb_votes: sum(take(titles.imdb_votes, made)),
      best_known: take(titles.name, [...made].sort(byVotes(titles)).slice(0, 3)),
    }))
    .sort((a, b) => Number(b.score.toFixed(9)) - Number(a.score.toFixed(9)) || b.imdb_votes - a.imdb_votes)
    .map((row, i) => ({ rank: i + 1, ...row }));
}

/** One row per year with five observations or more: median and quartiles, and the trend's line. */
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
  const line = trend.value === null ? () => null : lineThrough(x, y, trend.value);
  return { trend, rows: years.map((row) => ({ ...row, trend: line(row.year) })) };
}

function filmLengths(lake, selection) {
  const { runtime_minutes: minutes, year } = lake.titles;
  const places = chosenTitles(lake, selection, "movie", "runtime_minutes");
  return byYear(places.map((place) => ({ year: year[place], value: minutes[place] })));
}

function seasonLengths(lake, selection) {
  const { year, episodes } = lake.seasons;
  const places = chosenSeasons(lake, selection);
  return byYear(places.map((place) => ({ year: year[place], value: episodes[place] })));
}

/** One row per outcome: each rating's rank correlation with it, on the same titles. */
function ratings(lake, selection, kind) {
  const { titles } = lake;
  const rated = chosenTitles(lake, selection, kind, "imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes", "year");
  return OUTCOMES[kind].map((outcome) => {
    const value = outcomeOf(titles, outcome, rated);
    const known = rated.map((place, i) => i).filter((i) => value[i] !== null);
    const values = take(value, known);
    const [imdb, tmdb] = ["imdb_rating", "tmdb_rating"].map((name) => spearman(values, take(titles[name], take(rated, known))));
    const [first, second, lead] = [withInterval(imdb), withInterval(tmdb), leadOver(imdb, tmdb)];
    return {
      kind,
      outcome,
      n: known.length,
      rho_imdb: first.value,
      imdb_low: first.low,
      imdb_high: first.high,
      rho_tmdb: second.value,
      tmdb_low: second.low,
      tmdb_high: second.high,
      difference: lead.value,
      low: lead.low,
      high: lead.high,
      verdict: lead.value === null ? null : lead.low > 0 ? "imdb" : lead.high < 0 ? "tmdb" : "no_difference",
    };
  });
}

/** A title's success, null where unknown; votes count by both sites' ranks. */
function outcomeOf(titles, outcome, places) {
  if (outcome === "return")
    return places.map((place) => (titles.revenue[place] !== null && titles.budget[place] ? titles.revenue[place] / titles.budget[place] : null));
  if (outcome !== "votes") return take(titles[outcome], places);
  const [imdb, tmdb] = ["imdb_votes", "tmdb_votes"].map((name) => ranked(take(titles[name], places)).ranks);
  return places.map((_, i) => imdb[i] + tmdb[i]);
}
