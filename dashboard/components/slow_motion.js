// Plays the scene of one training step, and shows the numbers of the layer and of the weight that were chosen. Only the
// choice of a weight, and the phase where the visitor rests, are told to Python.

const PHASES = 8;
const SECONDS = 2.2; // of one phase at normal speed
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const bytes = (text) => Int8Array.from(atob(text), (letter) => letter.charCodeAt(0));

class SlowMotion {
  constructor(root) {
    this.root = root;
    this.asked = {}; // told whole: of two messages in a row Streamlit may hand on the later one only
    const part = (name) => root.querySelector(name);
    this.svg = part("svg");
    [this.slider, this.rate, this.map, this.title, this.text] =
      ["input", "select", "canvas", ".phase b", ".phase span"].map(part);
    this.button = Object.fromEntries(["back", "play", "step"].map((name) => [name, part(`[data-does=${name}]`)]));
    this.button.play.onclick = () => (this.playing ? this.rest() : this.play(PHASES));
    this.button.step.onclick = () => this.play(Math.min(Math.floor(this.time + 1e-6) + 1, PHASES));
    this.button.back.onclick = () => this.rest(Math.max(Math.ceil(this.time - 1e-6) - 1, 0));
    this.slider.oninput = () => this.rest(Number(this.slider.value));
    this.svg.onclick = ({ target }) => this.look(target.closest("[data-layer]"));
    this.svg.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.look(event.target.closest("[data-layer]"));
    };
    this.map.onclick = (event) => this.pick(event);
    this.map.onkeydown = (event) => this.move(event);
    // On a slide the arrows turn the lesson, unless they are meant for what has the focus here.
    root.onkeydown = (event) => { // in braces: a handler that returns false takes the key from the browser
      if (event.key.startsWith("Arrow") && event.target.closest("input, select, canvas")) event.stopPropagation();
    };
  }

  update({ scene, phase, fill }, setTriggerValue) {
    this.send = setTriggerValue;
    this.root.classList.toggle("fill", fill);
    const arrived = JSON.stringify(scene);
    if (arrived === this.arrived) return;
    this.arrived = arrived;
    this.scene = scene;
    this.drawing = new (scene.together ? PictureScene : TowerScene)(this.svg, scene);
    this.time ??= phase;
    this.show();
    this.numbers();
  }

  tell(change) {
    Object.assign(this.asked, change);
    this.send("asked", { ...this.asked });
  }

  play(until) {
    if (this.time >= PHASES) this.time = 0;
    this.until = until <= this.time ? PHASES : until;
    if (this.playing) return;
    this.last = performance.now();
    this.playing = requestAnimationFrame((now) => this.tick(now));
    this.show();
  }

  tick(now) {
    const passed = ((now - this.last) / 1000 / SECONDS) * Number(this.rate.value);
    this.time = Math.min(this.time + passed, this.until);
    this.last = now;
    if (!this.root.isConnected) return void (this.playing = null);
    if (this.time >= this.until) return this.rest(this.until);
    this.show();
    this.playing = requestAnimationFrame((later) => this.tick(later));
  }

  rest(time = this.time) {
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.time = time;
    this.show();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell({ phase: Math.ceil(this.time - 1e-6) }), 300);
  }

  show() {
    const phase = Math.ceil(this.time - 1e-6);
    this.drawing.show(still.matches ? phase : this.time); // who wants no motion sees still pictures, as long as each lasts
    this.slider.value = phase;
    const { title, text } = this.scene.phases[phase];
    const said = phase ? `${phase}. ${title}` : title;
    if (this.title.textContent !== said) this.title.textContent = said;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.slider.setAttribute("aria-valuetext", said);
    this.button.play.textContent = this.playing ? "Pause" : "Play";
    this.button.back.disabled = this.time <= 0;
    this.root.dataset.phase = phase;
  }

  look(layer) {
    if (layer && layer.dataset.layer !== this.scene.chosen.layer) this.tell({ layer: layer.dataset.layer, row: 0, column: 0 });
  }

  pick(event) {
    const box = this.map.getBoundingClientRect();
    const { rows, columns } = this.scene.map;
    const within = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    this.choose(within((event.clientY - box.top) / box.height, rows), within((event.clientX - box.left) / box.width, columns));
  }

  move(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { rows, columns } = this.scene.map;
    this.choose((this.at[0] + step[0] + rows) % rows, (this.at[1] + step[1] + columns) % columns);
  }

  choose(row, column) {
    this.at = [row, column];
    this.mark();
    clearTimeout(this.choosing);
    this.choosing = setTimeout(() => this.tell({ layer: this.scene.chosen.layer, row, column }), 80);
  }

  numbers() {
    const { chosen, map, table } = this.scene;
    const part = (name) => this.root.querySelector(name);
    part(".chosen-layer").textContent = chosen.about;
    part("caption").textContent = chosen.label;
    part(".moved").replaceChildren(...chosen.moved.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    part(".sum").textContent = chosen.mismatch;
    const rows = table.map((cells, i) => {
      const row = document.createElement("tr");
      row.append(...cells.map((words, j) => Object.assign(document.createElement(i && j ? "td" : "th"), { textContent: words })));
      return row;
    });
    part("thead").replaceChildren(rows[0]);
    part("tbody").replaceChildren(...rows.slice(1));
    this.map.setAttribute("aria-label", `The weights of ${chosen.layer}: click one, or move with the arrow keys. ${chosen.label}`);
    Object.assign(this.map, { width: map.columns, height: map.rows });
    const picture = this.map.getContext("2d").createImageData(map.columns, map.rows);
    bytes(map.values).forEach((value, i) => {
      const colour = value < 0 ? [0, 114, 178] : [213, 94, 0];
      picture.data.set([...colour, Math.round(255 * Math.sqrt(Math.abs(value) / 127))], 4 * i);
    });
    this.map.getContext("2d").putImageData(picture, 0, 0);
    this.at = [chosen.row, chosen.column];
    this.mark();
  }

  mark() {
    const { rows, columns } = this.scene.map;
    const cross = this.root.querySelector(".cross");
    cross.style.left = `${(100 * (this.at[1] + 0.5)) / columns}%`;
    cross.style.top = `${(100 * (this.at[0] + 0.5)) / rows}%`;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".slow-motion");
  root.player ??= new SlowMotion(root);
  root.player.update(data, setTriggerValue);
}
