// SPDX-License-Identifier: ISC
// What pages do better with a script: "/" leads to the search box, and the
// registry page shows rows while one types.  Data becomes text, never markup.
"use strict";

const find = (selector) => document.querySelector(selector);
const box = find("#page-search") ?? find("#site-search");

// An element with what is in it: texts, elements, or arrays of them.
const make = (name, inside = [], attributes = {}) => {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		element.setAttribute(key, value);
	element.append(...[inside].flat(Infinity));
	return element;
};

// A key alone may be somebody's own shortcut: it can be switched off.
const slash = make("input", [], { type: "checkbox", id: "site-slash" });
try {
	slash.checked = localStorage.getItem("slash") !== "off";
} catch {
	slash.checked = true; // nothing may be kept
}
slash.addEventListener("change", () => {
	try {
		localStorage.setItem("slash", slash.checked ? "on" : "off");
	} catch {
		// it holds for this page
	}
});
if (box)
	find("footer").append(make("p", make("label", [slash, " The key ",
		make("kbd", "/"), " leads to the search box"])));

document.addEventListener("keydown", (event) => {
	if (event.key !== "/" || !box || !slash.checked || event.ctrlKey ||
	    event.metaKey || event.altKey ||
	    event.target.closest("input, select, textarea"))
		return;
	event.preventDefault();
	box.focus();
	box.select();
});

