// Numbers on coloured cells: each in black or white, whichever stands out more from the colour of its cell. One of the
// two always has a contrast of 4.5; the grey or white that Plotly takes by itself has not.

function luminance(colour) { // as WCAG 2 defines it, of red, green and blue in 0..255
  const [red, green, blue] = colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function inkOn(colour) {
  const ground = luminance(colour);
  return (ground + 0.05) / 0.05 > 1.05 / (ground + 0.05) ? "#000000" : "#ffffff";
}

// The colour at a share of a scale, mixed as Plotly mixes it.
function mixed(scale, share) {
  const above = Math.max(scale.findIndex(([stop]) => stop >= share), 1);
  const [[low, from], [high, to]] = [scale[above - 1], scale[above]];
  const [one, other] = [from, to].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return one.map((part, i) => part + ((share - low) / (high - low)) * (other[i] - part));
}

function inked(trace) {
  if (trace.type !== "heatmap" || !trace.texttemplate) return trace;
  const values = trace.z.flat().filter((value) => value !== null);
  // Plotly, too, heeds the ends of a scale only where both are given.
  const given = trace.zmin !== undefined && trace.zmax !== undefined;
  const [low, high] = given ? [trace.zmin, trace.zmax] : [Math.min(...values), Math.max(...values)];
  const ink = (value) => inkOn(mixed(trace.colorscale, Math.min(Math.max((value - low) / (high - low || 1), 0), 1)));
  const text = trace.text.map((row, i) => row.map((words, j) => (
    words && `<span style="color:${ink(trace.z[i][j])}">${words}</span>`)));
  return { ...trace, text };
}
