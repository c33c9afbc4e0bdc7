// The titles of the selection that gained most votes beyond their peers.

const { LISTED } = CONSTANTS;
const COLUMNS = [
  onlyInFile("imdb_id"), text("name"), number("per_day", 2), number("expected_per_day", 2),
  number("excess", 1), number("low", 1), number("high", 1), number("z", 1), number("holm", 3),
];

register("rising", (page, say) => {
  const { titles, rising } = page.lake;
  const chosen = new Set(chosenTitles(page.lake, page.selection, "all"));
  const rows = [...rising.title.keys()]
    .filter((i) => chosen.has(rising.title[i]))
    .sort((a, b) => rising.z[b] - rising.z[a])
    .slice(0, LISTED)
    .map((i) => ({
      imdb_id: titles.id[rising.title[i]],
      name: titles.name[rising.title[i]],
      ...Object.fromEntries(["per_day", "expected_per_day", "excess", "low", "high", "z", "holm"].map((name) => [name, rising[name][i]])),
    }));
  const excess = say.text("chart.excess");
  const certain = rows.filter(({ holm }) => holm < 0.05).length;
  return {
    rows,
    columns: COLUMNS,
    drawn: { rows: rows.map((row) => ({ ...row, label: row.name, series: excess, value: row.excess })) },
    finding: rows.length ? say.text("figures.rising.chosen", { n: say.number(rows.length), certain: say.number(certain) }) : "",
    empty: rising.title.length ? say.text("figures.rising.none_chosen") : undefined,
  };
});
