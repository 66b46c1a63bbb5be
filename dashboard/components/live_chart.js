// A Plotly figure that redraws in place: the node, the zoom and hidden legend entries stay while the data change.
// Streamlit calls the default function on every change of the data and of the theme.

const FEW = 15; // epochs up to which each is a visible point, as in charts/curves.py
const LEAST = 120; // px: in less room than its margins take Plotly draws at infinity
const RANGES = { categorical: 1, sequential: 11, diverging: 21 }; // first stand-in of each, see charts/style.py

let script; // one download for all charts of the page
let turn = Promise.resolve(); // of new charts: each is on the screen before the next is drawn

function plotly(file) {
  script ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = serverAddress(file);
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => { script = undefined; tag.remove(); reject(new Error("no script")); };
    document.head.append(tag);
  });
  return script;
}

function themeOf(node) {
  const style = getComputedStyle(node);
  const value = (name) => style.getPropertyValue("--st-" + name).trim();
  const list = (name) => value(`chart-${name}-colors`).split(",");
  const stand = {
    36: value("gray-text-color"), 37: value("text-color"), 38: value("background-color"), 39: value("border-color"),
    40: value("secondary-background-color"),
  };
  for (const [name, first] of Object.entries(RANGES)) list(name).forEach((colour, i) => (stand[first + i] = colour));
  return { stand, list, text: stand[37], muted: stand[36], page: stand[38], line: stand[39], panel: stand[40],
    font: value("font"), accent: value("primary-color") };
}

// Plotly goes by identity: parts that are the same objects as before spare it nearly all of a drawing's work. So each
// part of a node's figure is made anew only when what it says has changed.
function renewed(node, name, part) {
  const text = JSON.stringify(part);
  if (node[name]?.text !== text) node[name] = { text, part: JSON.parse(text) };
  return node[name].part;
}

function coloured(figure, stand) {
  const text = JSON.stringify(figure).replace(/"#0000(\d\d)"/g, (all, number) => {
    const colour = stand[Number(number)];
    return colour ? JSON.stringify(colour) : all;
  });
  return JSON.parse(text);
}

function template(theme, least = 0) {
  const scale = (colours) => colours.map((colour, i) => [i / (colours.length - 1), colour]);
  const axis = { gridcolor: theme.line, linecolor: theme.line, zerolinecolor: theme.line };
  const sequential = scale(theme.list("sequential"));
  return { layout: {
    font: { color: theme.text, family: theme.font, size: Math.max(13, least) },
    // Opaque, so that an exported picture can be read on any page.
    paper_bgcolor: theme.page, plot_bgcolor: theme.page,
    colorway: theme.list("categorical"),
    colorscale: { sequential, sequentialminus: sequential, diverging: scale(theme.list("diverging")) },
    xaxis: axis, yaxis: { ...axis, title: { standoff: Math.round(0.6 * Math.max(13, least)) } },
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, family: theme.font, size: Math.max(13, least) } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.muted, activecolor: theme.accent },
  } };
}

// The points that were pushed, in place of those that a trace came with. A trace says in its `meta` what it shows:
// of which launch which column, as the mean of the rounds, as their band, or at the chosen epoch only.
function renewPoints(trace, launches) {
  const { launch: id, column, factor, role } = trace.meta ?? {};
  const launch = launches.get(id);
  if (!launch) return trace;
  const points = [...launch.points].filter(([, point]) => column in point).sort(([one], [other]) => one - other);
  const shown = role === "chosen" ? points.filter(([epoch]) => epoch === launch.latest.chosen) : points;
  const epochs = shown.map(([epoch]) => epoch);
  const edge = (sign) => shown.map(([, point]) => factor * (point[column][0] + sign * (point[column][1] ?? 0)));
  if (role === "band") return { ...trace, x: [...epochs, ...epochs.toReversed()], y: [...edge(1), ...edge(-1).reverse()] };
  const mode = role === "chosen" || epochs.length <= FEW ? trace.mode : "lines";
  return { ...trace, x: epochs, y: edge(0), mode };
}

function renewFigure(node, { traces, probe_of: probe }) {
  const launches = node.pushed;
  const board = launches.get(probe)?.latest.probe;
  return board ?? traces.map((trace) => renewPoints(trace, launches));
}

// Watch the launches that the figure shows, where they are not watched already.
function subscribe(node) {
  const { traces, probe_of: probe } = node.latest.data;
  const ids = [...new Set([...traces.map((trace) => trace.meta?.launch), probe])].filter(Boolean);
  if (String(ids) === String([...node.watching.keys()])) return;
  unsubscribe(node);
  for (const id of ids) {
    node.watching.set(id, feed().watch(id, (launch) => {
      node.pushed.set(id, launch);
      if (id === probe) node.setAttribute("aria-label", `${node.latest.data.alt} Now ${launch.latest.wrong ?? "empty"}.`);
      drawSoon(node);
    }, id === probe));
  }
}

