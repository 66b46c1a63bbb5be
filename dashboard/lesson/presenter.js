// Arrow keys (and a presenter's clicker) turn the pages of the lesson; a new step begins at its top.

const ELSEWHERE = 'input, textarea, select, [role="slider"], [role="radio"], [contenteditable="true"]';
const ALWAYS = { ArrowRight: "next", ArrowLeft: "back" };
const ON_STAGE = { PageDown: "next", PageUp: "back", Escape: "leave" };

export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.step !== undefined && parentElement.step !== data.step) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
  parentElement.step = data.step;
  const turn = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest?.(ELSEWHERE)) return;
    const wish = ALWAYS[event.key] ?? (data.present ? ON_STAGE[event.key] : undefined);
    if (!wish) return;
    event.preventDefault();
    setTriggerValue("wish", wish);
  };
  document.addEventListener("keydown", turn);
  return () => document.removeEventListener("keydown", turn);
}
