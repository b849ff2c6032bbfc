// @ts-check
// The output of a deployment: only the lines around what is seen are in the document, however many there are.

import { done, get, listen, make, over, refresh, span } from "./page.js";

const log = /** @type {HTMLElement} */ (get("log"));
const query = get("log-query"), hitsText = get("log-hits"), follower = get("log-follow"), times = get("log-times");
const { lines: linesUrl = "", search: searchUrl = "", events: eventsUrl = "", status: firstStatus = "", standing = "" } = log.dataset;
const height = 20, blockLines = 100, nearEnd = 1000, mostPixels = 8e6, mostWheel = 1e4;

/** What the head of the page shows. */
let shownState = `${firstStatus} ${standing}`;
let following = follower.ariaPressed === "true";
let complete = false;
/** Followed to the end of what is still to be read of it. @type {View | undefined} */
let finishing;
const sticks = (/** @type {View} */ view) => view === (following ? running : finishing);
/** @type {number[]} */
let marked = [0, 0];

/** Undefined for what can't be had: the stream tells of it, and what comes next asks again. @param {string} url @returns {Promise<any>} */
async function ask(url) {
    try {
        const answer = await fetch(url);
        if (answer.ok) {
            return await answer.json();
        }
        over(answer.status);
    } catch {
        // As above.
    }
}

// ---- one line

/** @param {string | [string, number, (number | string | null)?, (number | string | null)?]} piece */
function draw(piece) {
    if (typeof piece === "string") {
        return piece;
    }
    const [text, flags, front, back] = piece;
    const names = ["b", "d", "i", "u", "s", "", "ctl"].filter((name, bit) => name && flags & (1 << bit));
    const element = flags & 32 ? make("a", { href: text, rel: "noopener noreferrer", target: "_blank" }, text) : make("span", {}, text);
    for (const [kind, property, color] of /** @type {const} */ ([["f", "--c", front], ["g", "--g", back]])) {
        const isOwn = typeof color === "string";
        if (isOwn) {
            element.style.setProperty(property, color);
        }
        if (color != null) {
            names.push(kind + (isOwn ? "c" : color));
        }
    }
    element.className = names.join(" ");
    return element;
}

/** @param {{n: number, s: any[], at?: number, more?: number, t?: number}} line */
function drawLine({ n, s, at, more: left, t }) {
    const text = make("span", { className: "text" }, ...s.map(draw));
    const number = make("a", { className: "n", href: `#L${n}`, ariaLabel: `Line ${n}` });
    const row = make("div", { className: "line" }, number, text);
    number.dataset.n = n;
    if (t != null) {
        number.dataset.t = (t / 1000).toFixed(3);
    }
    if (left) {
        const more = make("button", { className: "more", type: "button" });
        const say = () => (more.textContent = `${left?.toLocaleString()} more bytes: show`);
        more.onclick = async () => {
            const rest = (await ask(`${linesUrl}?line=${n}&at=${at}`))?.lines[0];
            if (rest) {
                more.before(...rest.s.map(draw));
                ({ at, more: left } = rest);
                left ? say() : more.remove();
                light();
            }
        };
        say();
        text.append(more);
    }
    decorate(row);
    return row;
}

const numberOf = (/** @type {any} */ row) => Number(row.firstChild.dataset.n);

/** @param {Element} row */
function decorate(row) {
    const n = numberOf(row);
    row.classList.toggle("marked", n >= marked[0] && n <= marked[1]);
    row.classList.toggle("hit", hits.includes(n));
    row.classList.toggle("at", n === hits[hit]);
}

// ---- the lines of a step

const blockOf = (/** @type {number} */ line) => Math.floor((line - 1) / blockLines);
const boxOf = (/** @type {Element} */ element) => element.getBoundingClientRect();

class View {
    first = 1;
    last = 0;
    shown = false;
    top = make("div", {});
    body = make("div", {});
    bottom = make("div", {});
    /** @type {Map<number, {element: HTMLElement, sure: number, busy: boolean, again: boolean}>} */
    blocks = new Map();
    scrolled = 0;
    /** The line at the upper edge, and where the pane stood then. */
    place = { line: 1, above: 0 };
    at = 0;
    /** Pixels above what is loaded. */
    room = 0;
    moving = false;
    timer = 0;
    resting = 0;

