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
  at(`${name}-chosen`).textContent = figure.line;
  at(`${name}-count`).textContent = rowsShown(figure.rows.length, most, say);
  fillTable(at(`${name}-table`), figure.columns, figure.rows, most, say);
  const isEmpty = !figure.drawn.rows.length;
  at(`${name}-chart`).hidden = isEmpty;
  at(`${name}-empty`).hidden = !isEmpty;
  at(`${name}-empty`).textContent = whyEmpty(name, say);
  for (const button of document.querySelectorAll(`button[data-figure=${name}]:not([data-file=csv])`)) button.hidden = isEmpty;
  if (!isEmpty) await draw(name, figure.drawn);
}

/** Why a figure has nothing to draw. */
function whyEmpty(name, say) {
  const { from, to } = page.selection;
  const search = page.controls[name]?.search?.trim();
  if (from !== null && to !== null && from > to) return say.text("filters.inverted", { from, to });
  if (search) return say.text("filters.no_hit", { search });
  return say.text(`figures.${name}.empty`);
}

function rowsShown(all, most, say) {
  const key = all > most ? "under.first_rows" : "under.rows";
  return `(${say.text(key, { n: say.number(Math.min(all, most)), all: say.number(all) })})`;
}

/** Put rows into a chart that is there already, or make the chart. */
async function draw(name, datasets) {
  const { specs, format } = page.texts[page.language];
  const { step } = specs[name].usermeta;
  const height = step ? step * new Set(datasets.rows.map(({ label }) => label)).size : specs[name].height;
  const view = page.views[name];
  if (view) {
    for (const [set, rows] of Object.entries(datasets)) view.data(set, rows);
    await view.height(height).resize().runAsync();
    return;
  }
  const spec = { ...structuredClone(specs[name]), height, datasets };
  if (innerWidth < 600) narrow(spec);
  // Errors only: a layer without rows, as where no films crowd, is nothing to warn of.
  const options = { actions: false, renderer: "svg", ast: true, formatLocale: format, logLevel: 1 };
  page.views[name] = (await vegaEmbed(at(`${name}-drawing`), spec, options)).view;
}

/** Less room for names beside a chart on a phone. */
function narrow(spec) {
  spec.config.axisY = { labelLimit: 118 };
  spec.config.axisX = { titleAnchor: "end" };
  spec.config.legend.columns = 1;
  for (const layer of spec.layer) if (layer.encoding?.y?.axis?.labelLimit) delete layer.encoding.y.axis.labelLimit;
}

function showCounts() {
  const [titles, say] = [chosenTitles(page.lake, page.selection, "all").length, speak()];
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
  for (const view of Object.values(page.views)) view.finalize();
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
  for (const button of document.querySelectorAll("[data-file]")) {
    button.addEventListener("click", () => saveFigure(button.dataset.figure, button.dataset.file));
  }
}

/** A figure's rows as CSV, or its chart as a picture. */
async function saveFigure(name, format) {
  const [say, file] = [speak(), `${page.facts.made_up ? "made-up-" : ""}${name}.${format}`];
  if (format === "csv") {
    const { columns, rows } = page.shown[name];
    const marked = page.facts.made_up ? [[...columns, text("made_up")], rows.map((row) => ({ ...row, made_up: true }))] : [columns, rows];
    save(file, asCsv(...marked), "text/csv;charset=utf-8");
    return;
  }
  const source = [...document.querySelectorAll(`#figure-${name} .source .in`)].find(({ lang }) => lang === page.language).textContent;
  const picture = asSvg(at(`${name}-drawing`).querySelector("svg"), say.text(`figures.${name}.title`), source);
  if (format === "svg") save(file, picture.text, "image/svg+xml");
  else save(file, await asPng(picture), "image/png");
}

/** What the reader chose, by the names that the address has. */
function whatIsChosen() {
  const { kind, genre, from, to } = page.selection;
  const theme = document.documentElement.dataset.theme ?? null;
  return { kind, genre: page.facts.genres[genre] ?? genre, from, to, language: page.language, theme };
}

function showInAddress() {
  const { pathname, search } = location;
  history.replaceState(null, "", asAddress(whatIsChosen(), page.initial) || pathname + search);
}

/** Choose what the address says, of what there is. */
function chooseByAddress() {
  const { from, to, genre, ...others } = fromAddress(location.hash);
  const index = page.facts.genres.indexOf(genre);
  for (const [group, value] of Object.entries({ ...others, genre: index < 0 ? genre : String(index) })) {
    const choice = [...document.querySelectorAll("[data-sets]")].find(({ dataset, value: own }) => dataset.sets === group && own === value);
    if (!choice) continue;
    choice.checked = true;
    SETTERS[group](value);
  }
  for (const [id, year] of Object.entries({ from, to })) if (/^\d+$/.test(year ?? "")) at(id).value = year;
  yearsChosen();
}

async function start() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.querySelector(`[data-sets=theme][value=${dark ? "dark" : "light"}]`).checked = true;
  if (typeof DecompressionStream === "undefined") {
    at("too-old").hidden = false;
    return;
  }
  page.lake = await unpacked(at("lake").textContent);
  offerYears();
  page.initial = whatIsChosen();
  chooseByAddress();
  listen();
  refreshSoon();
  await busy;
}

/** What a figure's table says of a selection, all rows: for those who check the page. */
function tableOf(name, selection = {}, controls = {}) {
  const say = speak();
  const chosen = { ...page, selection: { ...EVERYTHING, ...selection } };
  const { columns, rows } = FIGURES[name](chosen, say, { ...page.controls[name], ...controls });
  return rows.map((row) => Object.fromEntries(columns.map((column) => [column.name, say.cell(row, column)])));
}

globalThis.datalake = { tableOf, page };
start().catch(console.error);