// No link leads to a script, whatever a registry holds.
const link = (label, href) => /^(https?:|ftp:|mailto:|#)/i.test(href)
	? make("a", label, { href }) : label;

// A text of the registry: breaks, and what stands in brackets as links.
const rich = (text, people) => (text ?? "").split(/(\[[^[\]]+\]|\n\n)/)
	.map((part) => {
		const label = part.slice(1, -1);
		const rfc = /^RFC(\d+)\b/.exec(label);

		if (part === "\n\n")
			return [make("br"), make("br"), "\n"];
		if (part[0] !== "[")
			return part;
		return ["[", link(label, people.has(label)
			? "#" + encodeURIComponent(label)
			: rfc ? "https://www.iana.org/go/rfc" + rfc[1] : label), "]"];
	});

const names = (ids, people) => ids.map((id) => rich(`[${id}]`, people));

const reference = ({ label, url, type }) =>
	["[", type !== "note" || document.getElementById(url.slice(1))
		? link(label, url) : label, "]"];

const path = (text) => text.split("/").map(encodeURIComponent).join("/");

// Names that a path would lose are a parameter.
const service = (name) => /^[.]|[/]|[.]json$/.test(name)
	? "/service?name=" + encodeURIComponent(name) : "/service/" + path(name);

const described = (r, people, to) => {
	const inside = rich(r.description, people);
	const record = "/record/" + path(r.id);

	if (r.description.trim() && inside.flat(3).every((part) => !part.href))
		return to(inside, record);
	const bare = to([], record);
	bare.className = "bare";
	bare.setAttribute("aria-label", "Record " + r.id);
	return [inside, bare];
};

// The twelve cells of a record, as the server writes them.
const row = (r, people, to) => make("tr", [
	r.name ? to(r.name, service(r.name)) : "",
	r.number ? to(r.id.split("/")[0], "/port/" +
		[...new Set(Object.values(r.number))].join("-")) : "",
	r.protocol ?? "",
	described(r, people, to),
	names(r.assignee.length > 0 ? r.assignee : r.contact, people),
	names(r.contact, people),
	r.registered ?? "",
	r.modified ?? "",
	r.references.map(reference),
	r.service_code ?? "",
	rich(r.unauthorized_use, people),
	rich(r.note, people),
].map((inside) => make("td", inside)));

const table = (people, to) => {
	const org = people.some((p) => p.org);
	const cells = (p) => [
		make("td", ["[", to(p.id, "/person/" + path(p.id)), "]"], { id: p.id }),
		make("td", p.name ?? ""),
		org ? make("td", p.org ?? "") : [],
		make("td", p.uris.map((uri, i) =>
			[i > 0 ? make("br") : [], link(uri, uri)])),
		make("td", p.updated ?? ""),
	];
	return [
		make("h2", "Contact Information"),
		make("div", make("table", [
			make("caption", "People whom these rows refer to",
				{ id: "page-people" }),
			make("thead", make("tr", ["ID", "Name",
				org ? "Organization" : [], "Contact URI",
				"Last Updated"].flat().map((title) =>
				make("th", title, { scope: "col" })))),
			make("tbody", people.map((p) => make("tr", cells(p)))),
		], { class: "people" }), {
			class: "scroll", role: "region",
			"aria-labelledby": "page-people", tabindex: "0",
		}),
	];
};

// 1 ... 7 8 [9] 10 11 ... 146, as web/steps.c has it.
const steps = (label, page, pages, address) => {
	const step = (number, inside, rel) =>
		make("a", inside, { href: address(number), ...rel });
	const near = [...Array(11).keys()].map((i) => page - 5 + i)
		.filter((n) => n >= 1 && n <= pages);
	const numbers = [...new Set([1, ...near, pages])];
	const says = (n) => [make("span", "Page ", { class: "hidden" }), `${n}`];

	return make("nav", [
		page > 1 ? step(page - 1, "Previous", { rel: "prev" }) : [],
		numbers.map((n, i) => [
			i > 0 && n > numbers[i - 1] + 1 ? make("span", "…") : [],
			n === page
				? make("strong", says(n), { "aria-current": "page" })
				: step(n, says(n)),
		]),
		page < pages ? step(page + 1, "Next", { rel: "next" }) : [],
	].flat(2).flatMap((part) => [part, "\n"]),
		{ class: "steps", "aria-label": label });
};

// The query that has these values too, or not where they are empty.
const queryOf = (query, values) => {
	const all = { ...Object.fromEntries(new URLSearchParams(query)), ...values };
	const { search = "", page = "", "as-of": past = "", ...others } = all;
	return "?" + new URLSearchParams(Object.entries(
		{ search, ...others, page, "as-of": past })
		.filter(([, value]) => value)).toString().replaceAll("%2C", ",");
};

// How many there are: 14,533.
const count = (n) => n.toLocaleString("en");

// Rows while one types, at the address that shows them.
const live = (form, rows, status) => {
	const scroll = rows.querySelector(".scroll");
	const title = find("h1").textContent.trim();
	let stop, pause, settling, settled = true;
	let shown = new URLSearchParams(location.search);

	// Sorting and filters are left to the form.
	const simple = (params) => [...params.keys()].every((name) =>
		["search", "page", "as-of"].includes(name));

	const told = ({ total, pages, records, query }, first) =>
		(total > 0
			? `${count(total)} ${total === 1 ? "row" : "rows"}` +
			  (query ? ` ${total === 1 ? "has" : "have"} “${query}”` : "") +
			  (pages > 1 ? `, of which these are ${count(first)} to ` +
			  count(first + records.length - 1) : "")
			: query ? `No row of the registry has “${query}”`
			: "The registry has no rows") + ".";

	// What reads as a port, a range or a service has a page of its own.
	// A word found nowhere may be a service name misspelt.
	const goes = ({ query, records, total }, to) => {
		const text = query.trim(), name = text.toLowerCase();
		const port = /^(\d{1,5})(-\d{1,5})?([/](tcp|udp|sctp|dccp))?$/.test(name) &&
			name.match(/\d+/g).every((n) => n < 65536);
		const href = port ? "/port/" + name
			: records.some((r) => r.name?.toLowerCase() === name)
				? service(text) : "";

		find(".go")?.remove();
		if (href)
			status.before(make("p", ["Go to ", to(text, href)],
				{ class: "go" }));
		else if (total === 0 && /^[\d-]*[a-z][a-z\d-]*$/.test(name))
			status.before(make("p", ["Look for ",
				to(`service names like “${query}”`, service(text))],
				{ class: "go" }));
	};

	const draw = (answer, params) => {
		const { query, page, pages, records } = answer;
		const first = (page - 1) * 100 + 1;
		const people = new Set(answer.people.map((p) => p.id));
		const address = (n) => queryOf(params, { page: n > 1 ? n : "" });
		const past = params.get("as-of");
		const to = (inside, href) => make("a", inside, { href: past
			? href + (href.includes("?") ? "&" : "?") + "as-of=" + past : href });
		const nav = (label) => pages > 1
			? [steps(label, page, pages, address)] : [];

		scroll.querySelector("caption").textContent =
			`Rows ${count(first)} to ${count(first + records.length - 1)}`;
		scroll.querySelector("tbody").replaceChildren(
			...records.map((r) => row(r, people, to)));
		for (const a of document.querySelectorAll("thead a, main > p a[href^='?']"))
			a.href = queryOf(a.search, { search: query, page: "" });
		rows.replaceChildren(...nav("Pages"), scroll,
			...nav("Pages, again"),
			...answer.people.length > 0 ? table(answer.people, to) : []);
		rows.hidden = records.length === 0;
		status.textContent = told(answer, first);
		goes(answer, to);
		document.title = (query ? query + ": " : "") + title +
			(page > 1 && records.length > 0 ? ", page " + page : "") +
			(past ? ", as of " + past : "");
	};

	// Resolves to whether the rows for params are there.
	const show = async (params) => {
		const query = new URLSearchParams(params);

		stop?.abort();
		stop = new AbortController();
		const { signal } = stop;
		query.delete("search");
		query.set("q", params.get("search") ?? "");
		rows.classList.add("busy");
		try {
			const got = await fetch("/api/v1/search?" + query, { signal });
			const answer = await got.json();
			if (got.ok) {
				draw(answer, params);
				shown = params;
			} else {
				status.textContent = answer.detail;
			}
			return got.ok;
		} catch {
			return false; // stale, or the server is gone
		} finally {
			if (!signal.aborted)
				rows.classList.remove("busy");
		}
	};

	// Going back leads to where one was before typing, not to each letter.
	const keep = (params) => {
		const address = params.size > 0 ? "?" + params : "/";

		if (settled)
			history.pushState(null, "", address);
		else
			history.replaceState(null, "", address);
		settled = false;
		clearTimeout(settling);
		settling = setTimeout(() => { settled = true; }, 1500);
	};

	form.addEventListener("input", () => {
		clearTimeout(pause);
		pause = setTimeout(async () => {
			const params = new URLSearchParams(new FormData(form));
			if (`${params}` !== `${shown}` && simple(params) &&
			    await show(params))
				keep(params);
		}, 120);
	});
	// What is empty need not stand in an address.
	form.addEventListener("formdata", ({ formData }) => {
		for (const [name, value] of [...formData])
			if (!value)
				formData.delete(name);
	});
	form.addEventListener("submit", () => {
		clearTimeout(pause);
		stop?.abort();
	});
	addEventListener("popstate", async () => {
		const params = new URLSearchParams(location.search);

		if (`${params}` === `${shown}`)
			return; // to a place on this page
		if (!simple(params) || params.get("as-of") !== shown.get("as-of"))
			return location.reload();
		clearTimeout(pause);
		box.value = params.get("search") ?? "";
		settled = true;
		if (!await show(params))
			location.reload();
	});
};

if (find("#page-result") && box.form.getAttribute("action") === "/")
	live(box.form, find("#page-result"), find("#page-status"));
