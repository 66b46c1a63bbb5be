// What a last layer that is a sum makes of digits: a_0..a_9 for the first, b_0..b_9 for the second, and c. It says
// "first <= second" where the sum is above 0. Stands before the script that draws.

const DIGITS = 10;

// Readings as the server sends them: ten float32 a digit, then a byte each for what the digits are.
async function fetchReadings(address) {
  const answer = await fetch(serverAddress(address));
  if (!answer.ok) throw new Error(`${answer.status}`);
  const buffer = await answer.arrayBuffer();
  const count = buffer.byteLength / (4 * DIGITS + 1);
  return { values: new Float32Array(buffer, 0, DIGITS * count), labels: new Uint8Array(buffer, 4 * DIGITS * count) };
}

function halves(numbers, values) {
  const count = values.length / DIGITS;
  const left = new Float64Array(count).fill(numbers[2 * DIGITS]);
  const right = new Float64Array(count);
  for (let n = 0, k = 0; n < count; n++) {
    for (let i = 0; i < DIGITS; i++, k++) {
      left[n] += numbers[i] * values[k];
      right[n] += numbers[DIGITS + i] * values[k];
    }
  }
  return [left, right];
}

// For ten signals, [first][second]: 1 where the layer says "first <= second", else 0.
function verdicts(numbers, signals) {
  const [left, right] = halves(numbers, signals.flat());
  return Array.from(left, (l) => Array.from(right, (r) => Number(l + r > 0)));
}

// Over all ordered pairs of some digits: the share called "first <= second" for each pair of digits, and the share of
// pairs that are compared rightly. Sorted, all pairs of n and m digits take n + m steps.
function shares(numbers, { values, labels }) {
  const [left, right] = halves(numbers, values).map((side) => {
    const groups = Array.from({ length: DIGITS }, () => []);
    labels.forEach((label, n) => groups[label].push(side[n]));
    return groups.map((group) => Float64Array.from(group).sort());
  });
  let good = 0;
  const share = left.map((of_first, first) => right.map((of_second, second) => {
    let called = 0;
    let place = of_second.length;
    for (const l of of_first) {
      while (place > 0 && l + of_second[place - 1] > 0) place--;
      called += of_second.length - place;
    }
    const all = of_first.length * of_second.length;
    good += first <= second ? called : all - called;
    return called / all;
  }));
  return { share, accuracy: good / labels.length ** 2 };
}

function wrongCells(board) {
  return board.flatMap((row, first) => row.map((p, second) => (p > 0.5) !== (first <= second))).filter(Boolean).length;
}
