// SPDX-License-Identifier: ISC
// The registry page: typing, Enter, sorting, paging, history, no script.
import { check, fold, open, result, same, squeeze, type } from "./base.mjs";

// 14533 as people read it.
const count = (n) => `${n}`.replace(/\B(?=(\d{3})+$)/g, ",");

const status = (text, { total }) =>
	total === 0 ? `No row of the registry has “${text}”`
		: `${count(total)} ${total === 1 ? "row has" : "rows have"} “${text}”`;

const address = (text) => "/?" + new URLSearchParams({ search: text });

const here = (page) => {
	const { pathname, search } = new URL(page.url());
	return pathname + search;
};

// What is typed is found, as an independent reading of the XML finds it.
export const typing = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/");
	const asked = [];
	page.on("request", (r) => asked.push(new URL(r.url()).pathname));
	for (const [text, { total, pages, rows, people }] of
		Object.entries(want.searches)) {
		await type(page, text, status(text, { total }));
		const got = await result(page);
		same(got.rows.map((r) => r.map((c) => c[0])), rows, text);
		same(got.people.slice(1).map((r) => r[0][1]), people, text);
		same(got.navs.length, pages > 1 ? 2 : 0, text, "pages");
		same(got.hidden, total === 0, text, "hidden");
		await page.waitForURL(registry + address(text));
		check(got.title.startsWith(text + ": "), text, got.title);
	}
	same([...new Set(asked)].filter((path) => path !== "/icon.svg"),
		["/api/v1/search"], "asked while typing");
	same(await page.locator("#page-status").getAttribute("role"), "status");
	await page.done();
};

// In running text a script makes a link of each RFC in brackets, the server of
// those that the registry marks as references.
const marked = (got, want) => {
	got.rows.forEach((cells, i) => cells.forEach((cell, j) => {
		if (want.rows[i]?.[j] && [3, 10, 11].includes(j))
			cells[j] = cell.filter((part, k) => k < 2 || !/ RFC\d+$/.test(part) ||
				want.rows[i][j].includes(part));
	}));
	// It knows of a service only from the rows that it has.
	const [text] = want.go[0] ?? [];
	if (text?.startsWith("Go to ") && want.rows.every((r) => "Go to " + r[0][0] !== text) &&
	    !/\d/.test(text))
		want.go = [];
};

// Whether a script draws rows or the server does, they are the same.
export const alike = async (site) => {
	const { browser, registry, past, hostile, nobody, want } = site;
	const last = want.pages;
	const targets = [
		[registry, ["/?search=t", "/?search=tcp", "/", "/?page=2", `/?page=${last}`,
			"/?search=tcp&page=2", "/?search=https",
			"/?search=a&page=7", "/?search=zzzzzzzz", "/?search=443/tcp",
			"/?search=1000-1003", "/?search=70000", "/?search=bare+words",
			"/?search=historic", "/?page=40",
			`/?page=${last - 1}`, "/?search=%5BIESG%5D"]],
		[past, ["/?search=t", "/?search=a", "/"]],
		[past, ["/?as-of=2020-01-01", "/?search=tcp&as-of=2020-01-01",
			"/?search=zzzz&as-of=2020-01-01"]],
		[nobody, ["/?search=t", "/", "/?search=%5BIESG%5D", "/?search=historic"]],
		[hostile, ["/?search=t", "/?search=one", "/", "/?search=two"]],
	];
	for (const [base, list] of targets) {
		const page = await open(browser, base + list[0]);
		for (const target of list.slice(1)) {
			if (target.includes("page=") &&
			    Number(/page=(\d+)/.exec(target)[1]) > last)
				continue;
			await page.evaluate((to) => {
				document.querySelector("#page-status").textContent = "";
				history.pushState(null, "", to);
				dispatchEvent(new PopStateEvent("popstate"));
			}, target);
			await page.waitForFunction(() =>
				document.querySelector("#page-status").textContent);
			const got = await result(page);
			const told = await result(page, target);
			marked(got, told);
			same(got, told, base, target);
		}
		await page.done();
	}
};

