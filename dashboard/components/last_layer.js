// Bars for the numbers of a last layer, and what becomes of the verdicts while they move. Everything is worked out
// here; Python hears of the numbers where a drag has ended, for the page's address.

const GROUPS = [["a", "First digit", 0, DIGITS], ["b", "Second digit", DIGITS, DIGITS], ["c", "Constant", 2 * DIGITS, 1]];
const REST = 300; // ms after the last key
const round = (value) => Math.round(1000 * value) / 1000;
const percent = (share) => `${(100 * share).toFixed(2)}%`;
const element = (name, given = {}) => Object.assign(document.createElement(name), given);

class LastLayer {
  constructor(root) {
    this.root = root;
    this.readings = new Map(); // address -> what a tower says of the test digits
    this.bars = [];
    root.querySelector(".rows").append(...GROUPS.map((group) => this.group(...group)));
  }

  update(data, setStateValue) {
    this.setStateValue = setStateValue;
    const arrived = JSON.stringify(data.panels.map(({ name }) => name));
    if (arrived !== this.arrived) {
      this.arrived = arrived;
      this.panels = data.panels.map((panel) => this.panel(panel));
      this.root.querySelector(".panels").replaceChildren(...this.panels.map(({ figure }) => figure));
      this.showPresets(data.presets);
      this.numbers = null;
    }
    if (this.numbers && JSON.stringify(data.numbers) === this.told) return; // our own word comes back
    this.take(data.numbers, Object.values(data.presets));
  }

  take(numbers, others = []) {
    this.numbers = [...numbers];
    this.limit = Math.max(this.limit ?? 1, Math.ceil(Math.max(...[numbers, ...others].flat().map(Math.abs))));
    this.show();
  }

  group(letter, title, start, count) {
    const row = element("div", { className: `row ${letter}` });
    const bars = element("div", { className: "tracks" });
    for (let i = 0; i < count; i++) {
      const name = count > 1 ? `${letter}${i}` : letter;
      const sign = `<span><em>${letter}</em>${name.slice(1)}</span>`;
      const bar = element("div", { className: "bar", tabIndex: 0, innerHTML: `<i></i><b></b>${sign}` });
      bar.setAttribute("role", "slider");
      bar.setAttribute("aria-orientation", "vertical");
      bar.setAttribute("aria-label", count > 1 ? `${name}: ${title.toLowerCase()}, value at ${i}` : `${name}: constant`);
      bar.onkeydown = (event) => this.key(event, start + i);
      this.bars.push(bar);
      bars.append(bar);
    }
    bars.onpointerdown = (event) => {
      if (!event.isPrimary) return;
      event.preventDefault(); // no selection of text
      bars.setPointerCapture(event.pointerId);
      this.paint(bars, event, start, count);
      this.bars[this.last.index].focus({ preventScroll: true });
    };
    bars.onpointermove = (event) => bars.hasPointerCapture(event.pointerId) && this.paint(bars, event, start, count);
    bars.onpointerup = bars.onpointercancel = () => { this.last = null; this.tell(true); };
    row.append(element("span", { className: "title", textContent: title }), bars);
    return row;
  }

  // A pointer that crosses bars sets each of them: a staircase is one stroke.
  paint(bars, event, start, count) {
    const box = bars.getBoundingClientRect();
    const track = bars.firstElementChild.getBoundingClientRect();
    const index = start + Math.min(Math.max(Math.floor((count * (event.clientX - box.left)) / box.width), 0), count - 1);
    const part = Math.min(Math.max(1 - (event.clientY - track.top) / track.height, 0), 1);
    const value = this.limit * (2 * part - 1);
    const from = this.last ?? { index, value };
    const steps = Math.max(Math.abs(index - from.index), 1);
    for (let step = 1; step <= steps; step++) {
      const way = step / steps;
      this.numbers[Math.round(from.index + way * (index - from.index))] = round(from.value + way * (value - from.value));
    }
    this.last = { index, value };
    this.show();
  }

