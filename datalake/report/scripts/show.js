// Words, numbers, tables and files, as the reader's language writes them.

const UNKNOWN = "–";

/** The catalogue of a language, and its numbers. */
function speaker(language, catalogue) {
  const find = (key) => key.split(".").reduce((group, name) => group?.[name], catalogue);
  const say = {
    text: (key, values = {}) => find(key).replace(/\{(\w+)\}/g, (_, name) => values[name]),
    name: (group, value) => catalogue[group][value ?? "null"] ?? value,
    number(value, digits = 0) {
      if (value === null) return UNKNOWN;
      const format = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" };
      return new Intl.NumberFormat(language, format).format(Number(value.toFixed(9))).replace("-", "\u2212");
    },
    /** A share of 1 without decimals; «under 1%» is not none, «over 99%» not all. */
    wholePercent(share) {
      if (share > 0 && share < 0.01) return say.text("under_one_percent");
      if (share > 0.99 && share < 1) return say.text("over_99_percent");
      return say.text("percent", { n: say.number(100 * share) });
    },
    /** A share of 1: no decimals from a tenth on, one above a hundredth, two digits below. */
    percent(share) {
      const digits = share >= 0.1 || !share ? { maximumFractionDigits: 0 } : share >= 0.01 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 2 };
      return say.text("percent", { n: new Intl.NumberFormat(language, digits).format(100 * share) });
    },
    listed: (items) => new Intl.ListFormat(language).format(items),
    estimate: (value, low, high, n) => ({
      value: say.number(value, 2),
      interval: say.text("interval", { low: say.number(low, 2), high: say.number(high, 2) }),
      n: say.number(n),
    }),
    cell(row, { name, digits, group, shown }) {
      const value = row[name];
      if (shown) return shown(row);
      if (digits !== undefined) return say.number(value, digits);
      if (Array.isArray(value)) return value.map((item) => (group ? say.name(group, item) : item)).join(" · ");
      return group ? say.name(group, value) : String(value ?? UNKNOWN);
    },
  };
  return say;
}

/** A cell of a table, looking as its column asks: numbers to the right, long texts wide. */
function cellOf(tag, content, { digits, isWide }) {
  const cell = document.createElement(tag);
  cell.textContent = content;
  if (digits !== undefined) cell.className = "number";
  if (isWide) cell.className = "wide";
  return cell;
}

/** Fill a table with the first `most` rows. */
function fillTable(table, columns, rows, most, say) {
  const heading = (column) => {
    const cell = cellOf("th", say.text(`columns.${column.name}`), column);
    cell.scope = "col";
    return cell;
  };
  const line = (cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  };
  const shown = columns.filter(({ isOnlyInFile }) => !isOnlyInFile);
  table.tHead.replaceChildren(line(shown.map(heading)));
  table.tBodies[0].replaceChildren(
    ...rows.slice(0, most).map((row) => line(shown.map((column) => cellOf("td", say.cell(row, column), column)))),
  );
}

/** Rows as CSV by RFC 4180, numbers in full, unknown empty. */
function asCsv(columns, rows) {
  const quoted = (value) => {
    const written = Array.isArray(value) ? value.join("|") : String(value ?? "");
    return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
  };
  const names = columns.map(({ name }) => name);
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** Hand the reader a file that is made here and now. */
function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