    /** @param {HTMLElement} pane */
    constructor(pane) {
        this.pane = pane;
        pane.style.overflowAnchor = "none";
        pane.replaceChildren(this.top, this.body, this.bottom);
        pane.onscroll = () => this.scroll();
    }

    get scale() {
        return Math.min(1, mostPixels / height / Math.max(1, this.last - this.first + 1));
    }

    /** For lines that are not loaded. A browser has no room for all of very many; near both ends each has its own. @param {number} lines */
    roomOf(lines) {
        return Math.min(lines, nearEnd + lines * this.scale) * height;
    }

    /** The other way round. @param {number} pixels */
    linesIn(pixels) {
        const lines = pixels / height;
        return Math.floor(Math.max(lines, (lines - nearEnd) / this.scale));
    }

    scroll() {
        const { scrollTop, scrollHeight, clientHeight } = this.pane;
        if (scrollTop < this.scrolled - 1) {
            if (this === running) {
                follow(false);
            }
            finishing = undefined;
        } else if (scrollTop > this.scrolled && scrollHeight - scrollTop - clientHeight < 4 && this === running && !complete) {
            follow(true);
        }
        if (scrollTop !== this.scrolled) {
            this.scrolled = scrollTop;
            this.moving = true;
            clearTimeout(this.resting);
            this.resting = setTimeout(() => {
                this.moving = false;
                this.render();
            }, 200);
        }
        const pane = boxOf(this.pane), body = boxOf(this.body);
        if ((this.room && body.top >= pane.top - 400) || (this.bottom.offsetHeight && body.bottom <= pane.bottom + 400)) {
            this.render();
        }
    }

    /** @param {number} to */
    scrollTo(to) {
        if (Math.abs(this.pane.scrollTop - to) >= 1) {
            this.pane.scrollTop = to;
        }
        this.scrolled = this.pane.scrollTop;
    }

    /** Of the pane, and of the window where that ends before. */
    toEnd() {
        this.scrollTo(this.pane.scrollHeight);
        const below = boxOf(this.pane).bottom - innerHeight;
        if (below > 0) {
            scrollBy(0, below + height);
        }
    }

    /** The first line that is seen, and how far above the edge it begins. */
    anchor() {
        const edge = boxOf(this.pane).top;
        for (const [number, { element }] of this.blocks) {
            const box = boxOf(element);
            if (box.top <= edge && box.bottom > edge) {
                const row = [...element.children].find((child) => boxOf(child).bottom > edge);
                const line = row ? numberOf(row) : this.startOf(number) + Math.floor((edge - box.top) / height);
                return { line, above: this.topOf(line) - edge };
            }
        }
        const { scrollTop, scrollHeight, clientHeight } = this.pane, rest = scrollHeight - clientHeight - scrollTop, moved = scrollTop - this.at;
        // A wheel passes by each line, the bar by its share of them.
        if (this.scale < 1 && Math.abs(moved) < mostWheel) {
            const pixels = this.place.line * height - this.place.above + moved;
            return { line: Math.max(this.first, Math.floor(pixels / height)), above: -(pixels % height) };
        }
        const line = scrollTop < rest ? this.first + this.linesIn(scrollTop) : this.last - this.linesIn(rest + clientHeight);
        return { line: Math.max(this.first, line), above: 0 };
    }

    /** Of one in a block; a block that is not loaded has room for its lines. @param {number} line */
    topOf(line) {
        const number = blockOf(line), block = /** @type {any} */ (this.blocks.get(number)).element;
        const inBlock = line - this.startOf(number), row = block.children[inBlock];
        return row ? boxOf(row).top : boxOf(block).top + inBlock * height;
    }

