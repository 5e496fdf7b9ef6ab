/* SPDX-License-Identifier: ISC */
#include "web/routes.h"

#include "write/assets.h"
#include "base/banned.h"

/* Any origin may read the API, and may ask whether it may. */
#define API(path, handler)                                                     \
	{HTTP_GET, "/api/v1" path, handler, 0},                                \
	{                                                                      \
		HTTP_OPTIONS, "/api/v1" path, handle_preflight, 0              \
	}

const struct http_route site_routes[] = {
    {HTTP_GET, "/", handle_registry, 0},
    {HTTP_GET, SITE_OFFICIAL_FILE ".xhtml", handle_official, 0},
    {HTTP_GET, SITE_OFFICIAL_FILE ".xml", handle_xml, 0},
    {HTTP_GET, SITE_OFFICIAL_FILE ".csv", handle_csv, 0},
    {HTTP_GET, SITE_OFFICIAL_FILE ".txt", handle_txt, 0},
    {HTTP_GET, SITE_OFFICIAL "/" ASSET_XSL_NAME, handle_xsl, 0},
    {HTTP_GET, SITE_OFFICIAL "/" ASSET_RNG_NAME, handle_rng, 0},
    {HTTP_GET, SITE_OFFICIAL, handle_official_redirect, 0},
    {HTTP_GET, SITE_OFFICIAL "/", handle_official_redirect, 0},
    {HTTP_GET, SITE_OFFICIAL_FILE, handle_official_redirect, 0},
    {HTTP_GET, "/port/**", handle_port, 0},
    {HTTP_GET, "/service", handle_service, 0},
    {HTTP_GET, "/service.json", handle_service, 0},
    {HTTP_GET, "/service/**", handle_service, 0},
    {HTTP_GET, "/record/**", handle_record, 0},
    {HTTP_GET, "/person/**", handle_person, 0},
    {HTTP_GET, "/formats", handle_formats, 0},
    {HTTP_GET, "/formats.json", handle_formats_json, 0},
    {HTTP_GET, "/goto", handle_goto, 0},
    {HTTP_GET, "/map", handle_map, 0},
    {HTTP_GET, "/map.json", handle_map_json, 0},
    {HTTP_GET, "/map/*", handle_map_block, 0},
    {HTTP_GET, "/changes", handle_changes, 0},
    {HTTP_GET, "/changes.atom", handle_feed, 0},
    {HTTP_GET, "/changes.json", handle_changes_json, 0},
    {HTTP_GET, "/versions.json", handle_versions_json, 0},
    {HTTP_GET, "/diff", handle_compare, 0},
    {HTTP_GET, "/diff/*", handle_diff, 0},
    {HTTP_GET, "/versions", handle_versions, 0},
    {HTTP_GET, "/suggest", handle_suggest, 0},
    {HTTP_GET, "/suggest.json", handle_suggest_json, 0},
    API("/lookup", handle_lookup),
    API("/search", handle_search),
    API("/ports/*", handle_api_ports),
    API("/ports/*/*", handle_api_ports),
    API("/services/**", handle_api_services),
    API("/records/**", handle_api_records),
    API("/people/**", handle_api_people),
    API("/check-name", handle_api_check_name),
    API("/map", handle_api_map),
    API("/registry", handle_api_registry),
    API("/formats", handle_api_formats),
    API("/openapi.json", handle_openapi),
    {HTTP_GET, "/api", handle_api_page, 0},
    {HTTP_GET, "/api.json", handle_api_page_json, 0},
    API("/changes", handle_api_changes),
    API("/log", handle_api_log),
    API("/versions", handle_api_versions),
    API("/suggest", handle_api_suggest),
    {HTTP_GET, "/healthz", handle_health, 0},
    {HTTP_GET, "/robots.txt", handle_robots, 0},
    {HTTP_GET, "/.well-known/security.txt", handle_security, 0},
    {HTTP_GET, "/style.css", handle_style, 0},
    {HTTP_GET, "/script.js", handle_script, 0},
    {HTTP_GET, "/icon.svg", handle_icon, 0},
};

const size_t site_route_count = sizeof(site_routes) / sizeof(site_routes[0]);
