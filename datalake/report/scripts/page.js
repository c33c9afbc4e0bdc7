// The page at work: what the reader chooses, and everything that follows from it.

const TABLE_ROWS = 300;
const at = (id) => document.getElementById(id);
const read = (id) => JSON.parse(at(id).textContent);

const page = {
  texts: read("texts"),
  facts: read("facts"),
  selection: { ...EVERYTHING },
  language: document.documentElement.lang,
  controls: CONTROLS,
  lake: null,
  views: {},
  shown: {},
};

const speak = () => speaker(page.language, page.texts[page.language].catalogue);

/** Draw a figure's chart, table and line anew; say so where there is nothing to draw. */
async function refresh(name) {
  const say = speak();
  const figure = FIGURES[name](page, say, page.controls[name]);
  page.shown[name] = figure;
  const most = figure.listed ?? TABLE_ROWS;
  at(`${name}-finding`).textContent = findingOf(figure, say);
  at(`${name}-count`).textContent = rowsShown(figure.rows.length, most, say);
  fillTable(at(`${name}-table`), figure.columns, figure.rows, most, say);
  const isDrawn = figure.drawn.rows.length > 0;
  const isListed = Boolean(figure.rows.length && figure.empty);
  at(`figure-${name}`).classList.toggle("is-empty", !isDrawn && !isListed);
  at(`${name}-chart`).hidden = !isDrawn;
  at(`${name}-empty`).hidden = isDrawn;
  at(`${name}-empty`).textContent = whyEmpty(name, figure, say);
  for (const format of ["svg", "png"]) document.querySelector(`[data-figure=${name}][data-file=${format}]`).hidden = !isDrawn;
  if (isDrawn) await draw(name, figure);
}

/** What the figure finds, and in which titles, if not in all. */
function findingOf({ finding, isOfAll }, say) {
  const selection = isOfAll ? "" : selectionName(say);
  return selection && finding ? `${selection}: ${finding}` : finding;
}

const selectionName = (say) => describeSelection(page.selection, page.facts.genres, page.lake, say);

/** The address of a figure as it is shown. */
const addressOf = (name) => location.href.split("#")[0] + asAddress({ ...whatIsChosen(), figure: name }, page.initial);

/** How to cite each figure: its title, where its data come from, and its address. */
function cite() {
  const say = speak();
  for (const name of Object.keys(FIGURES)) fillCitation(name, say);
}

function fillCitation(name, say) {
  const address = addressOf(name);
  const link = Object.assign(document.createElement("a"), { href: address, textContent: address });
  const values = { title: say.text(`figures.${name}.title`), version: page.facts.version, sources: sourcesOf(name) };
  at(`${name}-citation`).replaceChildren(`${say.text("under.citation", values)} `, link);
}

/** The line that says where a figure's data come from, and of which day. */
const sourcesOf = (name) => inLanguage(`#figure-${name} .source .in`);
const inLanguage = (selector) =>
  [...document.querySelectorAll(selector)].find(({ lang }) => lang === page.language).textContent.trim();

/** Why a figure has nothing to draw. */
function whyEmpty(name, { rows, empty }, say) {
  const { from, to } = page.selection;
  const search = page.controls[name]?.search?.trim();
  if (from !== null && to !== null && from > to) return say.text("filters.inverted", { from, to });
  if (search && !rows.length) return say.text("filters.no_hit", { search });
  return empty ?? say.text(`figures.${name}.empty`);
}

function rowsShown(all, most, say) {
  const key = all > most ? "under.first_rows" : "under.rows";
  return `(${say.text(key, { n: say.number(Math.min(all, most)), all: say.number(all) })})`;
}

/** Put rows into a chart that is there already, or make the chart. */
async function draw(name, { drawn: datasets, legend = datasets.rows.map(({ series }) => series) }) {
  const { specs, format } = page.texts[page.language];
  const marks = [...new Set(legend)];
  const { step } = specs[name].usermeta;
  const full = step ? step * new Set(datasets.rows.map(({ label }) => label)).size : specs[name].height;
  const height = innerWidth < NARROW ? 0.65 * full : full;
  const { view, marks: before } = page.views[name] ?? {};
  if (view && marks.join() === before.join()) {
    for (const [set, rows] of Object.entries(datasets)) view.data(set, rows);
    await view.height(height).resize().runAsync();
    return;
  }
  view?.finalize();
  const spec = { ...structuredClone(specs[name]), height, datasets };
  setLegend(spec, marks);
  if (innerWidth < NARROW) narrow(spec);
  // Errors only: a layer without rows, as where no films crowd, is nothing to warn of.
  const options = { actions: false, renderer: "svg", ast: true, formatLocale: format, logLevel: 1 };
  page.views[name] = { ...(await vegaEmbed(at(`${name}-drawing`), spec, options)), marks };
}

