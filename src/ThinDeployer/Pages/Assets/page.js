// @ts-check
// What the page does beyond showing itself: keeps up with the server, sends actions, tells times.

const { root, events, antiforgery } = document.body.dataset;

/** @param {string} id @returns {any} */
export const get = (id) => document.getElementById(id);
const live = get("live");

/** @param {string} text */
export function tell(text) {
    if (live.textContent !== text) {
        live.textContent = text;
    }
}

/** @param {string} name @param {object} properties @param {...(string | Node)} children @returns {any} */
export function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
}

// ---- times

const units = /** @type {[number, string, number?][]} */ ([[60, "just now"], [3600, "min", 60], [86400, "h", 3600], [172800, "yesterday"], [Infinity, "days", 86400]]);

/** @param {number} seconds */
function ago(seconds) {
    const [, unit, size] = /** @type {[number, string, number?]} */ (units.find(([limit]) => seconds < limit));
    return size ? `${Math.floor(seconds / size)} ${unit} ago` : unit;
}

function tellTimes() {
    for (const time of document.querySelectorAll("time")) {
        const at = new Date(time.dateTime);
        const text = ago((Date.now() - at.getTime()) / 1000);
        if (time.textContent !== text) {
            time.textContent = text;
        }
        time.title = at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
    }
}

tellTimes();
setInterval(tellTimes, 20000);

