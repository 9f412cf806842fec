/**
 * The host's board of a rehearsal: who has opened the page, read the copy, made a key, made a practice signature. Starting
 * and ending are plain forms; when somebody else starts or ends one, the page is fetched anew.
 */

import { hereAndUtc, pick, say, write } from "./words.js";

const byId = (id) => document.getElementById(id);

export function drawRehearsal(board) {
  const section = byId("rehearsal");
  section.hidden = board.ceremony.state !== "planned";
  if (section.hidden) return;
  const running = Boolean(board.rehearsal);
  if (running !== (section.dataset.running === "yes")) {
    location.reload();
    return;
  }
  if (!running) return;
  const { practised, expires_at: until, seats } = board.rehearsal;
  write(byId("rehearsal-count"), say("rehearsed_count", { practised, of: board.of, until: hereAndUtc(until) }));
  const list = byId("preflight");
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  for (const seat of board.seats) {
    const row = known.get(seat.signatory_id) ?? newRow(list, seat);
    for (const step of row.querySelectorAll("[data-step]")) {
      const done = Boolean(seats[seat.signatory_id]?.[step.dataset.step]);
      step.classList.toggle("done", done);
      write(step.querySelector("[data-said]"), `: ${say(done ? "step_done" : "step_open")}`);
    }
  }
}

function newRow(list, seat) {
  const row = byId("preflight-row").content.firstElementChild.cloneNode(true);
  row.dataset.id = seat.signatory_id;
  write(row.querySelector("[data-party]"), pick(seat.party));
  write(row.querySelector("[data-who]"), `${seat.name} · ${pick(seat.title)}`);
  list.append(row);
  return row;
}