// One goes back to where one was before typing, not to each letter.
export const back = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/");
	const [first, second] = ["https", "domain"].map((text) =>
		[text, status(text, want.searches[text])]);
	const shown = async ([text, told]) => {
		await page.waitForFunction((start) => document
			.querySelector("#page-status").textContent.startsWith(start),
			told);
		same(await page.inputValue("#page-search"), text, "box");
		same(here(page), text ? address(text) : "/", "address");
	};
	const all = ["", (await page.textContent("#page-status")).slice(0, 5)];
	await type(page, ...first);
	await page.waitForTimeout(1700);
	await type(page, ...second);
	await page.waitForURL(registry + address("domain"));
	await page.goBack();
	await shown(first);
	await page.goBack();
	await shown(all);
	await page.goForward();
	await shown(first);
	// Somewhere else and back again.
	await page.click("nav[aria-label=Site] a[href='/changes']");
	await page.waitForURL(registry + "/changes");
	await page.goBack();
	await shown(first);
	// Reloaded, the address shows the same from the server.
	const before = await result(page);
	await page.reload();
	same(await result(page), before, "reloaded");
	await page.done();
};

// An answer that comes late does not replace a later one.
export const stale = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/");
	await page.route("**/api/v1/search?*", async (route) => {
		if (new URL(route.request().url()).searchParams.get("q") === "http")
			await new Promise((done) => setTimeout(done, 900));
		await route.continue().catch(() => {});
	});
	await page.locator("#page-search").fill("http");
	await page.waitForTimeout(250);
	await type(page, "https", status("https", want.searches.https));
	await page.waitForTimeout(1200);
	same(here(page), address("https"), "address");
	check((await page.textContent("#page-status")).startsWith(
		status("https", want.searches.https)), "the last one stays");
	same(await page.locator(".busy").count(), 0, "busy");
	await page.done();
};

// Enter asks the server, typed however fast; so does a box that is too full.
export const enter = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/");
	await page.evaluate(() => { window.before = true; });
	await page.fill("#page-search", "https");
	await page.press("#page-search", "Enter");
	await page.waitForURL(registry + address("https"));
	await page.waitForLoadState();
	same(await page.evaluate(() => window.before), undefined, "a new page");
	same((await result(page)).rows.length,
		Math.min(100, want.searches.https.total), "https");
	await page.fill("#page-search", "x ".repeat(40));
	await page.waitForFunction(() => /32/.test(document
		.querySelector("#page-status").textContent));
	page.complaints.length = 0; // of the 400
	await page.fill("#page-search", "");
	await page.waitForURL(registry + "/");
	await page.done();
};

export const hostileText = async ({ browser, hostile }) => {
	const page = await open(browser, hostile + "/");
	await type(page, "one", "1 row has “one”");
	const found = await page.evaluate(() => ({
		tags: document.querySelectorAll("#page-result :is(script, b, img)").length,
		schemes: [...document.querySelectorAll("a")].map((a) => a.protocol)
			.filter((p) => !/^(https?|ftp|mailto):$/.test(p)),
	}));
	same(found, { tags: 0, schemes: [] }, "one");
	await page.fill("#page-search", "<img src=x onerror=alert(1)>");
	await page.waitForFunction(() => document
		.querySelector("#page-status").textContent.includes("onerror"));
	same(await page.locator("#page-status > *").count(), 0, "the status");
	await page.done();
};

