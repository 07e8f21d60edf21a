/* Starts GraphiQL on this page. Plain script without a build step: it uses the globals React, ReactDOM
 * and GraphiQL of the files beside it, and talks to this server only.
 * Nothing is kept: storage and tokens live in this tab's memory and are gone on reload. */
"use strict";
(() => {
  const h = React.createElement;
  const byId = (id) => document.getElementById(id);

  const NOBODY = "nobody"; // Value of the persona list for "no token".
  const PASTED = "pasted"; // Value of the persona list for "the token of the field".
  const HELLO = `# This page talks to this server's /graphql and to nothing else.
# Without a token you see the public directory. Paste a token above to see more.
# Ctrl-Space completes, Ctrl-Enter runs, the book on the left opens the documentation.

query Hello {
  __typename
}
`;

  // The answer of /graphiql/personas.json; outside demonstration mode there are no personas and no tabs.
  let demo = { demo: false, personas: [], tabs: [] };
  // The last `data` of each operation, by operation name. Later tabs refer to it, see `filled`.
  // "Page" stands for this load of the page: its id makes idempotency keys that are new each time.
  const page = crypto.getRandomValues(new Uint8Array(16));
  const answers = new Map([["Page", { id: Array.from(page, (byte) => byte.toString(16).padStart(2, "0")).join("") }]]);

  /** Storage with the methods of localStorage that GraphiQL uses, forgotten with the page. */
  function memoryStorage() {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
      clear: () => kept.clear(),
      get length() {
        return kept.size;
      },
    };
  }

  /** The token to send now: of the chosen persona, of the field, or none. */
  function currentToken() {
    const choice = byId("persona").value;
    if (choice === PASTED) return byId("token").value.trim();
    return demo.personas.find((persona) => persona.name === choice)?.token ?? "";
  }

  /**
   * Replaces each "{{Operation.path.to.value}}" in variables by that value of the operation's last answer,
   * so that a step of the loop can use the id that the step before it made.
   */
  function filled(value) {
    if (Array.isArray(value)) return value.map(filled);
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
    }
    const reference = typeof value === "string" && /^\{\{(\w+)\.([\w.]+)\}\}$/.exec(value);
    if (!reference) return value;
    const [, operation, path] = reference;
    const found = path.split(".").reduce((at, key) => at?.[key], answers.get(operation));
    if (found === undefined) throw new Error(`Run ${operation} first: its answer gives ${path}.`);
    return found;
  }

  /**
   * Kind and name of the operation that is about to run, read from the text itself: what GraphiQL hands
   * over is a moment old, which right after a change of tab means the operation of another tab.
   */
  function operationOf({ query, operationName }) {
    try {
      const { definitions } = GraphiQL.GraphQL.parse(query);
      const operations = definitions.filter((part) => part.kind === "OperationDefinition");
      const chosen = operations.find((part) => part.name?.value === operationName) ?? operations[0];
      return { kind: chosen.operation, name: chosen.name?.value };
    } catch {
      return { kind: "query", name: operationName }; // The server says what is wrong with the text.
    }
  }

  const refusal = (message) => ({ errors: [{ message }] });

  /** Follows a subscription over graphql-transport-ws; the token goes into `connection_init`. */
  function subscribe(params, options, token) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const fetcher = GraphiQL.createFetcher({
      url: "/graphql",
      subscriptionUrl: `${scheme}//${location.host}/graphql`,
      wsConnectionParams: token ? { authorization: `Bearer ${token}` } : {},
    });
    return fetcher(params, options);
  }

  /** Sends one operation and returns the answer as GraphiQL shows it. Never throws. */
  async function send(params, options) {
    const { kind, name } = operationOf(params);
    if (kind === "mutation" && !byId("changes").checked) {
      return refusal("This would change data. Tick “Allow changes” at the top of the page first.");
    }
    const token = currentToken();
    const began = performance.now();
    try {
      const body = { ...params, operationName: name, variables: filled(params.variables ?? {}) };
      if (kind === "subscription") return subscribe(body, options, token);
      const quiet = name === "IntrospectionQuery"; // GraphiQL's own, not the visitor's.
      if (!quiet) byId("status").textContent = "Waiting for the answer…";
      const response = await fetch("/graphql", {
        method: "POST",
        credentials: "omit",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/graphql-response+json, application/json;q=0.9",
          ...(token && { Authorization: `Bearer ${token}` }),
          ...options?.headers,
        },
        body: JSON.stringify(body),
      });
      const answer = await response.json().catch(() => refusal(`The server answered ${response.status} without JSON.`));
      if (!quiet) {
        if (answer.data && name) answers.set(name, answer.data);
        showStatus(response, answer, performance.now() - began);
      }
      return answer;
    } catch (error) {
      // Fetch says only "Failed to fetch" when the line is down.
      return refusal(error instanceof TypeError ? `The server could not be reached: ${error.message}.` : error.message);
    }
  }

  /** One line about the last answer: HTTP status, time, cost, request id. */
  function showStatus(response, answer, milliseconds) {
    const { cost, requestId } = answer.extensions ?? {};
    const id = requestId ?? response.headers.get("x-request-id") ?? answer.errors?.[0]?.extensions?.requestId;
    const parts = [`HTTP ${response.status}`, `${Math.round(milliseconds)} ms`];
    if (cost) {
      parts.push(`cost ${cost.actual ?? cost.requested}${cost.limit ? ` of ${cost.limit}` : ""}`);
      if (cost.bucket) parts.push(`${cost.bucket.remaining} left`);
    }
    if (id) parts.push(`request ${id}`);
    byId("status").textContent = parts.join(" · ");
  }

  /** Names the step of the selected tab and takes the persona it needs. Tabs of the user's own change nothing. */
  function showStep(index) {
    const step = demo.tabs[index];
    byId("step").textContent = step ? `Step ${index + 1} of ${demo.tabs.length}: ${step.title}` : "";
    if (!step) return;
    const known = demo.personas.some((persona) => persona.name === step.persona);
    byId("persona").value = known ? step.persona : NOBODY;
    showTokenField();
  }

  /** The footer below the answer. It lives inside GraphiQL, so it knows which tab is selected. */
  function Footer() {
    const { tabs, activeTabIndex, changeTab } = GraphiQL.React.useEditorContext({ nonNull: true });
    // The first tabs are the steps, in order; ids stay with a tab when others are closed or moved.
    const steps = React.useRef(tabs.map((tab) => tab.id)).current;
    const active = tabs[activeTabIndex].id;
    const step = demo.demo ? steps.indexOf(active) : -1;
    React.useEffect(() => showStep(step), [active]);
    const next = step < 0 ? -1 : tabs.findIndex((tab) => tab.id === steps[step + 1]);
    return h(
      "div",
      { className: "footer" },
      h("p", { id: "status", role: "status" }, "No answer yet."),
      next < 0
        ? null
        : h("button", { id: "next", type: "button", onClick: () => changeTab(next) }, `Next: ${demo.tabs[step + 1].title} →`),
    );
  }

  /** Shows the token field when its token is the one that counts. */
  function showTokenField() {
    byId("token-field").hidden = byId("persona").value !== PASTED;
  }

  /** Fills the persona list; without personas only the token field is left. */
  function showPersonas() {
    const describe = ({ name, organization, kinds, roles }) => {
      const details = [organization, [...(roles ?? []), ...(kinds ?? [])].join(", ").toLowerCase().replaceAll("_", " ")];
      return [name, ...details.filter(Boolean)].join(" · ");
    };
    const choices = [
      ...demo.personas.map((persona) => [persona.name, describe(persona)]),
      [NOBODY, "Nobody (no token)"],
      [PASTED, "The holder of another token…"],
    ];
    byId("persona").replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
    byId("persona").value = demo.demo ? (demo.tabs[0]?.persona ?? NOBODY) : PASTED;
    byId("persona-field").hidden = !demo.demo;
    byId("changes").checked = demo.demo;
    document.body.classList.toggle("demo", demo.demo);
    byId("persona").addEventListener("change", showTokenField);
    showTokenField();
  }

  // GraphiQL's dialogs lock the page's scrolling with an inline style, which the policy of this page refuses
  // and reports. This page never scrolls, so those styles become inert elements and nothing is lost.
  const createElement = document.createElement.bind(document);
  document.createElement = (name, options) => createElement(name === "style" ? "template" : name, options);


  const root = ReactDOM.createRoot(byId("graphiql"));
  const props = {
    storage: memoryStorage(),
    shouldPersistHeaders: false,
    isHeadersEditorEnabled: true,
    defaultQuery: HELLO,
  };

  /** Draws GraphiQL. A new fetcher makes it load the schema again, with the token of now. */
  function draw() {
    const logo = h(GraphiQL.Logo, null, " ");
    const footer = h(GraphiQL.Footer, null, h(Footer));
    root.render(h(GraphiQL, { ...props, fetcher: (params, options) => send(params, options) }, logo, footer));
  }

  async function start() {
    const answer = await fetch("/graphiql/personas.json", { credentials: "omit" });
    const console = answer.ok ? await answer.json() : {};
    if (console.demo) demo = { personas: [], tabs: [], ...console };
    showPersonas();
    if (demo.tabs.length > 0) {
      props.defaultEditorToolsVisibility = "variables";
      props.defaultTabs = demo.tabs.map(({ query, variables }) => ({
        query,
        variables: typeof variables === "string" ? variables : JSON.stringify(variables ?? {}, null, 2),
      }));
      // GraphiQL fills the first tab's editors from here, not from its tabs.
      props.variables = props.defaultTabs[0]?.variables;
    }
    byId("token").addEventListener("change", draw);
    draw();
  }

  start().catch((error) => {
    byId("graphiql").textContent = `GraphiQL did not start: ${error.message}`;
  });
})();
