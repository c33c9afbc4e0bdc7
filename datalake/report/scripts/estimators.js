// The answers' estimators in JavaScript, so that any selection of titles gets figures of its own.
// Given all titles they equal the answers' tables; a test compares them cell by cell.

/** Mid-ranks from a half to n less a half, and which indices are tied. */
function ranked(values) {
  const groups = ties(values);
  const ranks = new Float64Array(values.length);
  let below = 0;
  for (const group of groups) {
    for (const index of group) ranks[index] = below + group.length / 2;
    below += group.length;
  }
  return { ranks, groups };
}

/** Mid-ranks as shares of n, less a half. */
function grades(values) {
  const { ranks, groups } = ranked(values);
  return { grade: ranks.map((rank) => rank / values.length - 0.5), groups };
}

/** For each observation: the mean of the others' grades above it, ties half. */
function lift({ groups }, { grade }) {
  const lifted = new Float64Array(grade.length);
  let above = sum(grade);
  for (const group of groups) {
    const own = sum(group.map((index) => grade[index]));
    for (const index of group) lifted[index] = (above - own / 2) / grade.length;
    above -= own;
  }
  return lifted;
}

/** Covariance of two columns' grades, and each observation's influence on it. */
function covariance(first, second) {
  const value = dot(first.grade, second.grade) / first.grade.length;
  const [a, b] = [lift(first, second), lift(second, first)];
  const influence = a.map((lifted, i) => first.grade[i] * second.grade[i] + lifted + b[i] - 3 * value);
  return { value, influence };
}

/** Spearman's rho with each observation's influence on it; null where there is none. */
function spearman(first, second) {
  if (first.length < FEWEST) return null;
  const [a, b] = [grades(first), grades(second)];
  const [own, other, both] = [covariance(a, a), covariance(b, b), covariance(a, b)];
  const scale = Math.sqrt(own.value * other.value);
  if (!scale) return null;
  const value = both.value / scale;
  const influence = both.influence.map(
    (moved, i) => moved / scale - (value / 2) * (own.influence[i] / own.value + other.influence[i] / other.value),
  );
  return { value, influence };
}

/**
 * Somers' D of a score with how long things last, with each one's influence: of the pairs of which it
 * is known who lasts longer, for `over` tells whose time is over. Null where there is none.
 */
function concordance(time, over, score) {
  const n = time.length;
  if (n < FEWEST) return null;
  const [surplus, pairs] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i += 1) {
    if (!over[i]) continue;
    for (let j = 0; j < n; j += 1) {
      if (time[j] < time[i] || (time[j] === time[i] && over[j])) continue;
      const higher = Math.sign(score[j] - score[i]);
      for (const one of [i, j]) {
        surplus[one] += higher;
        pairs[one] += 1;
      }
    }
  }
  const all = sum(pairs);
  if (!all || score.every((value) => value === score[0])) return null;
  const value = sum(surplus) / all;
  return { value, influence: surplus.map((own, i) => (2 * n * (own - value * pairs[i])) / all) };
}

function halfWidth(influence) {
  const n = influence.length;
  return studentT95(n - 2) * Math.sqrt(dot(influence, influence) / (n * (n - 3)));
}

/** A correlation with its interval, on Fisher's scale. */
function withInterval(correlation) {
  if (!correlation) return NOTHING;
  const { value, influence } = correlation;
  if (Math.abs(value) >= 1 - 1e-12) return { value, low: value, high: value };
  const half = halfWidth(influence) / (1 - value * value);
  return { value, low: Math.tanh(Math.atanh(value) - half), high: Math.tanh(Math.atanh(value) + half) };
}

/** How much the first of two correlations is above the second. */
function leadOver(first, second) {
  if (!first || !second) return NOTHING;
  const value = first.value - second.value;
  const half = halfWidth(first.influence.map((moved, i) => moved - second.influence[i]));
  return { value, low: Math.max(-2, value - half), high: Math.min(2, value + half) };
}

/** Lag-one correlation of the residuals' ranks, corrected for short series; 0 where negative. */
function autocorrelation(residuals, parameters = 2) {
  const { grade } = grades(residuals);
  const n = grade.length;
  const squares = dot(grade, grade);
  if (!squares) return 0;
  const lagOne = dot(grade.slice(0, -1), grade.slice(1)) / squares;
  return Math.min(Math.max((n * lagOne + parameters) / Math.max(n - 2 * parameters, 1), 0), STRONGEST);
}

/** Years over independent years, where each resembles the one before. */
function widening(r, n) {
  return Math.max(1, (1 + r) / (1 - r) - (2 * r * (1 - r ** n)) / (n * (1 - r) ** 2));
}

/**
 * Theil and Sen's slope per decade, with the interval from the ranks of the slopes; what years
 * have in common is what the line's bends leave.
 */
