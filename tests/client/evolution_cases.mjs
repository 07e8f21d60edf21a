// What the classing of changes says of small contracts whose answer is known.
import { evolution } from "./evolution.mjs";

const DAYS = { on: "2026-11-25", today: "2027-06-01", told: "# Changes\n\n## Unreleased\n\n- `Color` has gained YELLOW.\n- `Query.sorted(by:)`.\n\n## 1.0\n\n- SQUARE\n" };
const query = (fields) => `type Query { ${fields} }`;
const COST = "directive @cost(weight: Int!) on FIELD_DEFINITION";
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
  [
    "a value is added, and only its type is told",
    `${query("a: Color")} enum Color { RED }`,
    `${query("a: Color")} enum Color { RED BLUE }`,
    ["dangerous"],
    1,
  ],
  ["an input becomes one of its fields", `${query("a(x: I): Int")} input I { p: Int q: Int }`, `${query("a(x: I): Int")} input I @oneOf { p: Int q: Int }`, ["breaking"], 1],
  ["a new input is one of its fields", query("a: Int"), `${query("a: Int b(x: I): Int")} input I @oneOf { p: Int q: Int }`, null, 0],
  ["what something costs changes", `${COST} ${query("a: Int @cost(weight: 1)")}`, `${COST} ${query("a: Int @cost(weight: 2)")}`, ["safe", "safe"], 0],
  ["a default changes, and is told", query("sorted(by: Int = 1): Int"), query("sorted(by: Int = 2): Int"), ["dangerous"], 0],
  ["a default changes, and is not told", query("sorted(of: Int = 1): Int"), query("sorted(of: Int = 2): Int"), ["dangerous"], 1],
  ["a default of an input changes, and is not told", `${query("a(x: I): Int")} input I { p: Int = 1 }`, `${query("a(x: I): Int")} input I { p: Int = 2 }`, ["dangerous"], 1],
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
