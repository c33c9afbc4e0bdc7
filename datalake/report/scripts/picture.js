// A chart as a picture of its own: with its title, and where its data come from.

const SVG = "http://www.w3.org/2000/svg";
const [TITLE_HEIGHT, SOURCE_HEIGHT, MARGIN] = [40, 32, 12];

/** What a colour of the style sheet, such as `var(--ink)`, is in the light or dark that is shown. */
function colourOf(value) {
  const probe = document.createElement("i");
  probe.style.color = value;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function element(name, attributes, content = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = content;
  return made;
}

/** The picture as SVG text, and its size. */
function asSvg(drawing, title, source) {
  const chart = drawing.cloneNode(true);
  const width = Number(chart.getAttribute("width"));
  const height = Number(chart.getAttribute("height")) + TITLE_HEIGHT + SOURCE_HEIGHT;
  chart.setAttribute("y", TITLE_HEIGHT);
  const picture = element("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "system-ui, sans-serif" });
  const written = { x: MARGIN, fill: "var(--ink)" };
  picture.append(
    element("rect", { width, height, fill: "var(--paper)" }),
    element("text", { ...written, y: 26, "font-size": 17, "font-weight": 600 }, title),
    chart,
    element("text", { ...written, y: height - 12, "font-size": 11 }, source),
  );
  const text = new XMLSerializer().serializeToString(picture);
  const colours = new Map();
  const fixed = (name) => colours.get(name) ?? colours.set(name, colourOf(name)).get(name);
  return { text: text.replace(/var\(--[\w-]+\)/g, fixed), width, height };
}

/** The picture as PNG, twice as fine as it is shown. */
async function asPng({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
