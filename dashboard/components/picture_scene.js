// The base model's step: both digits are two channels of one picture, which passes the tower once. What is read goes down
// on its left, the one gradient comes up on its right, and nothing meets it.

const STACK = { x: 176, y: 2, size: 34, shift: 8 }; // two small pictures over the first layer
const UP = 406; // the gradient's lane

class PictureScene extends TowerScene {
  get label() {
    return "One tower that is given both digits as one picture";
  }

  get end() {
    return "two outputs";
  }

  ahead() {
    const { x, y, size, shift } = STACK;
    const middle = x + shift + size / 2;
    this.trace(`M84 24 C120 12 140 8 ${x} 14`, "left", READ, READ + 0.6);
    this.trace(`M516 24 C440 0 330 0 ${x + shift + size} 14`, "right", READ, READ + 0.6);
    for (const side of [1, 0]) {
      const at = { x: x + shift * side, y: y + (1 - side) * 6, width: size, height: size };
      const sheet = svgNode("g", {}, this.svg);
      svgNode("image", { href: this.scene.images[side], ...at }, sheet);
      svgNode("rect", { ...at, rx: 4, class: `frame ${side ? "right" : "left"}` }, sheet);
      this.appear(sheet, READ + 0.6);
    }
    this.appear(this.words(x + shift + size + 8, 32, "two channels", "", "start"), READ + 0.6);
    this.trace(`M${middle} ${TOP} V${this.floor}`, "thin", READ + 1, READ + 1.75);
    this.trace(`M${middle} ${this.floor} C${middle} ${this.floor + 24} 260 ${this.floor + 12} 260 ${HEAD.top}`, "thin", COMPARE, COMPARE + 0.7);
  }

  return() {
    this.back_up(`M316 ${PILLS.top} V${HEAD.top} C316 290 ${UP} 300 ${UP} ${this.floor}`, UP, "thin", "class");
  }

  arrivals() {
    const number = { text: this.scene.chosen.numbers.sides[0], x: this.slab.right + 8, anchor: "start" };
    return [{ lane: UP, beside: this.middle + 11, kind: "thin", loss: "class", number }];
  }
}
