// Lines of text about launches, with a bar where there is progress. The server pushes what they say; a screen reader
// hears only of a launch that came to rest or began, not of every epoch.

const TOGETHER = 200; // ms

function write(row, { title, text, progress }) {
  row.querySelector("b").textContent = title;
  row.querySelector("span").textContent = text;
  const bar = row.querySelector("progress");
  bar.hidden = progress === null;
  bar.value = progress ?? 0;
  bar.setAttribute("aria-label", `${title}: ${text}`);
}

function made() {
  const row = document.createElement("div");
  row.className = "launch-line";
  row.innerHTML = "<p><b></b><span></span></p><progress max='1'></progress>";
  return row;
}

function listen(root, line, row, said) {
  const stop = feed().watch(line.launch, (known) => {
    const { latest } = known;
    const text = latest[line.field];
    if (text !== undefined) write(row, { ...line, text, progress: line.progress === null ? null : latest.progress });
    if (line.active === null || latest.active === line.active) return;
    said.textContent = `${line.title} ${latest.words}`;
    // The page is drawn anew, with other buttons, unless the launch turns back meanwhile, as after Pause and Continue,
    // or is about to be played once more.
    // Those who watch together do not all ask for it at once.
    clearTimeout(root.turn);
    root.turn = setTimeout(() => {
      if (known.latest.active !== line.active && !known.played) root.turned([line.launch, line.take]);
    }, TOGETHER * (1 + Math.random()));
  });
  if (line.play) feed().play(line.launch, line.play);
  return stop;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".launch-lines");
  const said = parentElement.querySelector(".said");
  root.turned = (launch) => setTriggerValue("turned", launch);
  while (root.children.length < data.length) root.append(made());
  while (root.children.length > data.length) root.lastChild.remove();
  const rows = [...root.children];
  rows.forEach((row, i) => write(row, data[i]));
  for (const stop of root.stops ?? []) stop();
  clearTimeout(root.turn);
  root.stops = data.flatMap((line, i) => (line.launch ? [listen(root, line, rows[i], said)] : []));
  return () => {
    if (root.isConnected) return;
    clearTimeout(root.turn);
    for (const stop of root.stops) stop();
  };
}
