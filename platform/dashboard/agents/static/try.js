/* A conversation with the agent that is being written: its answer appears as it comes. */
const panel = document.querySelector("[data-try]");
if (panel) begin(panel);

function begin(panel) {
  const lines = panel.querySelector("[data-lines]");
  const greeting = lines.firstElementChild;
  const form = panel.querySelector("[data-ask]");
  const say = form.querySelector("input");
  let messages = [];
  let running = null;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = say.value.trim();
    if (!words || running) return;
    say.value = "";
    line("caller", "Caller", words);
    const asked = [...messages, { role: "user", content: words }];
    const answer = new Answer(lines, panel.dataset.agent);
    running = new AbortController();
    try {
      await ask(panel.dataset.try, asked.slice(-39), (name, data) => answer.take(name, data), running.signal);
    } catch (error) {
      if (error.name !== "AbortError") answer.take("failed", { why: "The answer broke off. Try once more." });
    }
    running = null;
    answer.end();
    messages = answer.words ? [...asked, { role: "assistant", content: answer.words }] : asked;
    say.focus();
  });

  panel.querySelector("[data-again]").addEventListener("click", () => {
    running?.abort();
    messages = [];
    lines.replaceChildren(greeting);
    say.focus();
  });

  function line(kind, who, words) {
    lines.append(row(kind, who, words));
    lines.scrollTop = lines.scrollHeight;
  }
}

function row(kind, who, words) {
  const item = document.createElement("li");
  item.className = kind;
  if (who) item.append(element("span", "who", who));
  item.append(element("div", "words", words));
  return item;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

class Answer {
  constructor(lines, agent) {
    this.lines = lines;
    this.agent = agent;
    this.words = "";
    this.item = null;
    this.waiting = row("agent waiting", agent, "");
    this.append(this.waiting);
  }

  take(name, data) {
    const shown = {
      passage: () => this.aside(`Looked up: ${data.title}`, data.text),
      sentence: () => this.sentence(data),
      tool: () => this.tool(data),
      tool_result: () => this.aside("It was told", JSON.stringify(data.result)),
      done: () => this.done(data),
      failed: () => this.aside(data.why, "", "failed"),
    }[name];
    shown?.();
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  sentence(data) {
    this.words = `${this.words} ${data.written}`.trim();
    if (!this.item) {
      this.item = row("agent", this.agent, "");
      this.append(this.item);
    }
    const words = this.item.querySelector(".words");
    words.append(document.createTextNode(`${words.childNodes.length ? " " : ""}${data.written}`));
    if (data.spoken && data.spoken !== data.written) words.append(element("span", "spoken", `said as: ${data.spoken}`));
  }

  tool(data) {
    this.item = null;
    const wishes = Object.entries(data.arguments).map(([name, value]) => `${name}: ${value}`).join(", ");
    const verb = data.ran ? "Looks up" : "In a call it would";
    this.aside(`${verb}: ${data.title}`, data.problem ? `${wishes} – refused: ${data.problem}` : wishes, data.problem ? "failed" : "");
  }

  done(data) {
    const first = data.times.first_sentence_ms ?? data.times.total_ms;
    const parts = [`first sentence after ${Math.round(first)} ms`, `all after ${Math.round(data.times.total_ms)} ms`, data.model, data.region];
    if (data.ends_call) parts.push("would hang up now");
    this.aside(parts.join(" · "), "");
  }

  aside(title, text, kind = "") {
    const item = document.createElement("li");
    item.className = `aside ${kind}`;
    item.append(document.createTextNode(title));
    if (text) item.append(document.createElement("br"), element("code", "", text));
    this.append(item);
  }

  append(item) {
    this.lines.insertBefore(item, this.waiting?.parentElement ? this.waiting : null);
  }

  end() {
    this.waiting.remove();
  }
}

async function ask(address, messages, take, signal) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ messages }),
    signal,
  });
  if (!answer.ok) return take("failed", { why: "The page is out of date. Load it again." });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [name, data] = event.split("\n").map((part) => part.slice(part.indexOf(": ") + 2));
      take(name, JSON.parse(data));
    }
  }
}