  key(event, index) {
    const step = this.limit / 60;
    const by = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 10 * step,
      PageDown: -10 * step, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.numbers[index] = round(Math.min(Math.max(this.numbers[index] + by, -this.limit), this.limit));
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(true), REST);
  }

  showPresets(presets) {
    const random = () => Array.from({ length: 2 * DIGITS + 1 }, () => round(this.limit * (2 * Math.random() - 1)));
    const given = Object.entries(presets).map(([title, numbers]) => [title, () => numbers]);
    this.root.querySelector(".presets").replaceChildren(...[...given, ["Random", random]].map(([title, make]) =>
      element("button", { type: "button", textContent: title, onclick: () => { this.take(make()); this.tell(false); } })));
  }

  panel(panel) {
    const figure = element("figure", { innerHTML: `<figcaption><b></b> <span class="what"></span></figcaption>
      <div class="couple"><div><div class="board ideal" role="img"></div><p></p></div>
      <div><div class="board real" role="img"></div><p></p></div></div>
      <p class="record"><span></span> <button type="button">Show it</button></p>` });
    figure.querySelector("b").textContent = panel.title;
    figure.querySelector(".what").textContent = panel.what;
    const made = { ...panel, figure, key: `pairdigits.last-layer.${panel.name}` };
    made.boards = [...figure.querySelectorAll(".board")].map((board) => {
      board.innerHTML = `${Array.from({ length: DIGITS ** 2 }, () => "<i></i>").join("")}
        <svg viewBox="0 0 10 10" preserveAspectRatio="none"><path d="${STEP}"/></svg>`;
      return { board, cells: [...board.querySelectorAll("i")], words: board.nextElementSibling };
    });
    figure.querySelector("button").onclick = () => { this.take(record(made).numbers); this.tell(false); };
    if (!this.readings.has(panel.readings)) {
      this.readings.set(panel.readings, null);
      fetchReadings(panel.readings)
        .then((readings) => { this.readings.set(panel.readings, readings); this.show(); })
        .catch(() => { made.boards[1].words.textContent = "The test digits did not arrive: load the page again."; });
    }
    return made;
  }

  show() {
    this.bars.forEach((bar, index) => {
      const value = this.numbers[index];
      const fill = bar.querySelector("i");
      fill.style.top = `${50 - 50 * Math.max(value / this.limit, 0)}%`;
      fill.style.height = `${50 * Math.abs(value / this.limit)}%`;
      bar.querySelector("b").textContent = value.toFixed(2).replace("-0.00", "0.00");
      bar.setAttribute("aria-valuemin", -this.limit);
      bar.setAttribute("aria-valuemax", this.limit);
      bar.setAttribute("aria-valuenow", value);
    });
    const said = this.panels.map((panel) => this.judge(panel));
    this.root.querySelector(".said").textContent = `The same 21 numbers. ${said.join(" ")}`;
  }

  judge(panel) {
    const readings = this.readings.get(panel.readings);
    const ideal = verdicts(this.numbers, panel.ideal);
    const wrong = wrongCells(ideal);
    paintBoard(panel.boards[0], ideal, "Ideal signals", `${wrong} of 100 wrong`);
    const words = `Behind ${panel.title}: ${wrong} of 100 ideal signals wrong`;
    if (!readings) return `${words}.`;
    const real = shares(this.numbers, readings);
    panel.accuracy = real.accuracy;
    panel.best ??= shares(panel.trained, readings).accuracy;
    paintBoard(panel.boards[1], real.share, "Real test pairs", `${percent(real.accuracy)} right`);
    this.showRecord(panel);
    return `${words}, ${percent(real.accuracy)} of real pairs right (its trained head: ` +
      `${wrongCells(verdicts(panel.trained, panel.ideal))} wrong, ${percent(panel.best)} right).`;
  }

  showRecord(panel) {
    const kept = record(panel);
    const line = panel.figure.querySelector(".record");
    line.hidden = !kept;
    if (kept) {
      line.firstElementChild.textContent =
        `Your head: ${percent(kept.accuracy)}, the trained one: ${percent(panel.best)}.`;
    }
  }

  tell(byHand) {
    for (const panel of this.panels) {
      if (byHand && panel.accuracy > (record(panel)?.accuracy ?? 0)) {
        keep(panel, { accuracy: panel.accuracy, numbers: this.numbers });
        this.showRecord(panel);
      }
    }
    this.told = JSON.stringify(this.numbers);
    this.setStateValue("numbers", [...this.numbers]);
  }
}

const STEP = `M${Array.from({ length: DIGITS }, (_, i) => `${i} ${9 - i} L${i + 1} ${9 - i}`).join(" L")}`;

// Rows grow upwards, as on every probe: white where the layer says "first <= second", a cross where it is wrong.
function paintBoard({ board, cells, words }, shares, title, result) {
  shares.forEach((row, first) => row.forEach((share, second) => {
    const cell = cells[(DIGITS - 1 - first) * DIGITS + second];
    cell.style.background = `color-mix(in srgb, #fff ${100 * share}%, #15191e)`;
    cell.classList.toggle("wrong", (share > 0.5) !== (first <= second));
  }));
  words.innerHTML = `${title}<br><b>${result}</b>`;
  board.setAttribute("aria-label", `${title}: ${result}`);
}

function record({ key }) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch { return null; } // not allowed: then there is no record
}

function keep({ key }, found) {
  try {
    localStorage.setItem(key, JSON.stringify(found));
  } catch { /* as above */ }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".last-layer");
  root.layer ??= new LastLayer(root);
  root.layer.update(data, setStateValue);
}
