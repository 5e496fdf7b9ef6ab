// SPDX-License-Identifier: ISC
// How pages are for whoever reads them: by eye in either colour scheme, in a
// narrow window, on paper, by keyboard, by a screen reader; and their HTML.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import { check, open, same } from "./base.mjs";
import rules from "./htmlvalidate.mjs";
import { pages } from "./pages.mjs";

const axe = fs.readFileSync(
	createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const validator = new HtmlValidate(rules);

// Its own world may run what the page's policy would not let in.
const judge = async (page, target, runOnly) => {
	const found = await page.evaluate(async (only) => {
		const { violations } = await window.axe.run(document, {
			runOnly: only,
			resultTypes: ["violations"],
		});
		return violations.map((v) => [v.id, ...v.nodes.slice(0, 3)
			.map((n) => n.html.slice(0, 200) + n.failureSummary)]);
	}, runOnly);
	same(found, [], target, "axe");
};

const every = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a",
	"wcag21aa", "wcag22aa", "best-practice"] };
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const room = { type: "rule", values: ["target-size",
	"scrollable-region-focusable", "aria-hidden-focus"] };

const frame = async (page, target) => {
	const got = await page.evaluate(() => ({
		lang: document.documentElement.lang,
		titled: document.title.length > 0,
		h1: document.querySelectorAll("h1").length,
		landmarks: ["header", "nav", "main", "footer"].filter((tag) =>
			document.querySelector(`body > ${tag}, body > header > ${tag}`)),
		search: document.querySelectorAll("[role=search]").length > 0,
		script: document.querySelectorAll("script").length,
		wide: document.documentElement.scrollWidth > innerWidth,
		inline: document.querySelectorAll("[style], style").length,
	}));
	same(got, { lang: "en", titled: true, h1: 1,
		landmarks: ["header", "nav", "main", "footer"], search: true,
		script: 1, wide: false, inline: 0 }, target);
};

// The first stop is the skip link; each stop shows where it is.
const stops = async (page, target) => {
	for (let i = 0; i < 12; i++) {
		await page.keyboard.press("Tab");
		const [tag, name, style, width] = await page.evaluate(() => {
			const e = document.activeElement;
			const { outlineStyle, outlineWidth } = getComputedStyle(e);
			return [e.tagName, e.className, outlineStyle,
				parseFloat(outlineWidth)];
		});
		if (i === 0)
			same(name, "skip", target, "the first stop");
		check(tag === "BODY" || (style !== "none" && width >= 2), target,
			"a stop that is not seen", tag, name);
	}
	await page.focus(".skip");
	await page.keyboard.press("Enter");
	same(await page.evaluate(() => document.activeElement.tagName), "MAIN",
		target, "skip link");
};

const dark = async (page, target) => {
	await page.emulateMedia({ colorScheme: "dark" });
	await judge(page, target + " dark", colours);
	const [ground, text] = await page.evaluate(() => {
		const { backgroundColor, color } = getComputedStyle(document.body);
		return [backgroundColor, color].map((c) => c.match(/\d+/g)
			.map(Number).reduce((a, b) => a + b));
	});
	check(ground < 128 && text > 500, target, "is dark", ground, text);
	await page.emulateMedia({ colorScheme: "light" });
};

const narrow = async (page, target) => {
	const size = page.viewportSize();
	await page.setViewportSize({ width: 320, height: 700 });
	same(await page.evaluate(() => document.documentElement.scrollWidth),
		320, target, "wide");
	await judge(page, target + " narrow", room);
	await page.setViewportSize(size);
};

// Paper has no navigation, and tells where a link leads.
const printed = async (page, target) => {
	await page.emulateMedia({ media: "print" });
	const shown = await page.evaluate(() => [...document.querySelectorAll(
		"nav, form, .skip, button")].filter((e) => e.checkVisibility()).length);
	same(shown, 0, target, "navigation on paper");
	const bare = await page.evaluate(() =>
		[...document.querySelectorAll("main a[href^='https:']")]
			.filter((a) => !a.closest("table") && a.checkVisibility() &&
				!getComputedStyle(a, "::after").content
					.includes(a.getAttribute("href")))
			.map((a) => a.href));
	same(bare, [], target, "addresses on paper");
	await page.emulateMedia({ media: "screen" });
};

