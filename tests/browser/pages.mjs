// SPDX-License-Identifier: ISC
// One address of each kind of page: what is asked of one is asked of all.
// Of the registry (the big one, of one version) or of the past.
export const pages = [
	["registry", "/"],
	["registry", "/?search=https&sort=name,-number"],
	["registry", "/?search=no+such+words"],
	["registry", "/map"],
	["registry", "/map/3"],
	["registry", "/suggest"],
	["registry", "/suggest?near=8080&count=3"],
	["registry", "/suggest?explain=443"],
	["registry", "/api"],
	["registry", "/assignments/service-names-port-numbers/" +
		"service-names-port-numbers.xhtml?search=tcp&page=2"],
	["past", "/?as-of=2020-01-01"],
	["past", "/changes?upkeep=1"],
	["past", "/changes?port=10"],
	["past", "/diff/2020-01-01..2021-03-03"],
	["past", "/versions"],
	["registry", "/versions"],
	["registry", "/no-such-page"],
	["registry", "/?page=x"],
];