    /** Changes something, and keeps what is seen where it is. @param {() => void} change */
    keep(change, place = this.anchor()) {
        change();
        if (sticks(this)) {
            return this.toEnd();
        }
        if (this.blocks.has(blockOf(place.line))) {
            const shift = this.topOf(place.line) - boxOf(this.pane).top - place.above;
            // To set where a pane stands that moves would break off its movement, so what is above gives way until it rests.
            if (this.moving && this.room > 0 && this.room > shift) {
                this.setRoom(this.room - shift);
            } else {
                this.scrollTo(this.pane.scrollTop + shift);
            }
            [this.place, this.at] = [place, this.pane.scrollTop];
        }
    }

    /** @param {number} pixels */
    setRoom(pixels) {
        this.room = pixels;
        this.top.style.height = `${pixels}px`;
    }

    render(place = sticks(this) ? { line: this.last, above: 0 } : this.anchor()) {
        const of = (/** @type {number} */ line) => blockOf(Math.min(Math.max(line, this.first), this.last));
        const [from, to] = this.shown && this.last >= this.first ? [of(place.line - blockLines), of(place.line + 2 * blockLines)] : [0, -1];
        this.keep(() => {
            for (const [number, { element }] of this.blocks) {
                if (number < from || number > to) {
                    element.remove();
                    this.blocks.delete(number);
                }
            }
            for (let number = to; number >= from; number--) {
                if (!this.blocks.has(number)) {
                    const start = this.startOf(number);
                    const element = make("div", {});
                    this.body.insertBefore(element, this.blocks.get(number + 1)?.element ?? null);
                    this.blocks.set(number, { element, sure: start - 1, busy: false, again: false });
                    element.style.minHeight = `${(this.endOf(number) - start + 1) * height}px`;
                }
            }
            const isEmpty = to < from;
            this.setRoom(this.roomOf((isEmpty ? this.last + 1 : this.startOf(from)) - this.first));
            this.bottom.style.height = `${isEmpty ? 0 : this.roomOf(this.last - this.endOf(to))}px`;
        }, place);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.blocks.forEach((_, number) => this.load(number)), 40);
    }

    /** @param {number} number */
    startOf(number) {
        return Math.max(this.first, number * blockLines + 1);
    }

    /** @param {number} number */
    endOf(number) {
        return Math.min(this.last, (number + 1) * blockLines);
    }

    /** @param {number} number */
    async load(number) {
        const block = this.blocks.get(number);
        if (!block || block.sure >= this.endOf(number)) {
            return;
        }
        block.again = block.busy;
        if (block.busy) {
            return;
        }
        block.busy = true;
        do {
            block.again = false;
            const { sure } = block;
            const answer = await ask(`${linesUrl}?from=${sure + 1}&count=${this.endOf(number) - sure}${times.checked ? "&times=true" : ""}`);
            if (!answer?.lines.length || this.blocks.get(number) !== block) {
                break;
            }
            this.keep(() => {
                [...block.element.children].slice(sure + 1 - this.startOf(number)).forEach((row) => row.remove());
                block.element.append(...answer.lines.map(drawLine));
                block.element.style.minHeight = "";
            });
            const end = answer.lines.at(-1).n;
            // The last one may still grow.
            block.sure = end < answer.total || answer.complete ? end : end - 1;
            block.again ||= end < this.endOf(number);
        } while (block.again && block.sure < this.endOf(number));
        block.busy = false;
        light();
    }

    /** @param {number} first @param {number} last */
    span(first, last) {
        if (first !== this.first || last < this.last) {
            this.body.replaceChildren();
            this.blocks.clear();
        }
        [this.first, this.last] = [first, last];
        this.render();
    }

    /** @param {number} line */
    reveal(line) {
        this.shown = true;
        this.moving = false;
        this.render({ line, above: this.pane.clientHeight / 3 });
    }
}

// ---- the steps

/** @type {Map<number, {details: HTMLDetailsElement, view: View, status: string, opened: boolean, state?: any}>} */
const steps = new Map();
const all = () => [...steps.values()];
/** @type {View | undefined} */
let running;

const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
        const view = all().find((step) => step.view.pane === target)?.view;
        if (view && view.shown !== isIntersecting) {
            view.shown = isIntersecting;
            view.render();
        }
    }
}, { rootMargin: "300px" });

