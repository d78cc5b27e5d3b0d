// Save workbooks in another format, as partners do whose programs are built on SheetJS or ExcelJS.
//
//   node convert.mjs IN.xlsx OUT BOOKTYPE [OUT BOOKTYPE]... [-- IN.xlsx OUT BOOKTYPE ...]...
//
// BOOKTYPE as SheetJS names it: xlsx, xlsm, xlsb, biff8 (.xls), biff5, biff2 (old .xls), ods; "exceljs" is an .xlsx that
// ExcelJS saves. Values, formulas, number formats, the visibility of sheets and document properties go along;
// protection and widths do not matter here.

import { readFileSync, writeFileSync } from "node:fs";
import ExcelJS from "exceljs";
import * as XLSX from "xlsx";

async function byExcelJS(content) {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(content);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

// Opens a workbook in as few ways as its targets need: opening takes longer than saving.
function bySheetJS(content) {
  const opened = {};
  return (bookType) => {
    // Its .ods has no number formats: a day stays a day only as a Date.
    const cellDates = bookType === "ods";
    opened[cellDates] ??= XLSX.read(content, { cellStyles: true, cellNF: true, cellFormula: true, cellDates });
    return XLSX.write(opened[cellDates], { type: "buffer", bookType, cellStyles: true });
  };
}

function jobsOf(words) {
  const jobs = [];
  for (let rest = words; rest.length; ) {
    const end = rest.indexOf("--");
    const job = end < 0 ? rest : rest.slice(0, end);
    if (job.length < 3 || job.length % 2 === 0) return [];
    jobs.push(job);
    rest = end < 0 ? [] : rest.slice(end + 1);
  }
  return jobs;
}

const jobs = jobsOf(process.argv.slice(2));
if (!jobs.length) {
  console.error("usage: node convert.mjs IN.xlsx OUT BOOKTYPE [OUT BOOKTYPE]... [-- IN.xlsx ...]");
  process.exit(2);
}
for (const [source, ...targets] of jobs) {
  const content = readFileSync(source);
  const save = bySheetJS(content);
  for (let at = 0; at < targets.length; at += 2) {
    const bookType = targets[at + 1];
    writeFileSync(targets[at], bookType === "exceljs" ? await byExcelJS(content) : save(bookType));
  }
}
