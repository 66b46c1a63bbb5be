// The drawing canvas. What is drawn is kept as strokes in a square of SIDE units, so that any screen shows it sharp and
// every device sends the same pixels. Streamlit calls the default function on every change of the data; a drawing is
// only replaced when the data's version is another one. The browser's tab keeps it, for when the page is loaded again.
// Above stand ink.js, and DIGITS, digit -> strokes: Python puts them there.
// While the pen moves, the server is asked for the boards' HTML, one request at a time; where it does not answer, and
// when the pen lifts, Python gets the drawing and the page runs.

const SENT = 140; // pixels a side of what Python gets
const LIVE = 100; // ms between two sendings while drawing, where the server is not asked

const sides = (window.sketchpads ??= []); // the canvases that are asked about together

// The boards to ask for: while a pen is down those on the screen, as all of them are drawn anew when it lifts.
function wanted() {
  const boards = [...document.querySelectorAll(".board[data-name]")];
  const drawing = sides.some((pad) => pad.pointer !== null);
  const isSeen = ({ top, bottom }) => bottom > 0 && top < window.innerHeight;
  return boards.filter((board) => !drawing || isSeen(board.getBoundingClientRect())).map((board) => board.dataset.name);
}

class Sketchpad {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.buttons = { undo: root.querySelector(".undo"), clear: root.querySelector(".clear") };
    this.sheet = document.createElement("canvas");
    this.sheet.width = this.sheet.height = SENT;
    this.drawing = { background: null, strokes: [] };
    this.past = []; // what each undo returns to
    this.pointer = null; // the one finger, pen or mouse that draws
    this.listen();
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(this.canvas);
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => this.start(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => this.end(event);
    canvas.oncontextmenu = (event) => event.preventDefault(); // a long press draws, it opens no menu
    canvas.onkeydown = (event) => this.press(event);
    // Older iPhones ignore touch-action; there this keeps the page from scrolling under the finger.
    canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
    this.buttons.undo.onclick = () => this.undo();
    this.buttons.clear.onclick = () => this.clear();
  }

