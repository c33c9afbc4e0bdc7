// Sums, ranks, quantiles: building blocks of the estimators. CONSTANTS are those of the estimators in
// Python: see datalake/report/script.py.

const { FEWEST, NORMAL_95, LEVEL, ROUNDING, STRONGEST, MOST_BENDS, SHORTEST_PERIOD, KINDS } = CONSTANTS;
const NOTHING = { value: null, low: null, high: null };

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;
const dot = (a, b) => a.reduce((total, value, i) => total + value * b[i], 0);
const inOrder = (values) => Float64Array.from(values).sort();

/** Values grouped by what `keyOf` says of them: a Map in the order of first appearance. */
function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (groups.has(key)) groups.get(key).push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

const take = (column, indices) => indices.map((index) => column[index]);

/** Indices of equal values, together, from the lowest value to the highest. */
function ties(values) {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const groups = [];
  order.forEach((index, i) => {
    if (i && values[index] === values[order[i - 1]]) groups.at(-1).push(index);
    else groups.push([index]);
  });
  return groups;
}

/** A quantile of sorted values, between two of them in proportion. */
function quantile(sorted, share) {
  const position = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  return low + (high - low) * (position % 1);
}

const median = (values) => quantile(inOrder(values), 0.5);

/** To the nearest integer, halves to the even one. */
function rounded(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** Chance that Student's t with `freedom` degrees lies between -t and t: a finite sum. */
function withinT(t, freedom) {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2;
  let term = odd ? cosine : 1;
  let total = odd && freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    total += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * total) : sine * total;
}

/** Half-width of a 95 % interval in standard errors, by Student's t: bisection between two bounds. */
function studentT95(freedom) {
  const [z, terms] = [NORMAL_95, [0, 0, 0]];
  terms[0] = (z ** 3 + z) / 4;
  terms[1] = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  terms[2] = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const near = z + sum(terms.map((term, i) => term / freedom ** (i + 1)));
  if (freedom > 200) return near;
  let [low, high] = [z, near + 0.1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (withinT(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return low;
}

/** Logarithm of the gamma function (Lanczos). */
function logGamma(x) {
  const terms = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  const series = 1.000000000190015 + sum(terms.map((term, i) => term / (x + i + 1)));
  return (x + 0.5) * Math.log(x + 5.5) - (x + 5.5) + Math.log((2.5066282746310005 * series) / x);
}

/** The regularised incomplete beta function, by Lentz's continued fraction. */
function incompleteBeta(x, a, b) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const kept = (value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  const odd = (m) => (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  const even = (m) => (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  let [c, d] = [1, 1 / kept(1 + odd(0))];
  let fraction = d;
  for (let m = 1, change = 0; m < 2_000 && Math.abs(change - 1) > 1e-14; m += 1) {
    for (const term of [even(m), odd(m)]) {
      d = 1 / kept(1 + term * d);
      c = kept(1 + term / c);
      change = c * d;
      fraction *= change;
    }
  }
  return front * fraction;
}

/** Chance of an F of that size or more where all groups are alike. */
const chanceOfF = (f, between, within) => incompleteBeta(within / (within + between * f), within / 2, between / 2);
