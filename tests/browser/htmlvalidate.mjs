// SPDX-License-Identifier: ISC
// html-validate as it comes, but for what is meant otherwise here.
export default {
	root: true,
	extends: ["html-validate:recommended"],
	rules: {
		// Void elements are written as HTML has them: <br>.
		"void-style": ["error", { style: "omit" }],
		// Long pages are cheaper to read in lines than in one.
		"no-trailing-whitespace": "off",
		// Names of the registry are ids as they are.
		"valid-id": "off",
		// A region that scrolls is a region, not a section of the text.
		"prefer-native-element": ["error", { exclude: ["region"] }],
		// skey may come again, as at the official address.
		"form-dup-name": "off",
		// A title begins with what was searched, however long that is.
		"long-title": "off",
	},
};
