// The page's figures: each question registers its own, with these means.

const NARROW = 600; // pixels: a phone

/** What each figure shows, by its name, in the order in which they are drawn. */
const FIGURES = {};

/** The choices that act on one figure alone, by its name. */
const CONTROLS = {};

/**
 * A figure of that name. `show(page, say, controls)` gives its `rows`, the `columns` of its table,
 * the datasets that its chart draws (`drawn`), its `finding` in a sentence, at most how many rows
 * are `listed`, and the names in its `legend`, else its rows' `series`. Where the usual reason that
 * nothing is drawn isn't the true one, `empty` says why, and the rows stay in the table. `page` has
 * the lake, the facts and the selection.
 */
function register(name, show, controls = {}) {
  FIGURES[name] = show;
  CONTROLS[name] = controls;
}

const count = (name) => ({ name, digits: 0 });
const number = (name, digits) => ({ name, digits });
const text = (name) => ({ name });
const onlyInFile = (name) => ({ name, isOnlyInFile: true });
const named = (name, group) => ({ name, group });

/** The end of a text's key that says where an interval lies: above 0, below, or about it. */
const direction = (low, high) => (low > 0 ? "up" : high < 0 ? "down" : "none");

const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