/** @param {any} details */
function take(details) {
    const view = new View(details.querySelector(".log"));
    const step = { details, view, status: "", opened: false };
    steps.set(Number(details.dataset.step), step);
    seen.observe(view.pane);
    // What the page knows already need not wait for the stream: a search or a link may come first.
    if (details.dataset.last) {
        view.span(Number(details.dataset.first), Number(details.dataset.last));
    }
    return step;
}

/** @param {any} state @param {Element} details */
function tellFacts(state, details) {
    const took = state.durationMs ?? Math.max(0, Date.now() - Date.parse(state.startedAt));
    const facts = [state.hook, state.exitCode > 0 && `exit code ${state.exitCode}`, state.attempts > 1 && `${state.attempts} attempts`, span(took)];
    /** @type {Element} */ (details.querySelector(".facts")).textContent = facts.filter(Boolean).join(" · ");
}

/** @param {any} state */
function apply(state) {
    complete = state.complete;
    const last = state.steps.at(-1);
    for (const one of state.steps) {
        let step = steps.get(one.n);
        if (!step) {
            const template = get("step-template");
            const details = template.content.firstElementChild.cloneNode(true);
            details.dataset.step = one.n;
            details.querySelector("code").textContent = one.command;
            template.before(details);
            step = take(details);
        }
        const { details, view } = step;
        if (one === last) {
            running = view;
        }
        if (step.status !== one.status) {
            Object.assign(details.querySelector(".state"), { className: `state ${one.kind}`, textContent: `${one.sign} ${one.status.replace("_", " ")}` });
            if (one.status === "running" && !details.open) {
                details.open = step.opened = true;
            } else if (one.status !== "succeeded") {
                details.open = true;
            } else if (step.opened && following && one !== last) {
                details.open = false;
            }
            step.status = one.status;
        }
        const isNew = !step.state;
        step.state = one;
        tellFacts(one, details);
        view.span(one.first, one.last);
        if (isNew && complete && !marked[0] && one.status !== "succeeded") {
            // What went wrong stands at its end.
            view.reveal(one.last);
            view.scrollTo(view.pane.scrollHeight);
        }
    }
    if (complete) {
        finishing = following ? running : finishing;
        follow(false);
    }
    const now = `${state.status} ${state.standing}`;
    if (now !== shownState) {
        shownState = now;
        refresh();
    }
    if (wanted) {
        wanted = !go(marked[0]);
    }
}

setInterval(() => steps.forEach(({ state, details }) => state?.status === "running" && tellFacts(state, details)), 1000);

/** @param {boolean} on */
function follow(on) {
    following = on;
    follower.ariaPressed = on;
}

let windowTop = 0;
window.onscroll = () => {
    if (scrollY < windowTop - 1 && running && boxOf(running.pane).bottom > innerHeight) {
        follow(false);
        finishing = undefined;
    }
    windowTop = scrollY;
};

/** Shows a line. @param {number} line */
function go(line) {
    const step = all().find(({ view }) => line >= view.first && line <= view.last);
    if (step) {
        follow(false);
        step.details.open = true;
        step.details.scrollIntoView({ block: "nearest" });
        step.view.reveal(line);
        redecorate();
    }
    return Boolean(step);
}

function redecorate() {
    log.querySelectorAll(".line").forEach(decorate);
    light();
}

// ---- links to lines

let wanted = false;

function readHash() {
    const [, from, to = from] = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash) ?? [];
    marked = from ? [Math.min(+from, +to), Math.max(+from, +to)] : [0, 0];
    redecorate();
    wanted = Boolean(from) && !go(marked[0]);
}

log.onclick = (event) => {
    const number = /** @type {any} */ (event.target).closest(".n");
    if (number) {
        event.preventDefault();
        const n = Number(number.dataset.n);
        marked = event.shiftKey && marked[0] ? [Math.min(marked[0], n), Math.max(marked[0], n)] : [n, n];
        history.replaceState(null, "", marked[0] === marked[1] ? `#L${n}` : `#L${marked[0]}-L${marked[1]}`);
        redecorate();
    }
};
window.onhashchange = readHash;

// ---- search