/** The legend has what is drawn, in the chart's order, and nothing else. */
function setLegend(spec, marks) {
  for (const { encoding } of spec.layer) {
    for (const channel of [encoding?.color, encoding?.shape]) {
      if (channel?.legend) channel.legend.values = channel.scale.domain.filter((name) => marks.includes(name));
    }
  }
}

/** Smaller names beside a chart on a phone, so that they stand whole. */
function narrow(spec) {
  spec.config.axisY = { labelLimit: 170, labelFontSize: 10 };
  spec.config.axisX = { titleAnchor: "end" };
  Object.assign(spec.config.legend, { columns: 1, labelFontSize: 11 });
  for (const layer of spec.layer) if (layer.encoding?.y?.axis?.labelLimit) delete layer.encoding.y.axis.labelLimit;
}

function showCounts() {
  const say = speak();
  document.documentElement.classList.toggle("filtered", selectionName(say) !== "");
  const titles = chosenTitles(page.lake, page.selection, "all").length;
  const all = page.lake.titles.kind.length;
  at("shown").textContent = say.text("filters.shown", { n: say.number(titles), all: say.number(all) });
  at("sampled").hidden = all === page.lake.all;
  at("sampled").textContent = say.text("filters.sampled", { n: say.number(all), all: say.number(page.lake.all) });
}

/** Figures due while others are under way are drawn once, after them. */
const due = new Set();
let busy = Promise.resolve();
function refreshSoon(names = Object.keys(FIGURES)) {
  document.documentElement.classList.remove("drawn");
  const isIdle = !due.size;
  for (const name of names) due.add(name);
  if (isIdle) busy = busy.then(refreshDue);
}

async function refreshDue() {
  const names = Object.keys(FIGURES).filter((name) => due.has(name));
  due.clear();
  showCounts();
  for (const name of names) await refresh(name);
  if (!due.size) document.documentElement.classList.add("drawn");
}

/** Forget the charts, so that they are made anew in other words or for another width. */
function forgetCharts() {
  for (const { view } of Object.values(page.views)) view.finalize();
  page.views = {};
}

const SETTERS = {
  language(value) {
    page.language = value;
    document.documentElement.lang = value;
    document.title = page.texts[value].title;
    forgetCharts();
  },
  theme(value) {
    document.documentElement.dataset.theme = value;
  },
  kind(value) {
    page.selection.kind = value;
  },
  genre(value) {
    page.selection.genre = ["all", "several"].includes(value) ? value : Number(value);
    for (const twin of document.querySelectorAll(`[data-sets=genre][value="${value}"]`)) twin.checked = true;
  },
};

function yearsChosen() {
  const year = (id, none) => (at(id).value === "" || Number(at(id).value) === none ? null : Number(at(id).value));
  page.selection.from = year("from", page.lake.firstYear);
  page.selection.to = year("to", page.lake.lastYear);
}

function offerYears() {
  if (!Number.isFinite(page.lake.firstYear)) return;
  for (const [id, year] of [["from", page.lake.firstYear], ["to", page.lake.lastYear]]) {
    Object.assign(at(id), { min: page.lake.firstYear, max: page.lake.lastYear, value: year, defaultValue: year });
  }
}

function listen() {
  document.addEventListener("change", ({ target }) => {
    if (!target.dataset.sets) return;
    SETTERS[target.dataset.sets](target.value);
    showInAddress();
    if (target.dataset.sets !== "theme") refreshSoon();
  });
  document.addEventListener("input", ({ target }) => {
    const { figure, control } = target.dataset;
    if (!control) return;
    page.controls[figure][control] = target.value;
    showInAddress();
    refreshSoon([figure]);
  });
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", () => {
    page.selection = { ...EVERYTHING };
    SETTERS.genre("all");
    showInAddress();
    refreshSoon();
  });
  for (const id of ["from", "to"]) {
    at(id).addEventListener("input", () => {
      yearsChosen();
      showInAddress();
      refreshSoon();
    });
  }
  document.addEventListener("toggle", showInAddress, true);
  for (const button of document.querySelectorAll("[data-file]")) {
    button.addEventListener("click", () => saveFigure(button.dataset.figure, button.dataset.file));
  }
}

