// Runs an operation from its documentation. The key is in this page's memory alone: it is put into no
// storage, no address and no form that is sent, and goes to this server only.
const key = document.querySelector("[data-key]");
key.hidden = false;
key.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("pagehide", () => key.reset());

function shown(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function request(form) {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const [name, value] of fields) {
    const [place, field] = name.split(":");
    if (place === "path") path = path.replace(`{${field}}`, encodeURIComponent(value.trim()));
    if (place === "query" && value.trim()) query.set(field, value.trim());
  }
  const headers = { Authorization: `Bearer ${document.getElementById("key").value.trim()}` };
  const options = { method: form.dataset.method, headers, credentials: "omit", cache: "no-store" };
  if (fields.has("body")) {
    headers["Content-Type"] = "application/json";
    options.body = fields.get("body");
  }
  if (options.method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  return fetch(query.size ? `${path}?${query}` : path, options);
}

async function told(response) {
  const text = await response.text();
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const body = shown("pre", isJson ? JSON.stringify(JSON.parse(text), null, 2) : text.slice(0, 20000));
  body.className = "code answer";
  body.tabIndex = 0;
  const status = shown("p", `${response.status} ${response.statusText}`);
  status.className = response.ok ? "tag good" : "tag bad";
  const facts = ["X-Request-Id", "RateLimit", "Link", "ETag"]
    .filter((name) => response.headers.has(name))
    .map((name) => `${name}: ${response.headers.get(name)}`);
  return [status, shown("p", facts.join(" · ")), body];
}

for (const form of document.querySelectorAll("[data-run]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = form.querySelector("[data-answer]");
    if (!document.getElementById("key").value.trim()) {
      answer.replaceChildren(shown("p", "Type your API key at the top of this page first."));
      document.getElementById("key").focus();
      return;
    }
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      answer.replaceChildren(...await told(await request(form)));
    } catch (error) {
      answer.replaceChildren(shown("p", `No answer came: ${error.message}`));
    } finally {
      button.disabled = false;
    }
  });
}
