/**
 * What a rehearsal has beside the seat: beginning anew. The steps themselves are those of seat.js, at another address.
 */

import { ConnectionLost, postJson } from "./api.js";
import { drawProblem } from "./seat_view.js";
import { firstState, say } from "./words.js";

async function again() {
  try {
    await postJson(`${firstState.api}/again`, {});
    location.reload();
  } catch (error) {
    if (error instanceof ConnectionLost) drawProblem({ title: say("no_answer"), text: say("no_answer_text") });
    else drawProblem({ title: say("not_accepted"), text: error.detail || error.message });
  }
}

document.getElementById("again").addEventListener("click", again);