function slopePerDecade(years, values, line) {
  const n = years.length;
  if (n < FEWEST) return NOTHING;
  const slopes = inOrder(
    years.flatMap((year, i) => years.slice(0, i).map((other, j) => (values[i] - values[j]) / (year - other))),
  );
  const slope = quantile(slopes, 0.5);
  const share = (k) => k * (k - 1) * (2 * k + 5);
  const variance = (share(n) - sum(ties(values).map((group) => share(group.length)))) / 18;
  const alike = line.bends.length
    ? autocorrelation(line.left, 2 + 2 * line.bends.length)
    : autocorrelation(values.map((value, i) => value - slope * years[i]));
  const half = NORMAL_95 * Math.sqrt(variance * widening(alike, n));
  const low = Math.max(rounded((slopes.length - half) / 2), 0);
  const high = Math.min(rounded((slopes.length + half) / 2), slopes.length) - 1;
  return { value: 10 * slope, low: 10 * slopes[low], high: 10 * slopes[high] };
}

/** Least squares by the normal equations, solved by elimination; the columns are those of a design. */
function leastSquares(columns, values) {
  const rows = columns.map((column) => [...columns.map((other) => dot(column, other)), dot(column, values)]);
  for (const [i, pivot] of rows.entries()) {
    for (const row of rows) {
      if (row === pivot) continue;
      const share = row[i] / pivot[i];
      for (let k = i; k < row.length; k += 1) row[k] -= share * pivot[k];
    }
  }
  return rows.map((row, i) => row.at(-1) / row[i]);
}

/** The continuous line through the values that bends in these years: where it runs, what it leaves. */
function bentLine(years, values, bends) {
  const columns = (at) => [at.map(() => 1), at.map((year) => year - years[0]), ...bends.map((bend) => at.map((year) => Math.max(year - bend, 0)))];
  const known = columns(years);
  const weights = leastSquares(known, values);
  const through = (year) => sum(columns([year]).map(([term], i) => term * weights[i]));
  const left = Float64Array.from(values);
  known.forEach((column, k) => column.forEach((term, i) => { left[i] -= term * weights[k]; }));
  return { bends, through, left, squares: Number(dot(left, left).toFixed(9)) };
}

/** Every choice of `count` of the years, in order. */
function choices(years, count) {
  if (!count) return [[]];
  return years.flatMap((year, i) => choices(years.slice(i + 1), count - 1).map((rest) => [year, ...rest]));
}

/** The line with the lowest BIC, of none to two bends; null under ten years. */
function findShape(years, values) {
  if (years.length < FEWEST) return null;
  const n = years.length;
  const isLongEnough = (bends) => [...bends, years.at(-1)].every((year, i) => year - (i ? bends[i - 1] : years[0]) >= SHORTEST_PERIOD);
  const lines = [];
  for (let bends = 0; bends <= MOST_BENDS; bends += 1) {
    const all = choices(years.slice(1, -1), bends).filter(isLongEnough).map((places) => bentLine(years, values, places));
    if (all.length) lines.push(all.reduce((best, line) => (line.squares < best.squares ? line : best)));
  }
  const richest = lines.at(-1);
  const independent = n / widening(autocorrelation(richest.left, 2 + 2 * richest.bends.length), n);
  const bic = ({ squares, bends }) => independent * Math.log(Math.max(squares / n, 1e-9)) + (2 + 2 * bends.length) * Math.log(independent);
  return lines.reduce((best, line) => (bic(line) < bic(best) ? line : best));
}

/** Whether F = between / within is beyond chance. */
function differ(between, within, groups, total) {
  return within < ROUNDING || chanceOfF(between / within, groups - 1, total - groups) < LEVEL;
}

/** What the mean of all weighs, in values, and the variance within groups; null: they are alike. */
function priorOf(groups, sizes, means, prior) {
  const total = sum(sizes);
  const own = groups.map((values, i) => sum(values.map((value) => (value - means[i]) ** 2)));
  const within = sum(own) / (total - groups.length);
  const squares = dot(sizes, means.map((own) => (own - prior) ** 2));
  if (squares < ROUNDING || !differ(squares / (groups.length - 1), within, groups.length, total)) return null;
  const excess = squares - (groups.length - 1) * within;
  return { within, weight: (within * (total - dot(sizes, sizes) / total)) / excess };
}

/**
 * Means of groups of values shrunk to the mean of all (empirical Bayes, normal-normal): n values
 * weigh n, the mean of all weighs k = variance within / variance between. Where groups differ no
 * more than chance lets them, or are under ten, every score is the mean of all.
 */
function shrunk(groups) {
  const sizes = groups.map((values) => values.length);
  const means = groups.map(mean);
  const prior = dot(sizes, means) / sum(sizes);
  const beyondChance = groups.length < FEWEST ? null : priorOf(groups, sizes, means, prior);
  if (!beyondChance) return means.map(() => ({ value: prior, low: null, high: null }));
  return means.map((own, i) => {
    const weight = sizes[i] + beyondChance.weight;
    const value = (sizes[i] * own + beyondChance.weight * prior) / weight;
    const error = NORMAL_95 * Math.sqrt(beyondChance.within / weight);
    return { value, low: value - error, high: value + error };
  });
}
