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
	await page.evaluate(axe);
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

const each = async (site, options, test) => {
	for (const [of, target] of pages) {
		const page = await open(site.browser, site[of] + target, options);
		page.complaints = page.complaints.filter((text) =>
			!/status of 40[04]/.test(text)); // which some are meant to be
		await test(page, target, site[of]);
		await page.done(target);
	}
};

export const light = (site) => each(site, { colorScheme: "light" },
	async (page, target) => {
		await judge(page, target, every);
		const frame = await page.evaluate(() => ({
			lang: document.documentElement.lang,
			titled: document.title.length > 0,
			h1: document.querySelectorAll("h1").length,
			landmarks: ["header", "nav", "main", "footer"].map((tag) =>
				document.querySelector(`body > ${tag}, body > header > ${tag}`)
				!== null),
			search: document.querySelectorAll("[role=search]").length > 0,
			script: document.querySelectorAll("script").length,
			wide: document.documentElement.scrollWidth > innerWidth,
			inline: document.querySelectorAll("[style], style").length,
		}));
		same(frame, { lang: "en", titled: true, h1: 1,
			landmarks: [true, true, true, true], search: true, script: 1,
			wide: false, inline: 0 }, target);
	});

export const dark = (site) => each(site, { colorScheme: "dark" },
	async (page, target) => {
		await judge(page, target, colours);
		const [ground, text] = await page.evaluate(() => {
			const { backgroundColor, color } = getComputedStyle(document.body);
			return [backgroundColor, color].map((c) => /\d+/g[Symbol.match](c)
				.map(Number).reduce((a, b) => a + b));
		});
		check(ground < 128 && text > 500, target, "is dark", ground, text);
	});

export const narrow = (site) => each(site,
	{ viewport: { width: 320, height: 700 } },
	async (page, target) => {
		same(await page.evaluate(() => document.documentElement.scrollWidth),
			320, target, "wide");
		await judge(page, target, room);
	});

export const printed = (site) => each(site, {}, async (page, target) => {
	await page.emulateMedia({ media: "print" });
	const shown = await page.evaluate(() => [...document.querySelectorAll(
		"nav, form, .skip, button")].filter((e) => e.checkVisibility()).length);
	same(shown, 0, target, "navigation on paper");
	const address = await page.evaluate(() => {
		const a = document.querySelector("main a[href^='https:']");
		return a && !a.closest("table")
			? [a.getAttribute("href"), getComputedStyle(a, "::after").content]
			: null;
	});
	if (address)
		check(address[1].includes(address[0]) || address[1].includes("attr("),
			target, address);
});

// The first stop is the skip link; each stop shows where it is.
export const keyboard = (site) => each(site, {}, async (page, target) => {
	for (let i = 0; i < 12; i++) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(() => {
			const e = document.activeElement;
			const style = getComputedStyle(e);
			return [e.className, style.outlineStyle,
				parseFloat(style.outlineWidth), e.tagName];
		});
		if (i === 0)
			same(stop[0], "skip", target, "the first stop");
		check(stop[3] === "BODY" || (stop[1] !== "none" && stop[2] >= 2), target,
			"a stop that is not seen", stop);
	}
	await page.evaluate(() => document.activeElement.blur());
	await page.focus(".skip");
	await page.keyboard.press("Enter");
	same(await page.evaluate(() => document.activeElement.tagName), "MAIN",
		target, "skip link");
});

export const calm = async ({ browser, registry }) => {
	const page = await open(browser, registry + "/",
		{ reducedMotion: "reduce" });
	const moving = await page.evaluate(() => {
		document.querySelector("#page-rows").classList.add("busy");
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
			// Debian's tidy is older than this attribute.
			.filter((line) => line && !line.includes('"aria-current"'))
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
