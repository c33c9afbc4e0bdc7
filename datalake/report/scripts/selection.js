// The filters: which titles and seasons are chosen, from the columns that the page carries.

const EVERYTHING = { kind: "all", genre: "all", from: null, to: null };

/** The selection in words, as in «War · Films · 1990–2010»; empty where everything is chosen. */
function describeSelection({ kind, genre, from, to }, genres, lake, say) {
  return [
    ...(genre === "all" ? [] : [genre === "several" ? say.text("genre_filter.several") : say.name("genres", genres[genre])]),
    ...(kind === "all" ? [] : [say.text(`kind_filter.${kind}`)]),
    ...(from === null && to === null ? [] : [`${from ?? lake.firstYear}–${to ?? lake.lastYear}`]),
  ].join(" · ");
}

/** The columns, unpacked; `firstYear` and `lastYear` are those of any column of years. */
async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const lake = await new Response(stream).json();
  const years = Object.values(lake).flatMap(({ year }) => year ?? []).filter(Boolean);
  const { budget, revenue } = lake.titles;
  lake.titles.return = budget.map((cost, i) => (cost && revenue[i] !== null ? revenue[i] / cost : null));
  lake.firstYear = years.reduce((least, year) => Math.min(least, year), Infinity);
  lake.lastYear = years.reduce((most, year) => Math.max(most, year), -Infinity);
  return lake;
}

/** Whether a year is within the chosen ones; an unknown year is, as long as no end is chosen. */
function yearChosen(year, { from, to }) {
  if (from === null && to === null) return true;
  return year !== null && (from === null || year >= from) && (to === null || year <= to);
}

/** Whether a title, by its index, is of the chosen kind and genre; genre: `all`, `several` or a bit. */
function titleChosen(titles, index, { kind, genre }) {
  if (kind !== "all" && KINDS[titles.kind[index]] !== kind) return false;
  const genres = titles.genres[index];
  if (genre === "several") return (genres & (genres - 1)) !== 0;
  return genre === "all" || Boolean(genres & (1 << genre));
}

/** Indices of the chosen titles of `kind` (`all`: of both) that have all of the measures. */
function chosenTitles({ titles }, selection, kind, ...measures) {
  const isOfKind = (index) => kind === "all" || KINDS[titles.kind[index]] === kind;
  const hasAll = (index) => measures.every((measure) => titles[measure][index] !== null);
  return [...titles.kind.keys()].filter(
    (index) =>
      isOfKind(index) && titleChosen(titles, index, selection) && yearChosen(titles.year[index], selection) && hasAll(index),
  );
}

/** The best known first; of equally many votes, the last by name. */
const byVotes = (titles) => (a, b) =>
  (titles.imdb_votes[b] ?? 0) - (titles.imdb_votes[a] ?? 0) || (titles.name[a] < titles.name[b] ? 1 : -1);
