// How strokes, and the image under them, become pixels: white ink on black, whatever the canvas's size.

const SIDE = 280; // units a side of the square in which strokes are kept

function paint(canvas, { background, strokes }) {
  const g = canvas.getContext("2d");
  const size = canvas.width;
  g.setTransform(1, 0, 0, 1, 0, 0);
  g.fillStyle = "#000";
  g.fillRect(0, 0, size, size);
  g.scale(size / SIDE, size / SIDE);
  if (background) {
    const scale = SIDE / Math.max(background.width, background.height);
    const [w, h] = [background.width * scale, background.height * scale];
    g.imageSmoothingQuality = "high";
    g.drawImage(background, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
  }
  g.strokeStyle = "#fff";
  g.lineCap = g.lineJoin = "round";
  for (const { width, points } of strokes) {
    g.lineWidth = width;
    g.beginPath();
    g.moveTo(points[0], points[1]);
    if (points.length === 2) g.lineTo(points[0] + 0.01, points[1]); // a dot
    for (let i = 2; i < points.length; i += 2) g.lineTo(points[i], points[i + 1]);
    g.stroke();
  }
}
