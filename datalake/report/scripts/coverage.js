// How many titles are left at each step, of the whole lake.

register("coverage", (page, say) => {
  const rows = page.facts.steps.flatMap((ofKind) =>
    page.facts.shown_steps
      .filter((step) => ofKind.kind === "movie" || step !== "budgeted")
      .map((step) => ({ kind: ofKind.kind, step, n: ofKind[step], percent: ofKind.titles ? (100 * ofKind[step]) / ofKind.titles : null })),
  );
  const counted = (row) => say.text("figures.coverage.counted", { n: say.number(row.n), share: say.percent(row.percent / 100) });
  const last = page.facts.shown_steps.includes("rated") ? "rated" : "rated_by_imdb";
  const total = (step) => sum(page.facts.steps.map((ofKind) => ofKind[step]));
  const [titles, inScope, usable] = ["titles", "in_scope", last].map(total);
  const counts = { titles: say.number(titles), in_scope: say.number(inScope), usable: say.number(usable) };
  return {
    rows,
    columns: [named("kind", "kinds"), named("step", "steps"), count("n"), { name: "percent", digits: 3 }],
    drawn: { rows: rows.map((row) => ({ ...row, label: say.name("steps", row.step), series: say.name("kinds", row.kind), counted: counted(row) })) },
    finding: inScope ? say.text(`figures.coverage.${last}`, { ...counts, share: say.percent(usable / inScope) }) : "",
    isOfAll: true,
  };
});
