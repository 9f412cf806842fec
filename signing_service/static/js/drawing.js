/**
 * The pad on which a signatory may draw a signature for the stamp: strokes of whole numbers on a grid, never a picture.
 * An ornament: nothing depends on it, so everything here may be skipped. What strokes are is in strokes.js.
 */

import { getJson, postJson } from "./api.js";
import { curve, isVisible, thinned } from "./strokes.js";
import { say, write } from "./words.js";

const STEPS = new Set(["agree", "early", "waiting", "paused", "bind", "own_agree", "own_bind", "held"]);
const NEAR = 4; // points nearer than this say nothing new

const byId = (id) => document.getElementById(id);

/** The strokes that are being drawn on an SVG; `onChange` hears of every one that ends. */
class Pad {
  constructor(svg, limits, onChange) {
    Object.assign(this, { svg, limits, onChange, strokes: [], current: null, near: NEAR });
    this.ink = svg.querySelector("[data-ink]");
    svg.addEventListener("pointerdown", (event) => this.begin(event));
    svg.addEventListener("pointermove", (event) => this.goOn(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => this.end(event));
  }

  show(strokes) {
    this.strokes = strokes;
    this.current = null;
    this.near = NEAR;
    this.draw();
  }

  begin(event) {
    if (!event.isPrimary || event.button !== 0 || this.strokes.length >= this.limits.strokes) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.current = this.point(event);
    this.strokes.push(this.current);
    this.draw();
  }

  goOn(event) {
    if (!this.current || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.add(this.point(each));
    this.draw();
  }

  end(event) {
    if (!this.current || !event.isPrimary) return;
    this.current = null;
    this.onChange();
  }

  add([x, y]) {
    if (Math.hypot(x - this.current.at(-2), y - this.current.at(-1)) < this.near) return;
    this.current.push(x, y);
    if (this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) <= 2 * this.limits.points) return;
    this.strokes = this.strokes.map(thinned);
    this.current = this.strokes.at(-1);
    this.near *= 2;
  }

  point({ clientX, clientY }) {
    const { left, top, width, height } = this.svg.getBoundingClientRect();
    const on = (share, size) => Math.min(size, Math.max(0, Math.round(share * size)));
    return [on((clientX - left) / width, this.limits.width), on((clientY - top) / height, this.limits.height)];
  }

  draw() {
    this.ink.setAttribute("d", this.strokes.map(curve).join(""));
  }
}

/** The part of the seat's page around the pad. `seat()` gives the board; `take` is given a new one, `fail` an error. */
export class Drawing {
  constructor(seat, { take, fail }) {
    Object.assign(this, { seat, take, fail, part: byId("drawing"), known: undefined, kept: null, busy: false });
    if (!this.part) return;
    const limits = JSON.parse(this.part.dataset.limits);
    this.smallest = limits.smallest;
    this.pad = new Pad(byId("pad"), limits, () => this.redraw());
    byId("drawing-keep").addEventListener("click", () => this.send(this.pad.strokes));
    byId("drawing-undo").addEventListener("click", () => this.change(this.pad.strokes.slice(0, -1)));
    byId("drawing-clear").addEventListener("click", () => this.change([]));
  }

  /** Draw for the step at which the seat is; what was drawn before, or in another browser, is fetched. */
  draw(step) {
    if (!this.part) return;
    const { offered, sha256 } = this.seat().drawing;
    this.part.hidden = !offered || !STEPS.has(step);
    if (this.known !== sha256 && !this.part.hidden && !this.busy) this.recall(sha256);
    this.redraw();
  }

  async recall(sha256) {
    this.known = sha256;
    try {
      const { strokes } = sha256 ? await getJson(`${this.seat().api}/drawing`) : { strokes: [] };
      const untouched = !this.pad.strokes.length || JSON.stringify(this.pad.strokes) === this.kept;
      this.kept = strokes.length ? JSON.stringify(strokes) : null;
      if (untouched) this.pad.show(strokes);
      this.redraw();
    } catch (error) {
      this.known = undefined; // asked again at the next change of the board
    }
  }

  /** Undone or cleared; with nothing left, nothing stays in the stamp either. */
  change(strokes) {
    this.pad.show(strokes);
    this.redraw();
    if (this.kept && !strokes.length) this.send([]);
  }

  async send(strokes) {
    if (this.busy) return;
    this.busy = true;
    this.redraw();
    const sent = strokes.length ? JSON.stringify(strokes) : null; // what is drawn meanwhile is not in it
    try {
      const board = await postJson(`${this.seat().api}/drawing`, { strokes });
      this.kept = sent;
      this.known = board.drawing.sha256;
      this.take(board);
    } catch (error) {
      this.fail(error);
    } finally {
      this.busy = false;
      this.redraw();
    }
  }

  redraw() {
    const { strokes } = this.pad;
    const same = Boolean(this.kept) && JSON.stringify(strokes) === this.kept;
    const state = same ? "kept" : this.kept ? "changed" : strokes.length ? "unsaved" : "none";
    const visible = isVisible(strokes, this.smallest);
    this.part.dataset.state = state;
    write(byId("drawing-state"), say(strokes.length && !visible ? "drawing_small" : `drawing_${state}`));
    byId("drawing-keep").disabled = this.busy || same || !visible;
    for (const id of ["drawing-undo", "drawing-clear"]) byId(id).disabled = this.busy || !strokes.length;
    byId("pad").toggleAttribute("data-empty", !strokes.length);
  }
}