function unsubscribe(node) {
  for (const stop of node.watching?.values() ?? []) stop();
  node.watching = new Map();
  node.pushed = new Map();
}

function drawSoon(node) {
  node.soon ??= setTimeout(() => { node.soon = null; drawInTurn(node); }, 100);
}

// On a slide no text of a figure is smaller than the page's own.
function enlarged(part, size) {
  if (!part || typeof part !== "object") return part;
  if (Array.isArray(part)) return part.map((item) => enlarged(item, size));
  const entries = Object.entries(part).map(([name, value]) => {
    const font = /font$/.test(name) && typeof value?.size === "number";
    return [name, font ? { ...value, size: Math.max(value.size, size) } : enlarged(value, size)];
  });
  return Object.fromEntries(entries);
}

function configuration(node, Plotly) {
  const { toolbar, filename } = node.latest.data;
  return {
    displaylogo: false,
    displayModeBar: toolbar ? "hover" : false,
    showSendToCloud: false, // nothing leaves this server
    plotlyServerURL: "",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    toImageButtonOptions: { format: "png", filename, scale: 3 },
    modeBarButtonsToAdd: [{ name: "svg", title: "Download plot as SVG", icon: Plotly.Icons.disk,
      click: () => Plotly.downloadImage(node, { format: "svg", filename }) }],
  };
}

function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 50); // a hidden tab has no frames
  });
}

function drawInTurn(node) {
  if (node.watch) return draw(node);
  const drawn = turn.then(() => draw(node));
  turn = drawn.then(painted, painted);
  return drawn;
}

async function draw(node) {
  let Plotly;
  try {
    Plotly = await plotly(node.latest.data.script);
  } catch {
    node.textContent = "The chart's script did not arrive. Reload the page to try again.";
    return;
  }
  if (!node.isConnected) return;
  const { data } = node.latest; // what came last, not what this call began with
  const room = Math.min(node.clientWidth, node.clientHeight); // none on a small screen: the figure has its own height there
  if (data.fill && room && room < LEAST) return drawSoon(node); // the slide is being laid out
  const theme = themeOf(node);
  const size = data.fill ? parseFloat(getComputedStyle(document.documentElement).fontSize) : 0;
  const figure = coloured({ traces: renewFigure(node, data), layout: data.layout }, theme.stand);
  const { traces, layout } = data.fill ? enlarged(figure, size) : figure;
  const height = data.fill ? node.clientHeight : data.height;
  Object.assign(layout, { uirevision: data.revision, height, autosize: true });
  layout.margin = { ...layout.margin, r: Math.max(layout.margin?.r ?? 0, 0.7 * size) }; // half of the last tick's number
  layout.template = renewed(node, "template", template(theme, size));
  // A finger on a chart scrolls the page; zooming is for a mouse or a pen.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
  node.config ??= configuration(node, Plotly); // the same object every time: for another one Plotly starts afresh
  // Copies, because Plotly writes into a trace when a visitor hides it.
  await Plotly.react(node, renewed(node, "traces", traces.map(inked)).map((trace) => ({ ...trace })), layout, node.config);
  if (!node.watch) watch(node, Plotly);
}

function watch(node, Plotly) {
  node.on("plotly_click", ({ points }) => {
    const point = points.find((one) => one.customdata !== undefined);
    if (point && node.latest.data.clickable) node.latest.setTriggerValue("click", point.customdata);
  });
  let { clientWidth: width, clientHeight: height } = node;
  node.watch = new ResizeObserver(() => {
    const same = node.clientWidth === width && node.clientHeight === height;
    if (!node.clientWidth || same) return; // hidden, or nothing new
    ({ clientWidth: width, clientHeight: height } = node);
    if (node.latest.data.fill) draw(node);
    else Plotly.Plots.resize(node);
  });
  node.watch.observe(node);
}

export default function ({ data: bytes, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".live-chart");
  const data = JSON.parse(new TextDecoder().decode(bytes));
  node.latest = { data, setTriggerValue };
  node.style.height = data.fill ? "100%" : data.height + "px";
  node.classList.toggle("clickable", data.clickable);
  node.setAttribute("aria-label", data.alt);
  node.watching ??= new Map();
  node.pushed ??= new Map();
  subscribe(node);
  drawInTurn(node);
  return () => {
    // Streamlit also calls this for a call that a newer one has overtaken; the chart then lives on.
    if (node.isConnected) return;
    unsubscribe(node);
    node.watch?.disconnect();
    if (node.watch) window.Plotly.purge(node);
  };
}
