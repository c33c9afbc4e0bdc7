// People of a role by the shrunken mean rating of their titles.

const { FEWEST_TITLES, LISTED, ROLES } = CONSTANTS;
const DRAWN = 15;

/** The columns of the table; of the sites' means those that count. */
function columnsOf({ rating_of_people: ratings }) {
  const means = ["imdb_mean", "tmdb_mean"].slice(0, ratings.length).map((name) => number(name, 2));
  return [
    count("rank"), text("name"), number("score", 2), number("low", 2), number("high", 2),
    count("titles"), ...means, count("imdb_votes"), { ...text("best_known"), isWide: true },
  ];
}

/** Without accents and case, as people type names. */
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** One row per person of the role with enough rated titles, best first. */
function ranking(lake, selection, role) {
  const { titles, people, credits, rating_of_people: ratings } = lake;
  const chosen = new Set(chosenTitles(lake, selection, "all", ...ratings));
  const ofRole = [...credits.role.keys()].filter((i) => credits.role[i] === role && chosen.has(credits.title[i]));
  const persons = [...grouped(ofRole, (i) => credits.person[i])]
    .map(([person, indices]) => ({ person, own: take(credits.title, indices) }))
    .filter(({ own }) => own.length >= FEWEST_TITLES)
    .sort((a, b) => a.person - b.person);
  if (!persons.length) return [];
  const rating = (index) => mean(ratings.map((column) => titles[column][index]));
  const scores = shrunk(persons.map(({ own }) => own.map(rating)));
  return persons
    .map(({ person, own }, i) => ({
      name: people[person],
      titles: own.length,
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

register(
  "people",
  (page, say, { role, search }) => {
    const all = ranking(page.lake, page.selection, role);
    const sought = folded(search);
    const rows = sought ? all.filter(({ name, best_known }) => folded([name, ...best_known].join(" ")).includes(sought)) : all;
    const drawn = rows.slice(0, DRAWN).filter(({ low }) => low !== null);
    const line = sought
      ? say.text("people.controls.found", { n: say.number(rows.length), all: say.number(all.length) })
      : say.text("figures.people.chosen", { n: say.number(all.length), shown: say.number(drawn.length) });
    const score = say.text("chart.score");
    return {
      rows,
      listed: LISTED,
      columns: columnsOf(page.lake),
      drawn: {
        rows: drawn.map((row) => ({ ...row, label: `${row.rank}. ${row.name}`, series: score, value: row.score, n: row.titles })),
      },
      line: all.length ? line : "",
    };
  },
  { role: ROLES[0], search: "" },
);