/** @param {number} ms */
export const span = (ms) => (ms < 1e4 ? `${(ms / 1000).toFixed(1)} s` : ms < 6e4 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 6e4)} min ${Math.floor((ms / 1000) % 60)} s`);

// ---- taking over a page that was drawn anew

/** What tells one element from its siblings. @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("data-key") || node.id : "");

/** Makes a part like another one, in its place: what stays keeps its focus, and whether it is open. @param {Node} here @param {Node} there */
function takeOver(here, there) {
    if (!(here instanceof Element && there instanceof Element)) {
        here.nodeValue = there.nodeValue;
        return;
    }
    // What an action was answered stays until it is tried again.
    if (here.localName === "output") {
        return;
    }
    for (const { name } of [...here.attributes]) {
        if (name !== "open" && !there.hasAttribute(name)) {
            here.removeAttribute(name);
        }
    }
    for (const { name, value } of there.attributes) {
        if (name !== "open" && here.getAttribute(name) !== value) {
            here.setAttribute(name, value);
        }
    }
    const wanted = new Set([...there.children].map(keyOf));
    const kept = new Map();
    for (const child of [...here.children].filter(keyOf)) {
        if (wanted.has(keyOf(child))) {
            kept.set(keyOf(child), child);
        } else {
            child.remove();
        }
    }
    let at = here.firstChild;
    for (const child of [...there.childNodes]) {
        const same = keyOf(child) ? kept.get(keyOf(child)) : at && !keyOf(at) && at.nodeName === child.nodeName ? at : null;
        if (!same) {
            here.insertBefore(child, at);
            continue;
        }
        if (same === at) {
            at = at.nextSibling;
        } else {
            here.insertBefore(same, at);
        }
        takeOver(same, child);
    }
    while (at) {
        const next = at.nextSibling;
        at.remove();
        at = next;
    }
}

let refreshing = false, again = false;

export async function refresh() {
    // What is on its way may have been drawn before.
    again = refreshing;
    if (refreshing) {
        return;
    }
    refreshing = true;
    try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (answer.ok && !answer.redirected) {
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const there = page.querySelectorAll("[data-live]");
            document.querySelectorAll("[data-live]").forEach((part, i) => there[i] && takeOver(part, there[i]));
            document.title = page.title;
            document.body.dataset.events = page.body.dataset.events;
            const icon = (/** @type {Document} */ of) => /** @type {HTMLLinkElement} */ (of.getElementById("icon"));
            icon(document).href = icon(page).href;
            tellTimes();
        } else {
            over(answer.redirected ? 403 : answer.status);
        }
    } catch {
        // The stream tells of it.
    }
    refreshing = false;
    if (again) {
        refresh();
    }
}

// ---- keeping up

/** @type {EventSource | undefined} */
let stream;
let waiting = 0, isDone = false;

function close() {
    clearTimeout(waiting);
    stream?.close();
}

/** Nothing more is to come. */
export function done() {
    isDone = true;
    close();
}

/** Tells why nothing more comes, where that is so for good. @param {number} status Of an answer. */
export function over(status) {
    if (status === 403) {
        done();
        live.replaceChildren("Your session has ended. ", make("a", { href: `${root}sign-in?next=${encodeURIComponent(location.pathname + location.search + location.hash)}` }, "Sign in"));
    } else if (status === 404) {
        done();
        tell(`This ${get("log") ? "deployment" : "service"} is not kept any more.`);
    }
}

/** Keeps one stream, and no second one, while somebody looks: a browser has six connections for one server.
 * @param {() => string} url @param {Record<string, (event: MessageEvent) => void>} hear By event. @param {number} patience How long a tab has it that nobody sees. Milliseconds. */
export function listen(url, hear, patience) {
    const look = () => {
        clearTimeout(waiting);
        if (document.hidden) {
            waiting = setTimeout(close, patience);
        } else if (!isDone && stream?.readyState !== EventSource.OPEN) {
            open();
        }
    };
    const open = () => {
        close();
        const opened = (stream = new EventSource(url()));
        for (const name in hear) {
            opened.addEventListener(name, hear[name]);
        }
        opened.addEventListener("over", () => over(403));
        opened.onopen = () => tell("");
        opened.onerror = () => {
            tell("Disconnected, retrying…");
            // A browser gives up where it is answered otherwise than by a stream. The page is told why.
            if (opened.readyState === EventSource.CLOSED) {
                waiting = setTimeout(() => refresh().then(look), 3000);
            }
        };
    };
    document.addEventListener("visibilitychange", look);
    if (patience || !document.hidden) {
        open();
    }
}

if (events) {
    listen(() => document.body.dataset.events ?? "", { changed: refresh }, 0);
}

// ---- actions

/** Asks, with all that would be sent. @param {HTMLFormElement} form @param {[string, string][]} values */
function confirmed(form, values) {
    const no = make("button", { type: "button" }, "Cancel");
    const yes = make("button", { type: "button", className: "main" }, form.querySelector("button")?.firstChild?.textContent ?? "Yes");
    const dialog = make("dialog", {}, make("h2", { id: "confirm" }, form.dataset.confirm ?? ""));
    dialog.setAttribute("aria-labelledby", "confirm");
    if (values.length > 0) {
        dialog.append(make("ul", {}, ...values.map(([name, value]) => make("li", {}, `${name} = ${value}`))));
    }
    const commands = get(form.dataset.commands ?? "");
    if (commands) {
        dialog.append(Object.assign(commands.cloneNode(true), { id: "" }));
    }
    dialog.append(make("menu", {}, no, yes));
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
    return new Promise((resolve) => {
        no.onclick = () => dialog.close();
        yes.onclick = () => dialog.close("yes");
        dialog.onclose = () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        };
    });
}

/** @param {HTMLFormElement} form */
async function act(form) {
    const say = (/** @type {string} */ text) => (/** @type {HTMLOutputElement} */ (form.querySelector("output")).value = text);
    // What a person left as it was is not sent, so that the service's own value counts. Fields have no name: a form would give
    // them out for what it has itself under that name, such as elements.
    const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-argument]")]).filter((field) => field.dataset.default !== field.value);
    const values = fields.map((field) => /** @type {[string, string]} */ ([field.dataset.argument, field.value]));
    say("");
    if (!(await confirmed(form, values.map(([name, value], i) => [name, fields[i].type === "password" ? "•••" : value])))) {
        return;
    }
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    button.disabled = true;
    try {
        const answer = await fetch(form.action, {
            method: form.dataset.method ?? "POST",
            headers: { Accept: "application/json", Prefer: "respond-async", "X-Antiforgery": antiforgery ?? "" },
            body: new URLSearchParams(values),
        });
        const told = await answer.json();
        if (answer.status === 202 && told.id) {
            location.href = `${root}deployments/${told.id}`;
        } else if (answer.status === 403) {
            // The browser has no cookie any more, so the server sees a stranger.
            say(told.message.startsWith("Invalid") ? "Your session has ended; sign in again." : told.message);
        } else {
            say([told.message ?? told.output, told.reason].filter(Boolean).join(": "));
            refresh();
        }
    } catch {
        say("The server can't be reached; nothing is known of what became of this.");
    }
    button.disabled = false;
}

document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.matches(".action")) {
        event.preventDefault();
        act(form);
    }
});

document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-copy]");
    if (button) {
        const text = /** @type {HTMLElement | null} */ (document.querySelector(button.getAttribute("data-copy") ?? ""))?.innerText;
        navigator.clipboard?.writeText(text ?? "").then(() => tell("Copied"));
    }
});
