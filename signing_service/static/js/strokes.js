/**
 * Strokes of a drawn signature: flat lists x, y, x, y … on the grid of the pad. The curve is the one the stamp is given
 * (pades/drawing.py): quadratic, with the points as controls and the middles between them as ends.
 */

/** One stroke, a flat list x, y, x, y …, as the data of an SVG path. */
export function curve(stroke) {
  const [x, y] = stroke;
  let path = `M${x} ${y}`;
  for (let at = 2; at + 3 < stroke.length; at += 2) {
    const [cx, cy, nx, ny] = stroke.slice(at, at + 4);
    path += `Q${cx} ${cy} ${(cx + nx) / 2} ${(cy + ny) / 2}`;
  }
  return `${path}L${stroke.at(-2)} ${stroke.at(-1)}`;
}

/** A stroke with about half of its points; its ends stay. */
export function thinned(stroke) {
  const last = stroke.length - 2;
  return stroke.filter((_, at) => at % 4 < 2 || at >= last);
}

/** Whether a drawing is large enough to be seen in a stamp. */
export function isVisible(strokes, smallest) {
  const reach = (axis) => {
    const values = strokes.flatMap((stroke) => stroke.filter((_, at) => at % 2 === axis));
    return Math.max(...values) - Math.min(...values);
  };
  return strokes.length > 0 && Math.max(reach(0), reach(1)) >= smallest;
}
