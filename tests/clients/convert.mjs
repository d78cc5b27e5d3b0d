// Save a workbook in another format, as a partner does whose program is built on SheetJS.
//
//   node convert.mjs IN.xlsx OUT BOOKTYPE [OUT BOOKTYPE]...
//
// BOOKTYPE as SheetJS names it: xlsb, biff8 (.xls), biff5, biff2 (old .xls), ods. Values, formulas, number formats, the
// visibility of sheets and document properties go along; protection and widths do not matter here.

import { readFileSync, writeFileSync } from "node:fs";
import * as XLSX from "xlsx";

const [source, ...targets] = process.argv.slice(2);
if (!source || targets.length < 2 || targets.length % 2) {
  console.error("usage: node convert.mjs IN.xlsx OUT BOOKTYPE [OUT BOOKTYPE]...");
  process.exit(2);
}
for (let at = 0; at < targets.length; at += 2) {
  const bookType = targets[at + 1];
  // Its .ods has no number formats: a day stays a day only as a Date.
  const options = { cellStyles: true, cellNF: true, cellFormula: true, cellDates: bookType === "ods" };
  const workbook = XLSX.read(readFileSync(source), options);
  writeFileSync(targets[at], XLSX.write(workbook, { type: "buffer", bookType, cellStyles: true }));
}
