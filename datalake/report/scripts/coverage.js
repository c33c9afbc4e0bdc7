// How many titles are left at each step, of the whole lake.

register("coverage", (page, say) => {
  const rows = page.facts.steps.flatMap((ofKind) =>
    page.facts.shown_steps
      .filter((step) => ofKind.kind === "movie" || step !== "budgeted")
      .map((step) => ({ kind: ofKind.kind, step, n: ofKind[step] })),
  );
  return {
    rows,
    columns: [named("kind", "kinds"), named("step", "steps"), count("n")],
    drawn: { rows: rows.map((row) => ({ ...row, label: say.name("steps", row.step), series: say.name("kinds", row.kind) })) },
    line: "",
  };
});
