// Finds time expressions with chrono-node: `node benchmarks/peers/chrono/run_chrono.js < LINES`.
// Lines in and out, and the options --seconds and --rounds N, are those of benchmarks/peers/dated.py.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { vi } from "chrono-node";

// chrono-node reckons with the zone of the process.
process.env.TZ = "Asia/Ho_Chi_Minh";

const PARTS = { sáng: "MO", trưa: "MI", chiều: "AF", tối: "EV", đêm: "NI", "bình minh": "MO" };
const PART_OF_DAY = /sáng|trưa|chiều|tối|đêm|bình minh/gi;
const BETWEEN = /\s(?:đến|tới|và|-)\s|\s*–\s*/;

const digits = (number, width) => String(number).padStart(width, "0");

/** The ISO week of a day. */
function week(year, month, day) {
  const thursday = new Date(Date.UTC(year, month - 1, day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-W${digits(Math.floor((thursday - first) / 604800000) + 1, 2)}`;
}

/** What is certain of a date, and the time of day: its clock, or the part of the day that the words name. */
function value(components, words) {
  const certain = (name) => components.isCertain(name);
  const [year, month, day] = ["year", "month", "day"].map((name) => components.get(name));
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  if (certain("hour")) return `${date}T${digits(components.get("hour"), 2)}:${digits(components.get("minute"), 2)}`;
  const part = words.match(PART_OF_DAY)?.at(-1);
  if (part) return `${date}T${PARTS[part.toLowerCase()]}`;
  // A week is told from a day by its weekday, which is not certain.
  const relative = components.tags().has("result/relativeDate");
  if (relative && certain("day") && !certain("weekday")) return week(year, month, day);
  if (certain("day") || certain("weekday")) return date;
  if (certain("month")) return `${digits(year, 4)}-${digits(month, 2)}`;
  return certain("year") ? digits(year, 4) : date;
}

/** Turns an offset in UTF-16 units, which JavaScript counts, into one in code points. */
function codePoints(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (offset) => offset;
  const places = [];
  let number = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) places.push(number);
    number++;
  }
  places.push(number);
  return (offset) => places[offset];
}

/** The time expressions of a text. */
function find(text, ref) {
  const place = codePoints(text);
  return vi.casual.parse(text, { instant: ref, timezone: 420 }).map((result) => {
    const sides = result.end ? result.text.split(BETWEEN) : [result.text];
    const first = value(result.start, sides[0]);
    const last = result.end ? value(result.end, sides.at(-1)) : first;
    return {
      start: place(result.index),
      end: place(result.index + result.text.length),
      text: result.text,
      type: (first + last).includes("T") ? "TIME" : "DATE",
      value: first === last ? first : `${first}/${last}`,
    };
  });
}

const { values: options } = parseArgs({
  options: { seconds: { type: "boolean", default: false }, rounds: { type: "string", default: "1" } },
});
const rows = readFileSync(0, "utf8").split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
if (options.seconds && rows.length) find(rows[0].text, new Date(rows[0].ref));
const outcomes = rows.map(() => ({ spans: [], cpu_s: Infinity, wall_s: Infinity }));
for (let round = 0; round < Number(options.rounds); round++) {
  rows.forEach((row, number) => {
    const outcome = outcomes[number];
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    try {
      outcome.spans = find(row.text, new Date(row.ref));
    } catch (error) {
      // A finder that fails on a text has found nothing there.
      console.error(`${row.id}: ${error}`);
    }
    const { user, system } = process.cpuUsage(cpu);
    outcome.cpu_s = Math.min(outcome.cpu_s, (user + system) / 1e6);
    outcome.wall_s = Math.min(outcome.wall_s, (performance.now() - wall) / 1000);
  });
}
rows.forEach((row, number) => {
  const { spans, cpu_s, wall_s } = outcomes[number];
  const points = [...row.text];
  for (const { start, end, text } of spans) {
    if (points.slice(start, end).join("") !== text) throw new Error(`${row.id}: ${text} is not at ${start}`);
  }
  console.log(JSON.stringify(options.seconds ? { id: row.id, spans, cpu_s, wall_s } : { id: row.id, spans }));
});
