// GraphQL over HTTP: the audits of the package graphql-http against a running server.
import { serverAudits } from "graphql-http";

/** Runs all audits. MUST and SHOULD have to pass and are noted; MAY are printed. */
export async function runAudits(url, note) {
  const may = { passed: 0, told: [] };
  for (const audit of serverAudits({ url, fetchFn: fetch })) {
    const problems = await outcome(audit);
    if (!audit.name.startsWith("MAY")) note(`${audit.id} ${audit.name}`, problems);
    else if (problems.length === 0) may.passed += 1;
    else may.told.push(`${audit.id} ${audit.name}: ${problems.join("; ")}`);
  }
  console.log(`      MAY: ${may.passed} hold, ${may.told.length} do not`);
  for (const line of may.told) console.log(`      ${line}`);
}

async function outcome(audit) {
  try {
    const result = await audit.fn();
    return result.status === "ok" ? [] : [result.reason];
  } catch (error) {
    return [`fatal: ${error.message}`];
  }
}
