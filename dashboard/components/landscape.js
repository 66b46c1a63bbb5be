// Paints P(first <= second) of every model over the same square, and moves one point in all of them. What stands at the
// point is read from what is already here; Python hears of it when the drag has ended.

const PACE = 1500; // ms between looks at a run that trains: its worker sends a snapshot every 3 s
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

class Landscape {
  constructor(root) {
    this.root = root;
    this.digits = [root.querySelector(".first"), root.querySelector(".second")];
    this.sliders = [...root.querySelectorAll("input")];
    this.sliders.forEach((slider, side) => {
      slider.oninput = () => this.move(side, Number(slider.value));
      slider.onchange = () => this.tell();
    });
  }

  update(data, setStateValue) {
    this.setStateValue = setStateValue;
    const arrived = JSON.stringify(data);
    if (arrived === this.arrived) return;
    this.arrived = arrived;
    this.size = data.size;
    this.images = data.images.map(bytes);
    this.squares = Object.entries(data.squares).map(([title, text]) => ({ title, values: bytes(text) }));
    this.sliders.forEach((slider, side) => {
      slider.max = data.size[side] - 1;
      slider.parentElement.querySelector("span").textContent = data.labels[side];
    });
    this.live = data.live;
    if (data.live) this.squares.unshift({ title: data.live.title, values: null });
    this.build();
    this.point = data.point.map((place, side) => Math.min(Math.max(place, 0), data.size[side] - 1));
    this.show();
    this.stop?.();
    this.stop = data.live && feed().watch(data.live.run, () => this.ask(data.live)); // it calls at once, too
  }

  // The run's square as its latest snapshot has it; while an answer is on its way, further news wait.
  async ask(live) {
    if (this.asking) { this.again = true; return; }
    Object.assign(this, { asking: true, again: false });
    try {
      const body = JSON.stringify({ run: live.run, ends: live.ends });
      const answer = await fetch(serverAddress("live/square"), { method: "POST", body });
      const { epoch, square } = answer.ok ? await answer.json() : {};
      if (square && live === this.live) this.renew(bytes(square), `${live.title}, epoch ${epoch}`);
    } catch { /* the server is away: the next news asks again */ }
    setTimeout(() => {
      this.asking = false;
      if (this.again && this.live) this.ask(this.live);
    }, PACE);
  }

  renew(values, title) {
    const [square] = this.squares;
    Object.assign(square, { values, title });
    square.name.textContent = title;
    this.paint(square);
    this.show();
  }

  paint({ canvas, values }) {
    const [across, up] = this.size;
    const g = canvas.getContext("2d");
    const picture = g.createImageData(across, up);
    for (let x = 0; x < across; x++) {
      for (let y = 0; y < up; y++) {
        const value = values[x * up + y]; // the second digit grows upwards
        picture.data.set([value, value, value, 255], 4 * ((up - 1 - y) * across + x));
      }
    }
    g.putImageData(picture, 0, 0);
  }

  build() {
    const [across, up] = this.size;
    const panels = this.root.querySelector(".squares");
    panels.replaceChildren();
    for (const square of this.squares) {
      const figure = document.createElement("figure");
      figure.innerHTML = `<figcaption><b></b> <span></span></figcaption>
        <div class="sheet"><canvas></canvas><i class="mark"></i></div>`;
      figure.querySelector("b").textContent = square.title;
      const canvas = figure.querySelector("canvas");
      Object.assign(canvas, { width: across, height: up });
      Object.assign(square, { canvas, name: figure.querySelector("b") });
      if (square.values) this.paint(square);
      const sheet = figure.querySelector(".sheet");
      sheet.onpointerdown = (event) => {
        if (!event.isPrimary) return;
        sheet.setPointerCapture(event.pointerId);
        this.follow(sheet, event);
      };
      sheet.onpointermove = (event) => sheet.hasPointerCapture(event.pointerId) && this.follow(sheet, event);
      sheet.onpointerup = sheet.onpointercancel = () => this.tell();
      Object.assign(square, { share: figure.querySelector("span"), mark: figure.querySelector(".mark") });
      panels.append(figure);
    }
  }

  follow(sheet, event) {
    const box = sheet.getBoundingClientRect();
    const parts = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    this.point = parts.map((part, side) => {
      const last = this.size[side] - 1;
      return Math.min(Math.max(Math.floor(part * this.size[side]), 0), last);
    });
    this.show();
  }

  move(side, place) {
    this.point[side] = place;
    this.show();
  }

  show() {
    const [x, y] = this.point;
    this.point.forEach((place, side) => {
      this.sliders[side].value = place;
      const g = this.digits[side].getContext("2d");
      const picture = g.createImageData(28, 28);
      const image = this.images[side].subarray(784 * place, 784 * (place + 1));
      image.forEach((ink, i) => picture.data.set([ink, ink, ink, 255], 4 * i));
      g.putImageData(picture, 0, 0);
    });
    let yes = 0;
    const known = this.squares.filter(({ values }) => values);
    for (const { values, share, mark } of known) {
      const value = values[x * this.size[1] + y] / 255;
      yes += value > 0.5;
      share.textContent = value > 0.995 ? ">99%" : value < 0.005 ? "<1%" : `${Math.round(100 * value)}%`;
      mark.style.left = `${(100 * (x + 0.5)) / this.size[0]}%`;
      mark.style.top = `${100 - (100 * (y + 0.5)) / this.size[1]}%`;
    }
    this.root.querySelector(".said").textContent =
      `${yes} of ${known.length} models say that the first digit is less than or equal to the second.`;
  }

  tell() {
    this.setStateValue("point", [...this.point]);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".landscape");
  root.landscape ??= new Landscape(root);
  root.landscape.update(data, setStateValue);
  return () => { if (!root.isConnected) root.landscape.stop?.(); };
}
