// People of a role by the shrunken mean rating of their works.

const { FEWEST_WORKS, LISTED, DRAWN, ROLES } = CONSTANTS;

/** The columns of the table; of the sites' means those that count. */
function columnsOf({ rating_of_people: ratings }) {
  const means = ["imdb_mean", "tmdb_mean"].slice(0, ratings.length).map((name) => number(name, 2));
  return [
    count("rank"), onlyInFile("person_key"), text("name"), number("score", 2), number("low", 2), number("high", 2),
    count("titles"), count("works"), ...(ratings.length > 1 ? [count("high_on_both")] : []), ...means, count("imdb_votes"), { ...text("best_known"), isWide: true },
  ];
}

/** Without accents and case, as people type names. */
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function levelAndSpread(values) {
  const level = mean(values);
  return [level, Math.sqrt(mean(values.map((value) => (value - level) ** 2)))];
}

/** Standard deviations above the mean; 0 for all where the values don't differ. */
function standardScores(values) {
  const [level, spread] = levelAndSpread(values);
  return values.map((value) => (spread < ROUNDING ? 0 : (value - level) / spread));
}

/** Which of the values are exceeded by less than a quarter of them. */
function inTopQuarter(values) {
  const sorted = inOrder(values);
  const least = sorted[Math.floor(sorted.length - sorted.length / 4)];
  return values.map((value) => Number(value >= least));
}

/** The lower of what `measure` says of each title's ratings, among those of its kind; by title. */
function lowerByKind({ titles, rating_of_people: ratings }, measure) {
  const rated = [...titles.kind.keys()].filter((i) => ratings.every((name) => titles[name][i] !== null));
  const lower = new Map();
  for (const [, own] of grouped(rated, (i) => titles.kind[i])) {
    const measured = ratings.map((name) => measure(take(titles[name], own)));
    own.forEach((title, i) => lower.set(title, Math.min(...measured.map((values) => values[i]))));
  }
  return lower;
}

/** The titles as works: those of one franchise are one, all others one each. */
const worksOf = (titles, own) => [...grouped(own, (index) => titles.collection[index] ?? -1 - index).values()];

/** One row per person of the role with enough rated works, best first. */
function ranking(lake, selection, role) {
  const { titles, people, person_keys, credits, rating_of_people: ratings } = lake;
  const chosen = new Set(chosenTitles(lake, selection, "all", ...ratings));
  const ofRole = [...credits.role.keys()].filter((i) => credits.role[i] === role && chosen.has(credits.title[i]));
  const persons = [...grouped(ofRole, (i) => credits.person[i])]
    .map(([person, indices]) => ({ person, own: take(credits.title, indices) }))
    .map((maker) => ({ ...maker, works: worksOf(titles, maker.own) }))
    .filter(({ works }) => works.length >= FEWEST_WORKS)
    .sort((a, b) => a.person - b.person);
  if (!persons.length) return [];
  const lower = lowerByKind(lake, standardScores);
  const high = lowerByKind(lake, inTopQuarter);
  const [level, spread] = levelAndSpread(take(titles.imdb_rating, [...lower.keys()]));
  const rating = (index) => level + spread * lower.get(index);
  const scores = shrunk(persons.map(({ works }) => works.map((work) => mean(work.map(rating)))));
  return persons
    .map(({ person, own, works }, i) => ({
      person_key: person_keys[person],
      name: people[person],
      own,
      titles: own.length,
      works: works.length,
      high_on_both: sum(own.map((index) => high.get(index))),
      imdb_mean: mean(take(titles.imdb_rating, own)),
      tmdb_mean: mean(take(titles.tmdb_rating, own)),
      score: scores[i].value,
      low: scores[i].low,
      high: scores[i].high,
      imdb_votes: sum(take(titles.imdb_votes, own)),
      best_known: take(titles.name, [...own].sort(byVotes(titles)).slice(0, 3)),
    }))
    .sort((a, b) => Number(b.score.toFixed(9)) - Number(a.score.toFixed(9)) || b.imdb_votes - a.imdb_votes)
    .map((row, i) => ({ rank: i + 1, ...row }));
}

/** Who is first of the listed, and whether the order is certain, as the answer says it. */
function describeFirst(all, role, say) {
  const [first, ...others] = all.slice(0, LISTED);
  const named = { role: say.name("roles", role), n: say.number(others.length + 1) };
  if (!first) return say.text("people.nobody", named);
  if (first.low === null) return say.text(all.length < FEWEST ? "people.too_few" : "people.no_order", named);
  const rivals = others.filter(({ high }) => high >= first.low).length;
  return say.text(rivals ? "people.first" : "people.clear_first", {
    ...named, ...say.estimate(first.score, first.low, first.high, first.titles),
    name: first.name, score: say.number(first.score, 2), titles: say.number(first.titles), rivals: say.number(rivals), others: say.number(others.length),
  });
}

register(
  "people",
  (page, say, { role, search }) => {
    const all = ranking(page.lake, page.selection, role);
    const sought = folded(search);
    const isFound = (text) => folded(text).includes(sought);
    const rows = all.filter(({ name, own }) => isFound(name) || take(page.lake.titles.name, own).some(isFound));
    const isOrdered = rows.length > 0 && rows[0].low !== null;
    const drawn = isOrdered ? rows.slice(0, DRAWN) : [];
    const finding = sought
      ? say.text("people.controls.found", { n: say.number(rows.length), all: say.number(all.length) })
      : describeFirst(all, role, say);
    const score = say.text("chart.score");
    return {
      rows,
      listed: LISTED,
      columns: columnsOf(page.lake),
      drawn: {
        rows: drawn.map(({ own, ...row }) => ({ ...row, label: `${row.rank}. ${row.name}`, series: score, value: row.score, n: row.works })),
      },
      finding: all.length ? finding : "",
      empty: rows.length && !isOrdered ? say.text("figures.people.no_order") : undefined,
    };
  },
  { role: ROLES[0], search: "" },
);