/** A figure's rows as CSV, what that file holds as JSON, or its chart as a picture. */
async function saveFigure(name, format) {
  const [say, stem] = [speak(), `${page.facts.made_up ? "made-up-" : ""}${name}`];
  const file = `${stem}.${format}`;
  const { columns, rows } = page.shown[name];
  const source = sourcesOf(name);
  const licence = page.facts.made_up ? "CC0-1.0" : say.text("use");
  const more = { source, licence, ...(page.facts.made_up ? { made_up: true } : {}) };
  const all = [...columns, ...Object.keys(more).map(text)];
  if (format === "csv") {
    save(file, asCsv(all, rows.map((row) => ({ ...row, ...more }))), "text/csv;charset=utf-8");
    return;
  }
  if (format === "json") {
    save(`${stem}.csv-metadata.json`, metadata(name, `${stem}.csv`, all, more, say), "application/json");
    return;
  }
  const picture = asSvg(at(`${name}-drawing`).querySelector("svg"), findingOf(page.shown[name], say) || say.text(`figures.${name}.title`), source);
  if (format === "svg") save(file, picture.text, "image/svg+xml");
  else save(file, await asPng(picture), "image/png");
}

/** What a figure's CSV file holds, as CSV on the Web (W3C) describes tables. */
function metadata(name, url, columns, { source, licence }, say) {
  const description = {
    "@context": ["http://www.w3.org/ns/csvw", { "@language": page.language }],
    url,
    "dc:title": say.text(`figures.${name}.title`),
    "dc:description": findingOf(page.shown[name], say),
    "dc:source": source,
    "dc:license": licence,
    "dc:creator": `datalake ${page.facts.version}`,
    "dc:identifier": addressOf(name),
    tableSchema: { columns: columns.map((column) => ({ name: column.name, titles: say.text(`columns.${column.name}`), datatype: column.digits === undefined ? "string" : column.digits ? "double" : "integer" })) },
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

/** What the reader chose, by the names that the address has. */
function whatIsChosen() {
  const { kind, genre, from, to } = page.selection;
  const theme = document.documentElement.dataset.theme ?? null;
  const open = [...document.querySelectorAll("details[open]")].map(({ id }) => id).join() || null;
  const controls = Object.entries(page.controls).flatMap(([figure, own]) => Object.entries(own).map(([name, value]) => [`${figure}.${name}`, value]));
  return { kind, genre: page.facts.genres[genre] ?? genre, from, to, language: page.language, theme, open, ...Object.fromEntries(controls) };
}

function showInAddress() {
  const { pathname, search } = location;
  history.replaceState(null, "", asAddress(whatIsChosen(), page.initial) || pathname + search);
  cite();
}

/** Choose one of a group of choices, if there is such a one. */
function choose(group, value) {
  const choice = [...document.querySelectorAll("[data-sets]")].find(({ dataset, value: own }) => dataset.sets === group && own === value);
  if (!choice) return;
  choice.checked = true;
  SETTERS[group](value);
}

/** Choose what the address says, of what there is. */
function chooseByAddress({ from, to, genre, open = "", ...others }) {
  const index = page.facts.genres.indexOf(genre);
  for (const [group, value] of Object.entries({ ...others, genre: index < 0 ? genre : String(index) })) choose(group, value);
  for (const [id, year] of Object.entries({ from, to })) if (/^\d+$/.test(year ?? "")) at(id).value = year;
  yearsChosen();
  for (const details of document.querySelectorAll("details")) if (open.split(",").includes(details.id)) details.open = true;
  for (const input of document.querySelectorAll("[data-control]")) {
    const { figure, control } = input.dataset;
    const value = others[`${figure}.${control}`];
    if (value === undefined || (input.type === "radio" && input.value !== value)) continue;
    if (input.type === "radio") input.checked = true;
    else input.value = value;
    page.controls[figure][control] = value;
  }
}

/** The reader's language, if the page is in it and was not made for readers of another. */
const readersLanguage = () =>
  page.facts.follows_reader && navigator.languages.map((tag) => Object.keys(page.texts).find((code) => code.split("-")[0] === tag.split("-")[0])).find(Boolean);

async function start() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.querySelector(`[data-sets=theme][value=${dark ? "dark" : "light"}]`).checked = true;
  if (typeof DecompressionStream === "undefined") {
    at("too-old").hidden = false;
    return;
  }
  page.lake = await unpacked(at("lake").textContent);
  offerYears();
  choose("language", readersLanguage());
  page.initial = whatIsChosen();
  const { figure, ...choices } = fromAddress(location.hash);
  chooseByAddress(choices);
  listen();
  cite();
  refreshSoon();
  await busy;
  if (figure in FIGURES) at(`figure-${figure}`).scrollIntoView();
}

/** What a figure shows of a selection: for those who check the page. */
const shownOf = (name, selection = {}, controls = {}) =>
  FIGURES[name]({ ...page, selection: { ...EVERYTHING, ...selection } }, speak(), { ...page.controls[name], ...controls });

/** What a figure's table says of a selection, all rows. */
function tableOf(name, selection, controls) {
  const say = speak();
  const { columns, rows } = shownOf(name, selection, controls);
  return rows.map((row) => Object.fromEntries(columns.map((column) => [column.name, say.cell(row, column)])));
}

globalThis.datalake = { shownOf, tableOf, page, speak };
start().catch(console.error);