// A heading is reached by Tab and followed by Enter; it says what it does.
export const sorting = async ({ browser, registry }) => {
	const page = await open(browser, registry + "/");
	const heading = () => page.locator(".records thead th").first();
	const names = async () => (await result(page)).rows.map((r) => r[0][0]);
	for (const [sort, target] of [["ascending", "name"],
		["descending", "-name"], [null, undefined]]) {
		await page.focus("#page-search");
		for (let i = 0; i < 40; i++) {
			await page.keyboard.press("Tab");
			if (await heading().locator("a").evaluate((a) =>
				a === document.activeElement))
				break;
		}
		await page.keyboard.press("Enter");
		await page.waitForURL(target ? `${registry}/?sort=${target}`
			: (url) => !url.search.includes("sort"));
		same(await heading().getAttribute("aria-sort"), sort, target);
		const got = (await names()).map((n) => n.toLowerCase());
		const sorted = [...got].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
		if (sort)
			same(got, sort === "ascending" ? sorted : sorted.reverse(), sort);
	}
	// Filters and what is sorted wait for Enter, and stay.
	await page.goto(registry + "/?sort=-number");
	await page.selectOption("select[name=protocol]", "udp");
	await page.press("#page-search", "Enter");
	await page.waitForURL(registry + "/?sort=-number&protocol=udp");
	same([...new Set((await result(page)).rows.map((r) => r[2][0]))], ["udp"],
		"filtered");
	// So while one pages and reads on.
	await page.goto(registry + "/?sort=-number");
	await page.locator("nav[aria-label=Pages] a[rel=next]").click();
	await page.waitForURL(registry + "/?sort=-number&page=2");
	same(await page.locator("th[aria-sort]").textContent().then(fold)
		.then((t) => t.slice(0, 11)), "Port Number", "page 2");
	await page.done();
};

export const paging = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/");
	same((await result(page)).rows.map((r) => r[0][0]),
		want.names.map(squeeze), "the first page");
	await page.focus("nav[aria-label=Pages] a[rel=next]");
	await page.keyboard.press("Enter");
	await page.waitForURL(registry + "/?page=2");
	same(await page.textContent("nav[aria-label=Pages] [aria-current=page]"),
		"Page 2", "page 2");
	// Pages of what was typed.
	await type(page, "tcp", status("tcp", want.searches.tcp));
	await page.locator("nav[aria-label=Pages] a[rel=next]").click();
	await page.waitForURL(registry + "/?search=tcp&page=2");
	same(await page.inputValue("#page-search"), "tcp", "a deep link");
	await page.goto(registry + `/?page=${want.pages + 1}`);
	check((await page.textContent("#page-status")).startsWith("There is no page"),
		"beyond the last");
	await type(page, "https", status("https", want.searches.https));
	same((await result(page)).rows.length,
		Math.min(100, want.searches.https.total), "from an empty page");
	await page.done();
};

export const slash = async ({ browser, registry }) => {
	const page = await open(browser, registry + "/versions");
	const focus = () => page.evaluate(() => document.activeElement.id);
	await page.keyboard.press("/");
	same(await focus(), "site-search", "/");
	await page.keyboard.press("/");
	same(await page.inputValue("#site-search"), "/", "within the box");
	await page.goto(registry + "/");
	await page.keyboard.press("/");
	same(await focus(), "page-search", "/");
	await page.uncheck("#site-slash");
	await page.reload();
	await page.keyboard.press("/");
	check(await focus() !== "page-search", "switched off");
	await page.done();
};

export const jump = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/versions");
	await page.fill("#site-search", "https");
	await page.press("#site-search", "Enter");
	await page.waitForURL(registry + address("https"));
	check((await page.textContent("#page-status")).startsWith(
		status("https", want.searches.https)), "jump");
	await page.done();
};

export const withoutScript = async ({ browser, registry, want }) => {
	const page = await open(browser, registry + "/",
		{ javaScriptEnabled: false });
	await page.fill("#page-search", "https");
	await page.press("#page-search", "Enter");
	await page.waitForURL((url) => url.searchParams.get("search") === "https");
	same(fold(await page.textContent("#page-status")).startsWith(
		status("https", want.searches.https)), true, "https");
	same(await page.locator(".records tbody tr").count(),
		Math.min(100, want.searches.https.total), "https");
	await page.click(".records thead th:nth-child(2) a");
	await page.waitForURL((url) => url.searchParams.get("sort") === "number");
	same(new URL(page.url()).searchParams.get("search"), "https", "sorted");
	await page.goto(registry + "/?page=2");
	await page.click("nav[aria-label=Pages] a[rel=prev]");
	await page.waitForURL((url) => url.pathname === "/" && !url.search);
	await page.click("summary");
	check(await page.isVisible(".facts dl"), "about the registry");
	same(await page.locator("#site-slash").count(), 0, "no key without script");
	await page.done();
};
