/**
 * Finds how many tiles stand in a row and how small they must be so that all of them fit the screen, on any screen. Pure
 * arithmetic in units of the stage (--u); the style sheet does the rest.
 */

/** Smallest legible letters on a screen, in pixels. */
const LEGIBLE = 9;

/**
 * How much a tile says: its natural size at scale 1 (width is the least it can do with), the letters that must stay
 * legible at that scale, and how much size one more column must bring, because wide tiles read better.
 */
const MODES = [
  { name: "full", width: 34, height: 20.8, letters: 1.18, reluctance: 1.15 },
  { name: "many", width: 34, height: 13.6, letters: 2.3, reluctance: 1.05 },
  { name: "crowd", width: 34, height: 11.6, letters: 0, reluctance: 1 },
];
const GAP = 2.5;

/** The widest a tile becomes: one alone, or several. */
const ALONE = 52;
const WIDEST = 41;

/** The best arrangement of `count` tiles in one mode: {columns, scale}. */
function best(mode, count, width, height) {
  let found = { columns: 1, scale: 0 };
  for (let columns = 1; columns <= Math.min(count, 12); columns += 1) {
    const rows = Math.ceil(count / columns);
    const across = width / (columns * mode.width + (columns - 1) * GAP);
    const down = height / (rows * mode.height + (rows - 1) * GAP);
    const scale = Math.min(1, across, down);
    if (scale > found.scale * mode.reluctance) found = { columns, scale };
  }
  return found;
}

/** Arrange `count` tiles in `width` × `height` units; `unit` is the size of one unit in pixels. */
export function arrange(count, width, height, unit) {
  for (const mode of MODES) {
    const { columns, scale } = best(mode, count, width, height);
    if (scale * mode.letters * unit >= LEGIBLE || mode.letters === 0)
      return { mode: mode.name, columns, scale, widest: count === 1 ? ALONE : WIDEST };
  }
  throw new RangeError("no arrangement");
}
