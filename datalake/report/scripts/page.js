const { format, specs } = JSON.parse(document.getElementById("charts").textContent);
const options = { actions: false, renderer: "svg", ast: true, formatLocale: format };
const drawn = Object.entries(specs).map(([id, spec]) =>
  vegaEmbed(document.getElementById(id), spec, options).catch(console.error),
);
Promise.all(drawn).then(() => document.documentElement.classList.add("drawn"));
