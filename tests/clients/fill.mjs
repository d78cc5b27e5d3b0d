// Fill a workbook as a partner does whose program is built on ExcelJS or SheetJS.
//
//   node fill.mjs exceljs|sheetjs IN.xlsx OUT.xlsx VALUES.json
//
// VALUES.json: [{"sheet": "Hoạt động hỗ trợ", "cell": "E12", "value": V}, ...] where V is a number, a text, true or
// false, null (empties the cell), {"date": "2025-03-14"} or {"formula": "F12*G12"}.

import { readFileSync, writeFileSync } from "node:fs";
import ExcelJS from "exceljs";
import * as XLSX from "xlsx";

const DATE_FORMAT = "dd/mm/yyyy";

class Refused extends Error {}

async function fillByExcelJS(source, target, entries) {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(source);
  for (const { sheet, cell: address, value } of entries) {
    const worksheet = workbook.getWorksheet(sheet);
    if (!worksheet) throw new Refused(`no sheet "${sheet}"`);
    const cell = worksheet.getCell(address);
    // A person at the keyboard cannot type into a locked cell; a test that does shows nothing.
    const locked = cell.protection?.locked ?? true;
    if (worksheet.sheetProtection?.sheet && locked) throw new Refused(`${sheet}!${address} is locked`);
    if (value?.date !== undefined) {
      cell.value = new Date(`${value.date}T00:00:00Z`);
      // Cells of one style share one object: setting cell.numFmt would turn all of them into dates.
      if (!cell.numFmt || cell.numFmt === "General") cell.style = { ...cell.style, numFmt: DATE_FORMAT };
    } else if (value?.formula !== undefined) {
      cell.value = { formula: value.formula };
    } else {
      cell.value = value;
    }
  }
  await workbook.xlsx.writeFile(target);
}

function fillBySheetJS(source, target, entries) {
  const workbook = XLSX.read(readFileSync(source), { cellStyles: true, cellNF: true, cellFormula: true });
  for (const { sheet, cell: address, value } of entries) {
    const worksheet = workbook.Sheets[sheet];
    if (!worksheet) throw new Refused(`no sheet "${sheet}"`);
    worksheet[address] = sheetJSCell(value, worksheet[address]);
    growRange(worksheet, XLSX.utils.decode_cell(address));
  }
  writeFileSync(target, XLSX.write(workbook, { type: "buffer", bookType: "xlsx", cellStyles: true }));
}

function sheetJSCell(value, before) {
  const kept = before?.z ? { z: before.z } : {};
  if (value === null) return { t: "z" };
  if (value.date !== undefined) {
    const format = kept.z && kept.z !== "General" ? kept.z : DATE_FORMAT;
    return { t: "n", v: serial(value.date), z: format };
  }
  if (value.formula !== undefined) return { t: "n", f: value.formula, ...kept };
  const type = { number: "n", string: "s", boolean: "b" }[typeof value];
  return { t: type, v: value, ...kept };
}

// Days since 1899-12-30, as Excel counts from March 1900 on.
function serial(iso) {
  return Math.round((Date.parse(`${iso}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000);
}

function growRange(worksheet, at) {
  const range = XLSX.utils.decode_range(worksheet["!ref"] ?? "A1:A1");
  range.s.r = Math.min(range.s.r, at.r);
  range.s.c = Math.min(range.s.c, at.c);
  range.e.r = Math.max(range.e.r, at.r);
  range.e.c = Math.max(range.e.c, at.c);
  worksheet["!ref"] = XLSX.utils.encode_range(range);
}

const FILLERS = { exceljs: fillByExcelJS, sheetjs: fillBySheetJS };

const [client, source, target, values] = process.argv.slice(2);
if (!FILLERS[client] || !values) {
  console.error("usage: node fill.mjs exceljs|sheetjs IN.xlsx OUT.xlsx VALUES.json");
  process.exit(2);
}
try {
  await FILLERS[client](source, target, JSON.parse(readFileSync(values, "utf8")));
} catch (error) {
  console.error(error instanceof Refused ? `fill.mjs: ${error.message}` : error);
  process.exit(1);
}
