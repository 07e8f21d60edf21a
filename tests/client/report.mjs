// Counts what held and what did not.
export class Report {
  passed = 0;
  failed = 0;

  /** Notes a check: it held when `problems` is empty. */
  note(name, problems) {
    if (problems.length === 0) {
      this.passed += 1;
      console.log(`ok    ${name}`);
      return;
    }
    this.failed += 1;
    console.log(`FAIL  ${name}`);
    for (const problem of problems) console.log(`      ${problem}`);
  }

  /** Runs a check; it held when it does not throw. Gives on what the check gave or threw. */
  async step(name, body) {
    try {
      const value = await body();
      this.note(name, []);
      return value;
    } catch (error) {
      this.note(name, [error instanceof Error ? error.message : String(error)]);
      throw error;
    }
  }

  heading(text) {
    console.log(`\n${text}`);
  }
}
