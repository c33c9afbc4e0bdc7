// Each genre's mean length of names.

const { FEWEST } = CONSTANTS;

register("name_lengths", (page, say) => {
  const letters = say.text("toy_question.letters");
  const rows = page.facts.genres
    .map((genre, bit) => ({ genre, own: chosenTitles(page.lake, { ...page.selection, genre: bit }, "all") }))
    .filter(({ own }) => own.length >= FEWEST)
    .map(({ genre, own }) => ({ genre, n: own.length, letters: mean(take(page.lake.toys.letters, own)) }));
  const point = (row) => ({ ...row, label: say.name("genres", row.genre), series: letters, value: row.letters, low: row.letters, high: row.letters });
  return { rows, columns: [named("genre", "genres"), count("n"), number("letters", 1)], drawn: { rows: rows.map(point) }, finding: "" };
});
