// What the classing of changes says of small contracts whose answer is known.
import { evolution } from "./evolution.mjs";

const DAYS = { on: "2026-11-25", today: "2027-06-01", told: "- `Color` has gained YELLOW." };
const query = (fields) => `type Query { ${fields} }`;
const gone = (day) => `@deprecated(reason: "Use \`b\` instead. Removed on ${day}.")`;

/** Name, old contract, new contract, the kinds of change, how many problems. */
const CASES = [
  ["a field is added", query("a: Int"), query("a: Int b: Int"), ["safe"], 0],
  ["a field is removed unannounced", query("a: Int b: Int"), query("b: Int"), ["breaking"], 1],
  ["a field is removed before its day", query(`a: Int ${gone("2027-06-02")} b: Int`), query("b: Int"), ["breaking"], 1],
  ["a field is removed on its day", query(`a: Int ${gone("2027-06-01")} b: Int`), query("b: Int"), ["dangerous"], 1],
  [
    "a type goes with its last announced use",
    `${query(`a: Color ${gone("2027-06-01")} b: Int`)} enum Color { RED }`,
    query("b: Int"),
    ["dangerous", "dangerous"],
    1,
  ],
  ["a field becomes nullable", query("a: Int!"), query("a: Int"), ["breaking"], 1],
  ["an argument becomes required", query("a(x: Int): Int"), query("a(x: Int!): Int"), ["breaking"], 1],
  [
    "a value is added, and told",
    `${query("a: Color")} enum Color { RED }`,
    `${query("a: Color")} enum Color { RED YELLOW }`,
    ["dangerous"],
    0,
  ],
  [
    "a value is added, and not told",
    `${query("a: Shape")} enum Shape { ROUND }`,
    `${query("a: Shape")} enum Shape { ROUND SQUARE }`,
    ["dangerous"],
    1,
  ],
  ["a deprecation without a day", query("a: Int b: Int"), query('a: Int @deprecated(reason: "Use b.") b: Int'), null, 1],
  ["a deprecation with too little notice", query("a: Int b: Int"), query(`a: Int ${gone("2027-05-24")} b: Int`), null, 1],
  ["a deprecation with six months' notice", query("a: Int b: Int"), query(`a: Int ${gone("2027-05-25")} b: Int`), null, 0],
];

/** Notes one check a case. */
export async function checkCases(note) {
  for (const [name, old, fresh, kinds, count] of CASES) {
    const { changes, problems } = await evolution(old, fresh, DAYS);
    const found = changes.map((change) => change.kind).sort();
    const wrong = [];
    if (kinds && found.join() !== kinds.join()) wrong.push(`classed as ${found.join(", ")}, not ${kinds.join(", ")}`);
    if (problems.length !== count) wrong.push(`${problems.length} problems, not ${count}: ${problems.join("; ")}`);
    note(`evolution: ${name}`, wrong);
  }
}
