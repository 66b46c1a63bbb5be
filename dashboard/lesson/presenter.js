// Keys turn the lesson (a presenter's clicker sends the same ones). On a slide there are also the presenter's own tools,
// and a window of notes follows: the two tell each other where they are, within this browser alone.

const TYPED = 'textarea, [contenteditable="true"], input:not([type="radio"]):not([type="checkbox"]):not([type="range"])';
const ARROWED = 'input, select, [role="slider"], [role="radio"]'; // the arrows belong to what has the focus
const TURNS = { ArrowRight: "next", ArrowLeft: "back" };
const CLICKER = { ...TURNS, PageDown: "next", PageUp: "back" };
const TOOLS = { n: "notes", t: "timer", f: "fullscreen", b: "blank", ".": "blank", Escape: "leave" };
const BEGAN = "pairdigits.lesson.began"; // when the first slide was shown, for the timer of both windows

export default function ({ data, parentElement: root, setTriggerValue }) {
  const wish = (asked) => setTriggerValue("wish", asked);
  const [slide, notes] = [data.way === "present", data.way === "notes"];
  const part = (name) => root.querySelector(name);
  const button = (does) => part(`[data-does="${does}"]`);

  if (root.step !== undefined && root.step !== data.step) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
  root.step = data.step;
  part(".tools").hidden = !slide && !notes;
  for (const does of ["notes", "fullscreen", "blank", "leave"]) button(does).hidden = notes;

  const channel = slide || notes ? new BroadcastChannel("pairdigits-lesson") : null;
  if (slide) {
    channel.onmessage = ({ data: { asked } }) => (asked === "where" ? channel.postMessage({ at: data.step }) : wish(asked));
    channel.postMessage({ at: data.step });
    if (!localStorage.getItem(BEGAN)) localStorage.setItem(BEGAN, Date.now());
  } else if (notes) {
    channel.onmessage = ({ data: { at } }) => at && at !== data.step && wish(at);
    if (root.asked === undefined) channel.postMessage({ asked: "where" });
    root.asked = true;
  }

  const shown = () => document.documentElement.classList.contains("lesson-notes");
  const press = (does, on) => button(does).setAttribute("aria-pressed", String(on));
  const does = {
    notes: () => press("notes", document.documentElement.classList.toggle("lesson-notes")),
    timer: () => press("timer", !(part(".timer").hidden = !part(".timer").hidden)),
    fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
    blank: () => (part("button.blank").hidden = !part("button.blank").hidden),
    leave: () => { localStorage.removeItem(BEGAN); document.documentElement.classList.remove("lesson-notes"); wish("step"); },
  };
  if (slide) press("notes", shown());
  const tick = () => {
    const seconds = Math.floor((Date.now() - Number(localStorage.getItem(BEGAN) ?? Date.now())) / 1000);
    part(".timer").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  tick();
  const clock = setInterval(tick, 1000);

  const pressed = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest?.(TYPED)) return;
    if (event.key in TURNS && event.target.closest?.(ARROWED)) return;
    const turns = (slide || notes ? CLICKER : TURNS)[event.key];
    const tool = slide ? TOOLS[event.key] : undefined;
    if (!turns && !tool) return;
    event.preventDefault();
    if (tool) does[tool]();
    else if (notes) channel.postMessage({ asked: turns });
    else wish(turns);
  };
  document.addEventListener("keydown", pressed);
  part(".tools").onclick = ({ target }) => does[target.dataset.does]?.();
  part("button.blank").onclick = does.blank;
  return () => {
    document.removeEventListener("keydown", pressed);
    clearInterval(clock);
    channel?.close();
  };
}
