/**
 * Tells the service that a person's browser, not a mail scanner, has opened the link. Everything else on that page works
 * without script.
 */

import { postJson } from "./api.js";

const { opened } = document.querySelector("[data-opened]").dataset;
postJson(opened, {}).catch(() => null); // information only: the next page works without it
