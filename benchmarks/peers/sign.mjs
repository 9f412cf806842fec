// @libpdf/core: signs one file in memory each time a line "go" arrives, and says how long that took.
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { P12Signer, PDF } from "@libpdf/core";

const [p12, password] = process.argv.slice(2);
const signer = await P12Signer.create(new Uint8Array(await readFile(p12)), password);
let pdf = null;
let signed = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith("load ")) {
    pdf = new Uint8Array(await readFile(line.slice(5)));
    console.log("0");
  } else if (line.startsWith("write ")) {
    await writeFile(line.slice(6), signed);
    console.log("0");
  } else {
    const begun = performance.now();
    const document = await PDF.load(pdf);
    ({ bytes: signed } = await document.sign({ signer }));
    console.log(performance.now() - begun);
  }
}
