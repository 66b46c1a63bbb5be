// A tower, or two, as an SVG whose picture follows from the time alone: phase k is played from k - 1 to k, and what
// stands at k is its still picture. Whoever plays it moves the time; nothing here has a clock.

const SPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, TOP, PITCH, SLAB] = [600, 414, 44, 60, 50];
const [HEAD, PILLS] = [{ left: 200, right: 400, top: 312, bottom: 356 }, { top: 376, height: 34, half: 78, x: [86, 300, 514] }];
const [READ, COMPARE, LOSE, RETURN, MEET, ADD, MOVE] = [0, 2, 3, 4, 5, 6, 7]; // when each begins
const mirrored = (x) => WIDTH - x;

function svgNode(name, attributes, parent, words) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (words !== undefined) node.textContent = words;
  parent.append(node);
  return node;
}

class TowerScene {
  constructor(svg, scene) {
    this.svg = svg;
    this.scene = scene;
    this.acts = []; // [from, to, what to do with the share that is over]
    Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": this.label }).forEach(([key, value]) =>
      svg.setAttribute(key, value));
    svg.replaceChildren();
    // Of the left side; the right one is its mirror image. In one tower both have their lanes.
    this.slab = scene.towers === 1 ? { left: 176, right: 424 } : { left: 102, right: 278 };
    this.lane = this.slab.left + 18;
    this.back = { auxiliary: this.slab.left + 34, class: this.slab.left + 50 };
    this.middle = scene.towers === 1 ? WIDTH / 2 : (this.back.class + this.slab.right) / 2;
    this.lanes = svgNode("g", {}, svg);
    this.towers();
    this.ahead();
    this.losses();
    this.return();
    this.weight();
  }

  get label() {
    return this.scene.towers === 1 ? "One tower that reads both digits" : "Two towers, one for each digit";
  }

  get end() { // what stands on the last box before it has answered
    return "head";
  }

  show(time) {
    for (const [from, to, act] of this.acts) act(Math.min(Math.max((time - from) / (to - from), 0), 1));
  }

  place(side, x) {
    return side ? mirrored(x) : x;
  }

  row(layer) {
    return TOP + PITCH * layer;
  }

  get floor() {
    return this.row(this.scene.layers.length - 1) + SLAB;
  }

  // A line that is drawn from its beginning to its end, with a spark at its tip.
  trace(points, kind, from, to) {
    const line = svgNode("path", { d: points, class: `lane ${kind}`, pathLength: 1, "stroke-dasharray": "1 1" }, this.lanes);
    const spark = svgNode("circle", { r: 7, class: `spark ${kind}` }, this.lanes);
    const length = line.getTotalLength();
    this.acts.push([from, to, (part) => {
      line.style.visibility = part ? "visible" : "hidden";
      line.setAttribute("stroke-dashoffset", 1 - part);
      spark.style.visibility = part > 0 && part < 1 ? "visible" : "hidden";
      const { x, y } = line.getPointAtLength(part * length);
      spark.setAttribute("transform", `translate(${x} ${y})`);
    }]);
  }

  appear(node, from, until = Infinity) {
    this.acts.push([from, from + 0.3, (part) => (node.style.opacity = part)]);
    if (until < Infinity) this.acts.push([until, until + 0.3, (part) => part && (node.style.opacity = 1 - part)]);
    return node;
  }

  words(x, y, text, kind = "", anchor = "middle", parent = this.svg) {
    return svgNode("text", { x, y, class: kind, "text-anchor": anchor }, parent, text);
  }

  towers() {
    const { scene, svg, slab } = this;
    for (const side of [0, 1]) {
      const x = this.place(side, 46);
      if (scene.batch) for (const shift of [8, 4]) svgNode("rect", { x: x - 38 + shift, y: 4 + shift, width: 76, height: 76, rx: 5, class: "sheet" }, svg);
      svgNode("image", { href: scene.images[side], x: x - 38, y: 4, width: 76, height: 76 }, svg);
      svgNode("rect", { x: x - 38, y: 4, width: 76, height: 76, rx: 5, class: `frame ${side ? "right" : "left"}` }, svg);
      scene.readings[side].forEach((line, i) =>
        this.appear(this.words(x, 112 + 24 * i, line, side ? "right" : "left"), side + READ + 0.7));
    }
    this.slabs = [];
    for (let side = 0; side < scene.towers; side++) {
      scene.layers.forEach((name, layer) => {
        const chosen = name === scene.chosen.layer;
        const group = svgNode("g", { class: chosen ? "slab chosen" : "slab", role: "button", tabindex: 0, "data-layer": name,
          "aria-label": `Look into ${name}`, "aria-pressed": chosen }, svg);
        const x = side ? mirrored(slab.right) : slab.left;
        svgNode("rect", { x, y: this.row(layer), width: slab.right - slab.left, height: SLAB, rx: 9 }, group);
        const title = this.words(this.place(side, this.middle), this.row(layer) + (chosen ? 21 : 32), name, "name", "middle", group);
        if (chosen) this.slabs.push({ side, title, y: this.row(layer) });
      });
    }
    svg.append(this.lanes); // the lanes run over the slabs, the words over the lanes
    const group = svgNode("g", { class: "head" }, svg);
    svgNode("rect", { x: HEAD.left, y: HEAD.top, width: HEAD.right - HEAD.left, height: HEAD.bottom - HEAD.top, rx: 9 }, group);
    const idle = this.words(WIDTH / 2, HEAD.top + 29, this.end, "name", "middle", group);
    this.acts.push([COMPARE + 0.7, COMPARE + 1, (part) => (idle.textContent = part ? this.scene.verdict : this.end)]);
  }

  // From the digits to the head.
  ahead() {
    for (const side of [0, 1]) {
      const [x, kind] = [(at) => this.place(side, at), side ? "right" : "left"];
      const enter = `M${x(84)} 24 C${x(140)} 20 ${x(this.lane)} 0 ${x(this.lane)} ${TOP}`;
      this.trace(`${enter} V${this.floor}`, kind, READ + side, READ + side + 0.75);
      this.trace(this.way(x, this.lane, HEAD.top), kind, COMPARE, COMPARE + 0.7);
    }
  }

  // From the layer that the head is fed by to the head: past the layers that are not asked.
  way(x, lane, end) {
    const from = this.row(this.scene.layers.indexOf(this.scene.feeds)) + SLAB;
    if (from === this.floor) return `M${x(lane)} ${from} C${x(lane)} ${from + 24} ${x(260)} ${from + 12} ${x(260)} ${end}`;
    const beside = this.slab.left - 12;
    return `M${x(lane)} ${from} V${from + 5} H${x(beside)} V318 Q${x(beside)} 334 ${x(beside + 16)} 334 H${x(HEAD.left)}`;
  }

  losses() {
    const { losses } = this.scene;
    losses.forEach((words, i) => {
      if (words === null) return;
      const x = PILLS.x[i];
      const group = svgNode("g", { class: "loss" }, this.svg);
      svgNode("rect", { x: x - PILLS.half, y: PILLS.top, width: 2 * PILLS.half, height: PILLS.height, rx: PILLS.height / 2 }, group);
      this.words(x, PILLS.top + 24, words, "", "middle", group);
      this.appear(group, LOSE + 0.5);
      const middle = i === 1;
      const [lane, side] = [this.place(i === 2, this.lane), i === 2 ? "right" : "left"];
      this.trace(
        middle ? `M${x} ${HEAD.bottom} V${PILLS.top}` : `M${lane} ${this.floor} C${lane} ${this.floor + 60} ${x} 310 ${x} ${PILLS.top}`,
        middle ? "thin" : side, LOSE, LOSE + 0.6);
    });
  }

  // From the losses to the first layer, through every layer on the way.
  return() {
    for (const side of [0, 1]) {
      const [x, kind] = [(at) => this.place(side, at), side ? "right" : "left"];
      for (const loss of ["class", "auxiliary"]) {
        if (this.scene.losses[loss === "class" ? 1 : 0] === null) continue;
        const lane = this.back[loss];
        const from = this.row(this.scene.layers.indexOf(this.scene.feeds)) + SLAB;
        const pill = PILLS.x[0] + 14;
        const start = loss === "auxiliary" ? `M${x(pill)} ${PILLS.top} C${x(pill)} 316 ${x(lane)} 330 ${x(lane)} ${this.floor}`
          : from === this.floor ? `M${x(284)} ${PILLS.top} V${HEAD.top} C${x(284)} 290 ${x(lane)} 300 ${x(lane)} ${from}`
          : `M${x(284)} ${PILLS.top} V346 H${x(this.slab.left - 8)} Q${x(this.slab.left - 20)} 346 ${x(this.slab.left - 20)} 330 V${from + 7} H${x(lane)} V${from}`;
        this.back_up(start, x(lane), kind, loss);
      }
    }
  }

  // A gradient that reaches a lane, and goes up it to the first layer.
  back_up(start, x, kind, loss) {
    this.trace(`${start} V${TOP}`, `${kind} gradient ${loss}`, RETURN, RETURN + 0.95);
    const tip = svgNode("path", { d: `M${x - 7} ${TOP + 3} L${x} ${TOP - 10} L${x + 7} ${TOP + 3}z`, class: `tip ${kind}` }, this.svg);
    this.appear(tip, RETURN + 0.9);
  }

  // The gradients that reach the weight of a tower: the lane that each leaves, whose loss it is, and its number beside it.
  arrivals(tower) {
    const { scene } = this;
    const loss = scene.losses[1] === null ? "auxiliary" : "class";
    return (scene.towers === 1 ? [0, 1] : [tower]).map((side) => ({
      lane: this.place(side, this.back[loss]), beside: this.place(side, this.middle - 11), kind: side ? "right" : "left", loss,
      number: scene.towers === 1 && { text: scene.chosen.numbers.sides[side], x: this.place(side, this.slab.left - 8), anchor: side ? "start" : "end" },
    }));
  }

  // One weight of the chosen layer, or the two that it has become.
  weight() {
    const { scene } = this;
    const { numbers } = scene.chosen;
    for (const { side, title, y } of this.slabs) {
      const [x, middle] = [this.place(side, this.middle), y + 37];
      for (const { lane, beside, kind, loss, number } of this.arrivals(side)) {
        this.trace(`M${lane} ${middle} H${beside}`, `${kind} gradient ${loss}`, MEET, MEET + 0.8);
        if (number) this.appear(this.words(number.x, y + 43, number.text, `${kind} number`, number.anchor), MEET + 0.5);
      }
      const ghost = svgNode("circle", { cx: x, cy: middle, r: 8, class: "ghost" }, this.svg);
      const dot = svgNode("circle", { cx: x, cy: middle, r: 8, class: "weight" }, this.svg);
      this.appear(dot, MEET + 0.1);
      this.appear(ghost, MOVE);
      this.acts.push([MOVE, MOVE + 0.7, (part) => dot.setAttribute("cx", x + 22 * part * numbers.directions[side])]);
      const said = [[MEET + 0.5, scene.towers === 1 ? scene.chosen.layer : numbers.sums[side]], [ADD + 0.5, numbers.sums[side]], [MOVE + 0.7, numbers.after[side]]];
      this.acts.push([0, 8, (part) => (title.textContent = said.findLast(([from]) => 8 * part >= from)?.[1] ?? scene.chosen.layer)]);
      this.acts.push([ADD, ADD + 1, (part) => dot.setAttribute("r", 8 + 5 * Math.sin(Math.PI * part))]);
    }
  }
}