/** @type {number[]} */
let hits = [];
let hit = -1, hasMore = false, asked = 0, text = "";
/** The search that was asked for last. @type {Promise<void> | undefined} */
let finding;

/** @param {number} from */
async function find(from) {
    const turn = ++asked;
    text = query.value;
    const found = text ? await ask(`${searchUrl}?q=${encodeURIComponent(text)}&from=${from}`) : { lines: [], more: false };
    if (turn !== asked) {
        return;
    }
    if (!found) {
        // So that who presses Enter asks again.
        text = "";
        hitsText.textContent = "not searched";
        return;
    }
    hits = from > 1 ? [...hits, ...found.lines] : found.lines;
    hasMore = found.more;
    hit = from > 1 ? hit : -1;
    tellHits();
}

function tellHits() {
    const count = hits.length.toLocaleString() + (hasMore ? "+" : "");
    hitsText.textContent = !text ? "" : hit >= 0 ? `${hit + 1} of ${count}` : `${count} line${hits.length === 1 ? "" : "s"}`;
    redecorate();
}

/** @param {number} by */
async function step(by) {
    if (query.value !== text) {
        finding = find(1);
    }
    // It may be on its way, asked for while somebody typed.
    await finding;
    if (hasMore && hit + by >= hits.length) {
        await find(hits[hits.length - 1] + 1);
    }
    if (hits.length > 0) {
        hit = (Math.max(hit, by < 0 ? 0 : -1) + by + hits.length) % hits.length;
        go(hits[hit]);
        tellHits();
    }
}

/** Marks the text in the lines that are there. */
function light() {
    if (!("highlights" in CSS)) {
        return;
    }
    const ranges = [];
    const sought = text.toLowerCase();
    for (const row of sought ? log.querySelectorAll(".line.hit > .text") : []) {
        const nodes = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        /** @type {{node: Node, start: number}[]} */
        const parts = [];
        for (let start = 0; nodes.nextNode(); start += nodes.currentNode.nodeValue?.length ?? 0) {
            parts.push({ node: nodes.currentNode, start });
        }
        const whole = (row.textContent ?? "").toLowerCase();
        const place = (/** @type {number} */ at) => {
            const { node, start } = /** @type {{node: Node, start: number}} */ (parts.findLast((part) => part.start <= at));
            return /** @type {const} */ ([node, at - start]);
        };
        for (let at = whole.indexOf(sought); at >= 0; at = whole.indexOf(sought, at + sought.length)) {
            const [startContainer, startOffset] = place(at), [endContainer, before] = place(at + sought.length - 1);
            ranges.push(new StaticRange({ startContainer, startOffset, endContainer, endOffset: before + 1 }));
        }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
}

let typing = 0;
query.oninput = () => {
    clearTimeout(typing);
    // Who pressed Enter meanwhile has the hits already, and stands at one of them.
    typing = setTimeout(() => query.value !== text && (finding = find(1)), 200);
};
get("log-tools").onsubmit = () => false;
query.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter") {
        step(event.shiftKey ? -1 : 1);
    }
};
get("log-prev").onclick = () => step(-1);
get("log-next").onclick = () => step(1);
log.onkeydown = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "f") {
        event.preventDefault();
        query.focus();
        query.select();
    }
};

// ---- the tools

get("log-tools").hidden = false;
get("log-wrap").onchange = (/** @type {any} */ event) => {
    const places = all().map(({ view }) => /** @type {const} */ ([view, view.anchor()]));
    log.classList.toggle("wrap", event.target.checked);
    places.forEach(([view, place]) => view.render(place));
};
times.onchange = () => {
    all().forEach(({ view }) => {
        const { first } = view;
        view.first = 0;
        view.span(first, view.last);
    });
};
follower.onclick = () => {
    follow(!following && !complete);
    running?.reveal(running.last);
    running?.toEnd();
};
get("log-unfold").onclick = () => {
    const open = all().some(({ details }) => !details.open);
    steps.forEach(({ details }) => (details.open = open));
};

for (const details of log.querySelectorAll("details.step")) {
    take(details);
}
readHash();
listen(() => eventsUrl, { state: (event) => apply(JSON.parse(event.data)), end: done }, 30000);