export const looks = async (site) => {
	const page = await open(site.browser, site.registry + "/healthz");
	for (const [of, target] of pages) {
		await page.goto(site[of] + target);
		await page.evaluate(axe);
		await frame(page, target);
		await judge(page, target, every);
		await dark(page, target);
		await narrow(page, target);
		await printed(page, target);
		await stops(page, target);
		same(page.complaints.filter((text) => !/status of 40[04]/.test(text)),
			[], target, "the browser complains");
		page.complaints.length = 0;
	}
	await page.done();
};

// Forms leave room on a small screen for what was asked.
export const compact = async ({ browser, registry, past }) => {
	const page = await open(browser, registry + "/");
	for (const [base, target] of [[registry, "/"], [registry, "/suggest"],
		[registry, "/changes"], [registry, "/?search=http"],
		[past, "/versions"], [past, "/diff/2020-01-01..2021-03-03"]]) {
		await page.goto(base + target);
		for (const [width, most] of [[320, 400], [500, 260], [639, 260]]) {
			await page.setViewportSize({ width, height: 900 });
			const [forms, top, wide, small] = await page.evaluate(() => [
				[...document.querySelectorAll("main form")].map((e) =>
					e.getBoundingClientRect().height)
					.reduce((a, b) => a + b),
				document.querySelector("h1").getBoundingClientRect().top,
				document.documentElement.scrollWidth,
				// A telephone zooms in on a box with smaller letters.
				[...document.querySelectorAll("main .search :is(input, select)")]
					.filter((e) => parseFloat(getComputedStyle(e).fontSize) < 16)
					.map((e) => e.name),
			]);
			check(forms > 50 && forms < most, target, width, "forms", forms);
			check(top < (width < 400 ? 200 : 170), target, width, "top", top);
			same([wide, small], [width, []], target, width);
		}
	}
	await page.done();
};

export const calm = async ({ browser, registry }) => {
	const page = await open(browser, registry + "/",
		{ reducedMotion: "reduce" });
	const moving = await page.evaluate(() => {
		document.querySelector("#page-result").classList.add("busy");
		return [...document.querySelectorAll("*")].filter((e) => {
			const style = getComputedStyle(e);
			return parseFloat(style.transitionDuration) > 0 ||
				style.animationName !== "none" ||
				style.scrollBehavior === "smooth";
		}).length;
	});
	same(moving, 0, "what moves");
	await page.done();
};

export const valid = async (site) => {
	const ways = new Set();
	for (const [of, target] of pages) {
		const answer = await fetch(site[of] + target);
		const text = await answer.text();
		const report = await validator.validateString(text);
		same(report.results.flatMap((r) => r.messages.map((m) =>
			[m.ruleId, m.line, m.column, m.message])).slice(0, 5), [], target,
			"html-validate");
		const tidy = spawnSync("tidy", ["-e", "-q", "-utf8",
			"--drop-empty-elements", "no"], { input: text });
		same(tidy.stderr.toString().trim().split("\n")
			// Debian's tidy is older than these attributes.
			.filter((line) => line && !/"(aria-current|inputmode)"/.test(line) &&
				!(target.startsWith("/map") && line.endsWith('<a> ' +
				'proprietary attribute "href"'))) // of an SVG
			.slice(0, 5), [], target, "tidy");
		for (const [, href] of text.matchAll(/<li><a href="(\/[^"?]*)/g))
			ways.add(href);
	}
	// Whatever the top of the pages leads to is among those looked at.
	const known = new Set(pages.map(([, target]) => target.split("?")[0]));
	const top = await (await fetch(site.registry + "/")).text();
	const nav = /<nav aria-label="Site">[^]*?<\/nav>/.exec(top)[0];
	const places = [...nav.matchAll(/href="([^"?]*)/g)].map((m) => m[1]);
	check(places.length >= 3, "places", places);
	same(places.filter((place) => !known.has(place)), [], "not looked at");
};

// Each place says that one is there, and keeps the date asked for.
export const places = async ({ browser, past }) => {
	const page = await open(browser, past + "/");
	const list = await page.locator("nav[aria-label=Site] a").evaluateAll(
		(all) => all.map((a) => a.pathname));
	for (const path of list) {
		await page.goto(past + path);
		same(await page.locator("nav [aria-current=page]").evaluateAll((all) =>
			all.filter((a) => a.closest("[aria-label=Site]"))
				.map((a) => a.pathname)), [path], path, "aria-current");
	}
	await page.goto(past + "/versions?as-of=2020-01-01");
	same(await page.locator("nav[aria-label=Site] a[href='/changes?as-of=2020-01-01']")
		.count(), 1, "the date goes along");
	await page.done();
};
