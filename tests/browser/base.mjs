// SPDX-License-Identifier: ISC
// Checks that are counted, and pages in a browser that note what goes wrong.
import process from "node:process";
import { chromium } from "playwright-core";

let passed = 0;
let failed = 0;

export const check = (good, ...told) => {
	if (good) {
		passed++;
		return;
	}
	failed++;
	console.log("FAILED:", ...told);
};

export const same = (got, want, ...told) => {
	const [a, b] = [got, want].map((value) => JSON.stringify(value) ?? "undefined");
	let from = 0;
	while (from < a.length && a[from] === b[from])
		from++;
	from = Math.max(0, from - 80);
	check(a === b, ...told, "\n   got", a.slice(from, from + 400), "\n  want",
		b.slice(from, from + 400));
};

export const counts = () => {
	console.log(`${passed} passed, ${failed} failed`);
	return failed > 0 || passed === 0 ? 1 : 0;
};

export const launch = (path) => chromium.launch({
	executablePath: path,
	// Its sandbox does not work as root.
	args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// A page of its own context; whatever the browser complains of is a failure.
export const open = async (browser, address, options = {}) => {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 }, ...options,
	});
	const page = await context.newPage();
	page.setDefaultTimeout(10000);
	page.complaints = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type()))
			page.complaints.push(message.text());
	});
	page.on("pageerror", (error) => page.complaints.push(String(error)));
	page.on("dialog", (dialog) => {
		page.complaints.push("dialog " + dialog.message());
		dialog.dismiss();
	});
	page.on("request", (request) => {
		if (!request.url().startsWith("http://127.0.0.1:"))
			page.complaints.push("asks " + request.url());
	});
	await page.goto(address);
	page.done = async (told) => {
		same(page.complaints, [], told ?? address, "the browser complains");
		await context.close();
	};
	return page;
};

export const squeeze = (text) => text.replace(/\s+/g, "");
export const fold = (text) => text.replace(/\s+/g, " ").trim();

// All that a result shows, links resolved and cells without white space.
export const result = (page, address) => page.evaluate(async (from) => {
	const text = (e) => e.textContent.replace(/\s+/g, " ").trim();
	const place = from ? new DOMParser().parseFromString(
		await (await fetch(from)).text(), "text/html") : document;
	const where = from ? new URL(from, location.href).href : location.href;
	// Footnotes are the server's: to them, a script's rows have no links.
	const links = (e) => [...e.querySelectorAll("a:not([href^='#note'])")].map((a) =>
		decodeURIComponent(new URL(a.getAttribute("href"), where).href) +
		" " + text(a));
	const rows = place.querySelector("#page-result");
	const cells = (selector) => [...rows.querySelectorAll(selector)]
		.map((tr) => [...tr.children].map((e) =>
			[text(e).replaceAll(" ", ""), e.id, ...links(e)]));
	return {
		title: place.title,
		status: text(place.querySelector("#page-status")),
		hidden: rows.hidden,
		caption: rows.hidden ? "" : text(rows.querySelector("caption")),
		headings: [...rows.querySelectorAll(".records thead th")]
			.map((th) => [text(th), th.getAttribute("aria-sort"), ...links(th)]),
		rows: cells(".records tbody tr"),
		people: cells(".people tr"),
		go: [...place.querySelectorAll(".go")].map((p) =>
			[text(p), ...links(p)]),
		navs: [...rows.querySelectorAll("nav")].map((nav) =>
			[nav.getAttribute("aria-label"), text(nav), ...links(nav)]),
	};
}, address);

// Types into the search box, and waits until what was typed is shown.
export const type = async (page, text, status) => {
	await page.locator("#page-search").fill("");
	await page.locator("#page-search").pressSequentially(text, { delay: 15 });
	await page.waitForFunction(([start]) => document
		.querySelector("#page-status").textContent.startsWith(start),
		[status]);
};
