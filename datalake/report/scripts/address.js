// What the reader chose, in the address: a page can be kept or handed on as it is shown.

/** The choices that differ from those that the page opens with, as the address's end. */
function asAddress(choices, initial) {
  const changed = Object.entries(choices).filter(([name, value]) => value !== null && value !== initial[name]);
  return changed.length ? `#${new URLSearchParams(changed)}` : "";
}

/** The choices in an address's end; one that leads to a part of the page has none. */
const fromAddress = (end) => Object.fromEntries(new URLSearchParams(end.includes("=") ? end.slice(1) : ""));