  update(data, setStateValue) {
    Object.assign(this, { data, setStateValue, name: `sketchpad: ${data.label}` });
    this.canvas.setAttribute("aria-label", data.label);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-label", `${name === "undo" ? "Undo" : "Clear"}: ${data.label}`);
    }
    if (data.live) sides[data.live.side] = this;
    if (data.version !== this.version) this.load(data);
  }

  async load({ version, background, strokes, restore }) {
    const kept = restore && !this.version && this.kept();
    if (kept) ({ background, strokes } = kept);
    this.known = kept ? kept.known : this.data.live?.given; // what a network sees of it, and which digit it is
    this.own = !!kept; // Python does not have its background yet
    this.version = version;
    this.release();
    const image = background && Object.assign(new Image(), { src: background });
    if (image) await image.decode().catch(() => {});
    if (version !== this.version) return; // overtaken while the image was decoded
    const steps = [{ background: null, strokes: [] }];
    if (image) steps.push({ background: image, strokes: [] });
    strokes.forEach((_, i) => steps.push({ background: image || null, strokes: strokes.slice(0, i + 1) }));
    this.drawing = steps.pop();
    this.past = steps;
    this.original = this.known ? this.drawing : null;
    this.show();
    if (kept) this.send();
    else this.keep();
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    // Capture sends points from outside too: a stroke may leave and come back, but not wander off for good.
    const unit = (value, start, length) => Math.round(Math.min(Math.max((value - start) / length, -0.1), 1.1) * SIDE);
    return [unit(event.clientX, box.left, box.width), unit(event.clientY, box.top, box.height)];
  }

  press(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z") this.undo();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (!command && !event.altKey && event.key in DIGITS) {
      this.change({ background: null, strokes: DIGITS[event.key].map((points) => ({ width: this.data.pen, points })) });
    } else return;
    event.preventDefault();
  }

  start(event) {
    if (this.pointer !== null || event.button !== 0) return; // a second finger, the palm, the right button
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.stroke = { width: this.data.pen, points: this.at(event) };
    this.past.push(this.drawing);
    this.drawing = { ...this.drawing, strokes: [...this.drawing.strokes, this.stroke] };
    this.show();
    this.timer = setInterval(() => this.answered || this.send(), LIVE);
    this.ask();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const { points } = this.stroke;
    const before = points.length;
    for (const step of event.getCoalescedEvents?.().concat(event) ?? [event]) {
      const [x, y] = this.at(step);
      if (x !== points.at(-2) || y !== points.at(-1)) points.push(x, y);
    }
    if (points.length === before) return;
    this.show();
    this.ask();
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.release();
    this.send();
  }

  look() {
    return this.drawing === this.original ? this.known : { pixels: this.pixels() };
  }

  async ask() {
    const { live } = this.data;
    this.newer = true;
    if (!live || this.asking || !sides.every((pad) => pad.root.isConnected) || sides.length < 2) return;
    this.asking = true;
    while (this.newer) {
      const drawing = this.drawing;
      this.newer = false;
      try {
        const canvases = sides.map((pad) => pad.look());
        const body = JSON.stringify({ preset: live.preset, model: live.model, canvases, boards: wanted() });
        const answer = await fetch(serverAddress("live/verdict"), { method: "POST", body });
        this.answered = answer.ok;
        const detail = answer.ok && (await answer.json());
        if (detail && drawing === this.drawing) window.dispatchEvent(new CustomEvent("boards", { detail }));
      } catch {
        this.answered = false;
      }
      if (!this.answered) break;
    }
    this.asking = false;
  }

  release() {
    clearInterval(this.timer);
    this.pointer = this.stroke = this.timer = null;
  }

  clear() {
    if (this.drawing.background || this.drawing.strokes.length) this.change({ background: null, strokes: [] });
  }

  change(drawing) {
    this.release();
    this.past.push(this.drawing);
    this.drawing = drawing;
    this.settle();
  }

  undo() {
    if (!this.past.length) return;
    this.release();
    this.drawing = this.past.pop();
    this.settle();
  }

  // Python may never have seen the strokes that were taken back, and then has nothing new to say: the boards are asked
  // for too, or they would keep the verdict on those strokes.
  settle() {
    this.show();
    this.send();
    this.ask();
  }

  fit() {
    const size = Math.round(this.canvas.clientWidth * (window.devicePixelRatio || 1));
    if (!size || size === this.canvas.width) return;
    this.canvas.width = this.canvas.height = size;
    this.show();
  }

  show() {
    const empty = !this.drawing.background && !this.drawing.strokes.length;
    paint(this.canvas, this.drawing);
    this.root.classList.toggle("empty", empty);
    this.buttons.undo.disabled = !this.past.length;
    this.buttons.clear.disabled = empty;
  }

  pixels() {
    paint(this.sheet, this.drawing);
    return this.sheet.toDataURL("image/png").split(",")[1];
  }

  send() {
    const pixels = this.pixels();
    if (pixels === this.sent && this.version === this.sentVersion) return; // the pen rests
    Object.assign(this, { sent: pixels, sentVersion: this.version });
    const { background, strokes } = this.drawing;
    const under = this.own ? background && background.src : !!background;
    const known = this.own && this.drawing === this.original ? this.known : null;
    this.setStateValue("drawing", { version: this.version, pixels, strokes, background: under, known });
    this.keep();
  }

  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name));
    } catch { return null; /* not allowed */ }
  }

  keep() {
    const { background, strokes } = this.drawing;
    const known = this.drawing === this.original ? this.known : null;
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ background: background && background.src, strokes, known }));
    } catch { /* no room, or not allowed: then a reload brings the example */ }
  }

  close() {
    this.release();
    this.watch.disconnect();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".sketchpad");
  root.pad ??= new Sketchpad(root);
  root.pad.update(data, setStateValue);
  return () => { if (!root.isConnected) root.pad.close(); };
}
