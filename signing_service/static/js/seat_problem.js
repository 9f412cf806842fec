/**
 * What went wrong at a seat, in words: what happened, that nothing was lost, what to do. It draws nothing.
 */

import { ConnectionLost, Problem } from "./api.js";
import { NoPasskey } from "./passkeys.js";
import { say } from "./words.js";

/** Title and text for an error. */
export function problemWords(error) {
  if (error instanceof NoPasskey) return { title: say(error.word), text: say(`${error.word}_text`) };
  if (error instanceof ConnectionLost) return { title: say("no_answer"), text: say("no_answer_text") };
  if (!(error instanceof Problem)) return { title: say("not_done"), text: say("not_done_text", { why: error.message }) };
  if (error.status === 401) return { title: say("session_over"), text: say("session_over_text") };
  return { title: say("not_accepted"), text: error.detail || error.title };
}
