// Shows HTML that Python made. New HTML is worked into what stands there, node by node: a bar that stays the same node
// moves to its new height, a button keeps its focus, and a screen reader hears only what changed.

const REST = 800; // ms without a new verdict

function renew(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  renewChildren(old, fresh);
}

function renewChildren(old, fresh) {
  const nodes = [...fresh.childNodes];
  if (nodes.length !== old.childNodes.length) return old.replaceChildren(...nodes);
  nodes.forEach((node, i) => renew(old.childNodes[i], node));
}

function show(root, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  renewChildren(root, template.content);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  root.dataset.name = data.name;
  show(root, data.html);
  root.onclick = (event) => {
    const choice = event.target.closest("[data-choose]");
    if (choice) setTriggerValue("chosen", choice.dataset.choose);
  };
  // What a canvas has asked the server, while the pen moves; the page's own word follows. A screen reader waits until
  // the pen rests, or it would read out every verdict on the way.
  const hear = ({ detail }) => {
    if (!(data.name in detail)) return;
    root.setAttribute("aria-busy", "true");
    clearTimeout(root.rest);
    root.rest = setTimeout(() => root.removeAttribute("aria-busy"), REST);
    show(root, detail[data.name]);
  };
  window.addEventListener("boards", hear);
  return () => window.removeEventListener("boards", hear);
}
