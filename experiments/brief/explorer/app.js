"use strict";
// The explorer of a study: a sentence and five panels on one state, which the fragment of the address holds.
// Names come from users: they are set as text, never as HTML.
(async () => {
  const $ = (id) => document.getElementById(id);
  const packed = Uint8Array.from(atob($("data").textContent), (char) => char.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const D = JSON.parse(await new Response(unpacked).text());
  const COLOURS = { "-1": "#0a4f93", 0: "#9a9a9a", 1: "#e5751f" }; // falls, hardly changes, rises: as in the brief
  const PINS = { a: "#117733", b: "#aa4499" };
  const LETTERS = { a: "explorer-first", b: "explorer-second" };
  const BAND = "#ececec";
  const FEW = 8;
  const CHANGE = "change"; // upwards on the map: the change itself instead of a condition
  const WIDE = 700; // pixels of a picture that has room for names

  // --- the views: one group, arm, policy, strength, outcome and window, with the change of each draw ---

  const views = new Map();
  const keyOf = ({ group, arm, policy, strength, outcome, window }) =>
    [group, arm, policy, strength, outcome, window].join();
  for (const [group, arm, policy, strength, outcome, window, edge, step, changes] of D.views) {
    const view = { group, arm, policy, strength, outcome, window, edge, step, changes };
    views.set(keyOf(view), view);
  }
  const QUO = D.quo; // its row is the switch itself
  const every = [...views.values()];
  const unique = (values) => [...new Set(values)];
  const at = (name) => D[name === "group" ? "profile" : name].indexOf(state[name]);
  const find = (policy, outcome = state.outcome, window = +state.window) => {
    const strength = policy === QUO ? 0 : +state.strength;
    return views.get(keyOf({ group: at("group"), arm: at("arm"), policy, strength, outcome, window }));
  };
  const strengthsOf = (row) => every
    .filter((view) => view.policy === row && view.group === at("group") && view.arm === at("arm"))
    .map((view) => view.strength);
  const word = (view, change) => (change > view.edge ? 1 : change < -view.edge ? -1 : 0);

  // --- the state, and the fragment that holds it ---

  const RANGES = { x0: 0, x1: 100, y0: 0, y1: 100 };
  const NAMES = ["language", "group", "arm", "outcome", "window", "strength", "policy", "x", "y", "a", "b"];
  let state = {};

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    state = Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
    for (const [name, usual] of Object.entries(RANGES)) {
      const value = given.get(name);
      state[name] = /^\d{1,3}$/.test(value ?? "") && +value <= 100 ? +value : usual;
    }
  }

  function write() {
    const fragment = "#" + new URLSearchParams(state);
    if (fragment !== location.hash) history.replaceState(null, "", fragment);
  }

  // What may be chosen, each in the order of the bar: what a study does not have for the choices before is not offered.
  const options = {};
  let drivers = []; // the axes on which the attacks of the chosen view depend
  function settle() {
    const choose = (name, levels, usual) => {
      options[name] = levels.map(String);
      const known = [state[name], String(usual), options[name][0]].find((one) => options[name].includes(one));
      state[name] = known ?? "";
    };
    choose("language", Object.keys(D.languages));
    choose("group", D.profile, D.profile.find((_, group) => D.real[group]));
    let some = every.filter((view) => view.group === at("group"));
    choose("arm", D.arm.filter((_, arm) => some.some((view) => view.arm === arm)), D.about.main);
    some = some.filter((view) => view.arm === at("arm"));
    const rows = unique(some.filter((view) => view.outcome === "rate").map((view) => view.policy));
    choose("outcome", D.outcome.filter((one) => some.some((view) => view.outcome === one)));
    some = some.filter((view) => view.outcome === state.outcome);
    choose("window", d3.sort(unique(some.map((view) => view.window))), D.about.window);
    some = some.filter((view) => view.window === +state.window);
    choose("strength", d3.sort(unique(some.map((view) => view.strength).filter(Boolean)), d3.descending));
    const run = rows.filter((row) => row === QUO || find(row, "rate"));
    const median = (row) => d3.median(find(row, "rate")?.changes ?? []) ?? Infinity;
    const falling = d3.sort(run.filter((row) => row !== QUO), median); // the best first
    const key = (row) => D.policy[row];
    const listed = [...run.filter((row) => row === QUO), ...falling];
    choose("policy", listed.map(key));
    const civil = falling.filter((row) => !D.force[row] && !key(row).includes("+")); // no mixes
    choose("a", falling.map(key), key(civil[0] ?? falling[0]));
    choose("b", falling.map(key), key(civil[1] ?? falling[1]));
    const names = Object.keys(D.axes), known = (name) => D.axes[name][at("group")].some((value) => value !== null);
    const view = [at("group"), at("arm"), at("policy")].join(" ");
    drivers = (D.drivers[view] ?? []).map((place) => names[place]).filter(known);
    const axes = unique([...drivers, ...names.filter(known)]);
    choose("x", axes);
    choose("y", [CHANGE, ...axes], drivers[1]);
    return { rows: listed, elsewhere: rows.filter((row) => !run.includes(row)) };
  }

  // --- words and numbers of the language ---

  let say, number, name, rtl, locale;
  function speak() {
    const own = D.languages[state.language];
    rtl = own.direction === "rtl";
    document.documentElement.lang = state.language;
    document.documentElement.dir = own.direction;
    locale = `${state.language === "en" ? "en-GB" : state.language}-u-nu-latn`;
    const bundle = new FluentBundle.FluentBundle(locale, { useIsolating: state.language !== "en" });
    bundle.addResource(new FluentBundle.FluentResource(own.messages));
    say = (id, values = {}) => bundle.formatPattern(bundle.getMessage(id).value, values);
    const digits = { maximumSignificantDigits: 2 };
    const plain = new Intl.NumberFormat(locale, digits);
    const long = new Intl.NumberFormat(locale, { ...digits, notation: "compact", compactDisplay: "long" });
    const compact = new Intl.NumberFormat(locale, { ...digits, notation: "compact" });
    number = (value, sign = "", short = false) => {
      const size = Math.abs(value), words = (short ? compact : size < 1e6 ? plain : long).format(size);
      const before = value < 0 ? "−" : value > 0 ? sign : "";
      return isolate(words.replace(/[\d.,]+/, (size) => isolate(before + size)), /\p{L}/u.test(words));
    };
    name = (kind, level) => {
      if (kind === "policy" && level === QUO) return say("explorer-switch", { rail: own.rail });
      if (kind === "axes" && level === CHANGE) return say("explorer-change");
      return own[kind][kind === "axes" ? Object.keys(D.axes).indexOf(level) : level];
    };
    document.querySelectorAll("[data-say]").forEach((one) => (one.textContent = say(one.dataset.say)));
    document.title = `${say("explorer-title")}: ${title()}`;
  }

  const capital = (words) => words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  const title = () => D.languages[state.language].study;
  const day = () => new Date(D.about.date ?? 0).toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" });
  const listed = (words) => new Intl.ListFormat(locale).format(words);
  // A number keeps its sign before it, left to right, where words (an amount with its unit) run from right to left.
  const isolate = (words, areWords) => (rtl ? `${areWords ? "\u2067" : "\u2066"}${words}\u2069` : words);
  const percent = (value, sign) => isolate(`${number(value, sign)}%`);
  const isPercent = (outcome) => outcome === "rate" || outcome === "capacity";
  const inUnit = (outcome, value, sign = "+") =>
    isPercent(outcome) ? percent(value, sign) : say("explorer-a-week", { amount: number(value) });
  const onAxis = (axis, value) => (D.shares.includes(axis) ? percent(100 * value) : number(value));

  // A change in words; below a tenth of the margin it is none.
  const isChange = (view, change) => Boolean(view && change) && Math.abs(change) >= view.edge / 10; // all sums of money
  function amount(view, change) {
    if (change === undefined) return "–";
    return isChange(view, change) ? inUnit(view.outcome, change * view.step) : say("explorer-no-change");
  }
  const missing = (row) =>
    say(state.outcome === "hindered" && D.harm[row] === "no" ? "explorer-not-modelled" : "explorer-not-run");

  // The median of lawful payments that a policy hinders, and of which part that is.
  function price(row, inside) {
    if (D.harm[row] === "no" && row !== QUO) return say("explorer-not-modelled");
    const view = find(row, "hindered"), median = view && counts(view, inside).median, words = amount(view, median);
    if (D.harm[row] !== "part" || !view) return words;
    return isChange(view, median) ? say("explorer-part", { amount: words }) : say("explorer-part-none");
  }

  // --- the draws that the reader's ranges leave ---

  function range(axis) {
    const values = D.axes[state[axis]]?.[at("group")] ?? [];
    const [low, high] = d3.extent(values.filter((value) => value !== null));
    const [from, to] = d3.extent([state[`${axis}0`], state[`${axis}1`]]);
    const place = (share) => (share === 100 ? high : low + ((high - low) * share) / 100);
    const set = values.length > 0 && (from > 0 || to < 100);
    return { values, low, high, place, from: place(from), to: place(to), set };
  }

  const both = () => ["x", "y"].map((axis) => [state[axis], range(axis)]).filter(([, one]) => one.set);

  function within() {
    const ranges = both();
    const holds = (value, { from, to }) => value !== null && value >= from && value <= to;
    return D.draws.map((_, place) => ranges.every(([, one]) => holds(one.values[place], one)));
  }

  // The draws of a view that have a change, each with its place among draws.
  const sets = (view, inside) =>
    view.changes.map((one, place) => ({ place, value: one * view.step, word: word(view, one), inside: inside[place] }))
      .filter(({ place }) => view.changes[place] !== null);

  function counts(view, inside) {
    const some = sets(view, inside).filter((one) => one.inside);
    const [below, within, above] = [-1, 0, 1].map((side) => some.filter((one) => one.word === side).length);
    return { below, within, above, count: some.length, median: d3.median(some, (one) => view.changes[one.place]) };
  }

  // --- making elements ---

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children); // a string becomes text
    return made;
  }

  const dots = (points, more) => Plot.dot(points, {
    x: "x",
    y: "y",
    fill: (one) => COLOURS[one.word],
    symbol: (one) => (one.word ? "triangle" : "circle"),
    rotate: (one) => (one.word < 0 ? 180 : 0),
    fillOpacity: (one) => (one.inside ? 0.8 : 0.12),
    ...more,
  });

  // Ends of changes with a floor of the margin, so that what does not matter looks so.
  function ends(some) {
    const of = ({ changes, edge, step }) => [-edge, edge, ...d3.extent(changes)].map((one) => one * step);
    const [low, high] = d3.extent(some.flatMap(of));
    return low < high ? [low, high] : [-1, 1];
  }

  const widthOf = (id) => Math.max(240, $(id).clientWidth);

  function draw(id, words, marks, x, y) {
    const width = widthOf(id), [near, far] = rtl ? [16, 56] : [56, 16];
    const size = { width, height: Math.min(360, 160 + width / 3), marginLeft: near, marginRight: far, marginTop: 10 };
    const scales = { x: { reverse: rtl, axis: null, inset: 8, domain: x }, y: { axis: null, inset: 8, domain: y } };
    const plot = Plot.plot({ ...size, ...scales, marks });
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", words);
    $(id).replaceChildren(plot, make("p", { class: "note" }, words));
  }

  const axisX = (tickFormat, ticks = 5) => Plot.axisX({ tickFormat, ticks, label: null });
  const axisY = (tickFormat) =>
    Plot.axisY({ tickFormat, ticks: 5, tickSize: 0, label: null, anchor: rtl ? "right" : "left" });
  const short = (outcome) => (value) => (isPercent(outcome) ? percent(value, "+") : number(value, "", true));

  // Ends that all needed values and most others lie within, so that a far one does not squeeze the rest.
  function endsOfMost(values, needed) {
    const [low, high] = [0.02, 0.98].map((share) => d3.quantile(values, share)), more = (high - low) / 4;
    return d3.extent([...needed, ...values.filter((value) => value >= low - more && value <= high + more)]);
  }

  // --- the bar, the sentence and the five panels ---

  const option = (key, words) => make("option", { value: key }, words);

  // A list of axes: those that matter for the chosen view, with a mark, then the others.
  function listOfAxes(axes) {
    const [free, matter, others] = [[CHANGE], drivers, axes].map((some) => some.filter((axis) => axes.includes(axis)));
    const rest = others.filter((axis) => axis !== CHANGE && !drivers.includes(axis));
    const all = (some, mark) => some.map((axis) => option(axis, `${mark}${name("axes", axis)}`));
    if (!matter.length) return [...all(free, ""), ...all(rest, "")];
    const groups = [["explorer-matter", all(matter, "● ")], ["explorer-others", all(rest, "")]];
    const shown = groups.filter(([, some]) => some.length);
    return [...all(free, ""), ...shown.map(([id, some]) => make("optgroup", { label: say(id) }, ...some))];
  }

  function bar() {
    const full = (strength) => say("explorer-full", { strength });
    const labels = {
      language: (key) => D.languages[key].name,
      group: (key) => name("profile", D.profile.indexOf(key)),
      arm: (key) => name("arm", D.arm.indexOf(key)),
      outcome: (key) => say(`explorer-of-${key}`),
      window: (key) => number(+key),
      strength: (key) => (key === options.strength[0] ? full(percent(100 * key)) : percent(100 * key)),
      a: (key) => capital(name("policy", D.policy.indexOf(key))),
      b: (key) => capital(name("policy", D.policy.indexOf(key))),
    };
    const list = (id) =>
      id in labels ? options[id].map((key) => option(key, labels[id](key))) : listOfAxes(options[id]);
    for (const id of [...Object.keys(labels), "x", "y"]) {
      $(id).replaceChildren(...list(id));
      $(id).value = state[id];
      $(id).disabled = options[id].length === 0;
    }
    $("kicker").textContent = say("explorer-kicker", { study: title(), date: day() });
  }

  // The brief's sentence where a view is one of its findings and no range is set; else the counts of what is left.
  function sentence(inside) {
    const policy = at("policy"), view = find(policy), attacks = state.outcome === "rate";
    const names = [capital(name("policy", policy)), name("profile", at("group")), name("arm", at("arm"))];
    $("chosen").textContent = names.join(" · ");
    const [words, ...beside] = view ? spoken(policy, view, inside, attacks) : [missing(policy)];
    $("sentence").textContent = words;
    $("beside").textContent = beside.filter(Boolean).join(" ");
  }

  function spoken(policy, view, inside, attacks) {
    const own = counts(view, inside), full = policy === QUO || state.strength === options.strength[0];
    const ofBrief = D.languages[state.language].sentences[[at("group"), at("arm"), policy, state.window].join(" ")];
    const conditions = both().map(([axis, one]) =>
      say("explorer-between", { name: name("axes", axis), low: onAxis(axis, one.from), high: onAxis(axis, one.to) }));
    if (conditions.length && !own.count) return [say("explorer-none-left")];
    const base = attacks && D.base[at("group")][`rate ${state.window}`], median = amount(view, own.median);
    const middle = say(base ? "explorer-median-of" : "explorer-median", { median, base: base ? number(base) : "" });
    const harm = policy !== QUO && state.outcome !== "hindered" && D.outcome.includes("hindered");
    const paid = harm && say("explorer-price", { amount: price(policy, inside) });
    if (attacks && full && ofBrief && !conditions.length) return [ofBrief[0], middle, paid, ofBrief[1]];
    const text = say("explorer-counts", { ...own, outcome: state.outcome });
    const about = { ...own, counts: text, policy: capital(name("policy", policy)) };
    if (!conditions.length) return [say("explorer-view", { ...about, of: own.count }), middle, paid];
    const [first, second] = conditions, joined = second ? say("explorer-and", { first, second }) : first;
    return [say("explorer-where", { ...about, conditions: joined, of: D.draws.length }), middle, paid];
  }

  const numbered = (rows, row) => rows.filter((one) => one !== QUO).indexOf(row) + 1;

  function policies(rows, elsewhere, inside) {
    const focused = document.activeElement?.id, views = rows.map((row) => find(row)).filter(Boolean);
    const width = Math.max(80, $("scale").parentElement.clientWidth);
    const look = { width, margin: 0, x: { domain: ends(views), reverse: rtl, axis: null, inset: 12 } };
    const axis = axisX(short(state.outcome), width < 150 ? 2 : 3);
    const scale = Plot.plot({ ...look, height: 18, marginBottom: 17, marks: [axis] });
    scale.setAttribute("aria-hidden", "true");
    $("scale").replaceChildren(scale);
    const margin = isPercent(state.outcome) ? inUnit(state.outcome, D.margin, "") : "none";
    $("policies-how").textContent = say("explorer-policies-how", { margin });
    $("within").textContent = capital(say(isPercent(state.outcome) ? "explorer-within" : "explorer-no-change"));
    const strengths = d3.rollups(elsewhere, (some) => some.length, (row) => d3.max(strengthsOf(row)));
    const now = percent(100 * state.strength);
    $("elsewhere").textContent = strengths
      .map(([one, count]) => say("explorer-elsewhere", { count, now, strength: percent(100 * one) }))
      .join(" ");
    $("policies").tBodies[0].replaceChildren(...rows.map((row) => {
      const words = [numbered(rows, row) || "", capital(name("policy", row))].filter(Boolean).join(" · ");
      const chosen = state.policy === D.policy[row];
      const button = make("button", { type: "button", id: `p-${row}`, "aria-pressed": chosen }, words);
      button.onclick = () => change({ policy: D.policy[row], ...follow(), ...pin(row) });
      const of = find(row) && sets(find(row), inside).length, fewer = of && of < D.draws.length;
      const note = fewer ? [make("small", {}, say("explorer-of-sets", { of }))] : [];
      return make("tr", {}, make("th", { scope: "row" }, button, ...note), ...cells(row, inside, look));
    }));
    if (focused?.startsWith("p-")) $(focused)?.focus();
  }

  function cells(row, inside, look) {
    const view = find(row);
    if (!view) return [make("td", { colspan: 6, class: "note" }, missing(row))];
    const upwards = (place) => (place * 0.618) % 1; // the golden ratio spreads dots
    const points = sets(view, inside).map((one) => ({ ...one, x: one.value, y: upwards(one.place) }));
    const band = Plot.rect([0], { x1: -view.edge * view.step, x2: view.edge * view.step, fill: BAND });
    const marks = [band, dots(points, { r: points.length > 60 ? 1.8 : 2.8 })];
    const strip = Plot.plot({ ...look, height: 26, y: { domain: [-0.15, 1.15], axis: null }, marks });
    strip.setAttribute("aria-hidden", "true"); // its counts are in the cells beside it
    const own = counts(view, inside), median = amount(view, own.median);
    const numbers = [own.below, own.within, own.above].map((one) => make("td", { class: "number" }, String(one)));
    const wide = [median, price(row, inside)].map((one) => make("td", { class: "number wide" }, one));
    const narrow = make("small", { class: "narrow", "aria-hidden": "true" }, say("explorer-median", { median }));
    return [make("td", {}, strip, narrow), ...numbers, ...wide];
  }

  // How many sets a view has beyond the margin or within it, whichever are fewer.
  function mixed(view) {
    const all = view ? sets(view, []) : [], beyond = all.filter((one) => one.word).length;
    return Math.min(beyond, all.length - beyond);
  }

  // Where nothing changes: so in words, and a button to the group, or else the policy, whose answer is the most mixed.
  function still(view, rows) {
    const inGroup = (group) => mixed(views.get(keyOf({ ...view, group }))), inRow = (row) => mixed(find(row));
    const group = d3.greatest(d3.range(D.profile.length), inGroup), row = d3.greatest(rows, inRow);
    const other = inGroup(group) ? { group: D.profile[group] } : inRow(row) ? { policy: D.policy[row] } : null;
    const label = other?.group ? name("profile", group) : name("policy", row);
    const words = say("explorer-still", { of: sets(view, []).length, outcome: state.outcome });
    $("map").replaceChildren(make("p", { role: "status" }, words));
    if (!other) return;
    const button = make("button", { type: "button", id: "go" }, say("explorer-show", { name: label }));
    button.onclick = () => change({ ...other, ...follow() });
    $("map").append(button);
  }

  function depends(rows, inside) {
    const count = inside.filter(Boolean).length, view = find(at("policy")), none = options.x.length === 0;
    const hint = D.few ? `${say("explorer-hint", { draws: D.draws.length })} ${say("explorer-hint-why")}` : "";
    $("hint").textContent = none ? say("explorer-no-conditions") : hint;
    $("few").textContent = count < FEW ? say("explorer-few", { count }) : "";
    const flat = view && sets(view, inside).every((one) => !one.word);
    $("conditions").hidden = none || (flat && !both().length);
    const [x, y] = ["x", "y"].map(sliders), free = state.y === CHANGE;
    if (flat && !none) return still(view, rows);
    if (!view || none) return $("map").replaceChildren();
    const points = sets(view, inside)
      .map((one) => ({ ...one, x: x.values[one.place], y: free ? one.value : y.values[one.place] }))
      .filter((one) => one.x !== null && one.y !== null);
    const up = free ? ends([view]) : [y.low, y.high], [y1, y2] = free ? up : [y.from, y.to];
    const margin = view.edge * view.step;
    draw("map", say("explorer-axes", { across: name("axes", state.x), upwards: name("axes", state.y) }), [
      axisX((value) => onAxis(state.x, value)),
      axisY(free ? short(view.outcome) : (value) => onAxis(state.y, value)),
      ...(free ? [Plot.rect([0], { x1: x.low, x2: x.high, y1: -margin, y2: margin, fill: BAND })] : []),
      Plot.rect([0], { x1: x.from, x2: x.to, y1, y2, stroke: "#777", fill: "none" }),
      dots(points, { r: points.length > 60 ? 3 : 5 }),
    ], [x.low, x.high], up);
  }

  function sliders(axis) {
    const one = range(axis);
    for (const end of [0, 1]) {
      const slider = $(`${axis}${end}`), share = state[`${axis}${end}`];
      const value = one.values.length ? onAxis(state[axis], one.place(share)) : "–";
      slider.value = share;
      slider.disabled = slider.closest("label").hidden = !one.values.length;
      slider.setAttribute("aria-valuetext", value);
      $(`${axis}${end}-at`).textContent = value;
    }
    return one;
  }

  // A line a draw: by week where the study keeps weekly series, else by window.
  function paths(inside) {
    const view = find(at("policy"), "rate") ?? find(at("policy")), place = [at("group"), at("arm"), at("policy")];
    const weekly = D.paths.lines?.findLast((line) => place.every((one, k) => line[k] === one));
    const windows = d3.sort(unique(every.map((one) => one.window))).filter((one) => find(at("policy"), "rate", one));
    const columns = weekly ? D.paths.weeks : windows, step = weekly ? D.paths.step : view?.step;
    const lines = weekly?.[3] ?? d3.transpose(windows.map((one) => find(at("policy"), "rate", one).changes));
    const point = (set) => (one, k) => ({ set, x: columns[k], y: one === null ? NaN : one * step });
    const points = lines.flatMap((line, set) => line.map(point(set)));
    const told = weekly ? say("explorer-paths-weeks", { mean: D.mean_of, every: D.paths.every })
      : say("explorer-paths-windows", { windows: listed(windows.map(String)) });
    $("paths-how").textContent = columns.length > 1 ? told : say("explorer-no-paths");
    if (columns.length < 2 || !view) return $("paths").replaceChildren();
    draw("paths", say("explorer-window"), [
      Plot.rect([0], { x1: columns[0], x2: columns.at(-1), y1: -D.margin, y2: D.margin, fill: BAND }),
      axisX((value) => number(value)),
      axisY(short("rate")),
      Plot.line(points, {
        x: "x",
        y: "y",
        z: "set",
        stroke: (one) => COLOURS[word(view, view.changes[one.set] ?? 0)],
        strokeOpacity: (one) => (inside[one.set] ? Math.min(0.65, 40 / D.draws.length) : 0.06),
      }),
    ], d3.extent(columns), d3.extent([-D.margin, D.margin, ...points.map((one) => one.y)]));
  }

  // Of the draws within: the first is lower, the second is lower, or they differ by no more than the margin.
  function compare(first, second, inside) {
    const pairs = d3.zip(first.changes, second.changes, inside)
      .filter(([one, other, is]) => is && one !== null && other !== null);
    const gaps = pairs.map(([one, other]) => one - other * (second.step / first.step));
    const won = gaps.filter((gap) => gap < -first.edge).length, lost = gaps.filter((gap) => gap > first.edge).length;
    return { won, lost, even: gaps.length - won - lost, of: gaps.length };
  }

  const PIN_NAMES = Object.keys(PINS);
  const symbolOf = ({ pin }) => (pin === "a" ? "circle" : "square");
  const pinned = { fill: ({ pin }) => PINS[pin], symbol: symbolOf };

  function choice(rows, inside) {
    const pinOf = (row) => PIN_NAMES.find((pin) => state[pin] === D.policy[row]);
    const some = rows.filter((row) => row !== QUO && find(row, "rate")).map((row) => {
      const rate = find(row, "rate"), harm = find(row, "hindered"), x = -counts(rate, inside).median * rate.step;
      return { row, rate, harm, pin: pinOf(row), x, y: harm ? counts(harm, inside).median * harm.step : null };
    }).filter((one) => Number.isFinite(one.x + one.y));
    $("choice").closest("section").hidden = some.length < 2;
    const [a, b] = PIN_NAMES.map((pin) => some.find((one) => one.pin === pin));
    const names = a && b && { first: capital(name("policy", a.row)), second: name("policy", b.row) };
    const beats = names && say("explorer-beats", { ...names, ...compare(a.rate, b.rate, inside) });
    const cheaper = a?.harm && b?.harm && say("explorer-cheaper", { ...names, ...compare(a.harm, b.harm, inside) });
    $("beats").textContent = names ? `${beats} ${cheaper || say("explorer-unknown-harm")}` : "";
    const known = some.filter((one) => one.harm), unknown = some.filter((one) => !one.harm);
    const policies = listed(unknown.map(({ row }) => name("policy", row)));
    // A median far beyond all others is given in words, unless it is pinned.
    const [dearest, next] = d3.sort(known, (one) => -Math.abs(one.y));
    const far = next && !dearest.pin && Math.abs(dearest.y) > 5 * Math.abs(next.y) ? dearest : null;
    const near = known.filter((one) => one !== far), pins = [a, b].filter(Boolean);
    const points = pins.flatMap(({ rate, harm, pin }) => sets(rate, inside)
      .filter((one) => one.inside && (!harm || harm.changes[one.place] !== null))
      .map((one) => ({ x: -one.value, y: harm ? harm.changes[one.place] * harm.step : null, pin })));
    const dear = points.filter((one) => one.y !== null), free = points.filter((one) => one.y === null);
    const [low, high] = endsOfMost(dear.map((one) => one.y), [0, 1, ...near.map((one) => one.y)]);
    const beyond = dear.filter((one) => one.y < low || one.y > high);
    const most = d3.greatest(beyond, (one) => Math.abs(one.y));
    $("beyond").textContent = [
      most && say("explorer-edge", { count: beyond.length, amount: inUnit("hindered", most.y) }),
      far && say("explorer-off-scale", { policy: name("policy", far.row), amount: inUnit("hindered", far.y) }),
      unknown.length && say("explorer-not-modelled-of", { policies }),
    ].filter(Boolean).join(" ");
    if (!near.length && !free.length) return $("choice").replaceChildren();
    const across = d3.extent([-D.margin, D.margin, ...[...near, ...points].map((one) => one.x)]);
    const wide = widthOf("choice") >= WIDE, onRight = (one) => (one.x > d3.mean(across)) !== rtl;
    const label = ({ pin, row, y }) => {
      const words = [wide && capital(name("policy", row)), y === null && say("explorer-harm-unknown")];
      return isolate([say(LETTERS[pin]), ...words].filter(Boolean).join(" · "), true);
    };
    const labels = pins.flatMap((one) => {
      const place = one.y === null ? { frameAnchor: "bottom" } : { y: "y" }, dx = onRight(one) ? -10 : 10;
      const dy = one.pin === "a" || one.y === null ? -16 : 16, textAnchor = onRight(one) ? "end" : "start";
      const look = { fontSize: 14, fontWeight: "bold", fill: PINS[one.pin], stroke: "#fff", strokeWidth: 5 };
      return Plot.text([one], { x: "x", ...place, ...look, dx, dy, textAnchor, text: label });
    });
    draw("choice", say("explorer-choice-axes"), [
      Plot.ruleX([0], { stroke: "#bbb" }),
      Plot.ruleY([0], { stroke: "#bbb" }),
      axisX((value) => percent(value)),
      axisY(short("hindered")),
      Plot.dot(dear.filter((one) => !beyond.includes(one)), { x: "x", y: "y", r: 2.5, ...pinned, fillOpacity: 0.45 }),
      Plot.dot(beyond.map((one) => ({ ...one, y: one.y < low ? low : high })), {
        x: "x", y: "y", r: 4, symbol: symbolOf, stroke: ({ pin }) => PINS[pin], strokeWidth: 1.5, fill: "#fff",
      }),
      Plot.dot(free, { x: "x", frameAnchor: "bottom", r: 2.5, ...pinned, fillOpacity: 0.45 }),
      Plot.dot(near.filter((one) => !one.pin), { x: "x", y: "y", r: 3.5, fill: "#1a1a1a" }),
      Plot.text(apart(near, pins, across, [low, high]), {
        x: "x", y: "y", dx: 6, dy: -6, textAnchor: "start", fontSize: 12, text: (one) => `${numbered(rows, one.row)}`,
      }),
      ...pins.filter((one) => one.harm).map((one) => Plot.dot([one], {
        x: "x", y: "y", r: one.pin === "a" ? 9 : 6, ...pinned, stroke: "#fff", strokeWidth: 1.5, // both are seen
      })),
      ...labels,
    ], across, [low, high]);
    const key = pins.map(({ pin, row }) =>
      make("b", { class: `pin-${pin}` }, `${say(LETTERS[pin])} · ${capital(name("policy", row))}`));
    $("choice").append(make("p", { class: "key" }, ...key));
  }

  // Of the policies that are not pinned, those whose numbers overlap no other.
  function apart(near, pins, [x1, x2], [y1, y2]) {
    const isNear = (one, other) =>
      Math.abs(one.x - other.x) < (x2 - x1) / 40 && Math.abs(one.y - other.y) < (y2 - y1) / 18;
    const taken = pins.filter((one) => one.y !== null), named = [];
    for (const one of near.filter((one) => !one.pin)) {
      if (![...taken, ...named].some((other) => isNear(one, other))) named.push(one);
    }
    return named;
  }

  function table(rows, inside) {
    const axes = unique([state.x, state.y]).filter((axis) => axis in D.axes), shown = rows.filter((row) => find(row));
    const change = ({ changes: all, step }, place) => (all[place] === null ? "" : +(all[place] * step).toPrecision(6));
    const onAxes = (place) => axes.map((axis) => D.axes[axis][at("group")][place] ?? "");
    const line = (set, place) => [set, ...onAxes(place), ...shown.map((row) => change(find(row), place))];
    const body = D.draws.map(line).filter((_, place) => inside[place]);
    const harmless = (words) => (/^[=+\-@\t\r]/.test(words) ? `'${words}` : words); // no spreadsheet computes a name
    const quoted = (one) => (/[",\r\n]/.test(one) ? `"${String(one).replaceAll('"', '""')}"` : String(one));
    const keys = shown.map((row) => (row === QUO ? "switch" : D.policy[row]));
    const csv = [["set", ...axes, ...keys].map(harmless), ...body];
    const text = csv.map((one) => `${one.map(quoted).join(",")}\r\n`).join("");
    const step = d3.max(shown, (row) => find(row).step) ?? 0;
    $("rounding").textContent = say("explorer-rounding", { step: inUnit(state.outcome, step, "") });
    $("csv").href = `data:text/csv;charset=utf-8,${encodeURIComponent(text)}`;
    if (!$("view").closest("details").open) return;
    const names = [...axes.map((axis) => name("axes", axis)), ...shown.map((row) => capital(name("policy", row)))];
    const head = [say("explorer-set"), ...names].map((one) => make("th", { scope: "col" }, one));
    const cell = (one) => make("td", { class: "number" }, isolate(String(one).replace("-", "−")));
    $("view").replaceChildren(make("tr", {}, ...head), ...body.map((one) => make("tr", {}, ...one.map(cell))));
  }

  function citation() {
    const { model = "", commit = "", runs = 0, command = "", left, window: weeks } = D.about;
    const about = { study: title(), version: model, commit, date: day(), runs, draws: D.draws.length };
    $("citation").textContent = say("explorer-citation", about);
    $("command").textContent = command;
    const words = left.map((one) => say(`explorer-left-${one}`, { window: weeks }));
    $("left").textContent = words.length ? say("explorer-thinned", { left: listed(words) }) : "";
  }

  function render() {
    const { rows, elsewhere } = settle();
    speak();
    bar();
    const inside = within();
    sentence(inside);
    policies(rows, elsewhere, inside);
    depends(rows, inside);
    paths(inside);
    choice(rows, inside);
    table(rows, inside);
    citation();
    write();
  }

  function change(some) {
    Object.assign(state, some);
    render();
  }

  // The axes follow what is chosen, unless the reader set a range; the two rows last chosen are compared.
  const follow = () => (both().length ? {} : { x: "", y: "" });
  const pin = (row) => (row === QUO || state.a === D.policy[row] ? {} : { a: D.policy[row], b: state.a });

  const on = (id, event, value) => {
    const more = () => (["group", "arm"].includes(id) ? follow() : {});
    $(id)[event] = ({ target }) => change({ [id]: value(target.value), ...more() });
  };
  NAMES.filter((one) => one !== "policy").forEach((id) => on(id, "onchange", String));
  Object.keys(RANGES).forEach((id) => on(id, "oninput", Number));
  document.querySelector("details").ontoggle = () => render();
  $("reset").onclick = () => change(RANGES);
  $("bar").onsubmit = (event) => event.preventDefault();
  window.onhashchange = () => { read(); render(); };
  window.onresize = () => requestAnimationFrame(render);
  read();
  render();
})();
