// SPDX-License-Identifier: ISC
// usage: main.mjs CHROMIUM EXPECTED.json REGISTRY PAST HOSTILE NOBODY
import fs from "node:fs";
import process from "node:process";
import { check, counts, launch } from "./base.mjs";
import * as search from "./search.mjs";
import * as look from "./look.mjs";

const [path, file, registry, past, hostile, nobody] = process.argv.slice(2);
const want = JSON.parse(fs.readFileSync(file, "utf-8"));
const browser = await launch(path);
const site = { browser, registry, past, hostile, nobody, want };
const only = process.env.BROWSER_ONLY;

for (const [name, test] of Object.entries({ ...search, ...look })) {
	if (only && !name.includes(only))
		continue;
	const start = Date.now();
	try {
		await test(site);
	} catch (error) {
		check(false, name, error.stack);
	}
	console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
await browser.close();
process.exit(counts());
