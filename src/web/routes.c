/* SPDX-License-Identifier: ISC */
#include "web/routes.h"

#include "write/assets.h"
#include "base/banned.h"

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
    {HTTP_GET, "/changes", handle_changes, 0},
    {HTTP_GET, "/changes.atom", handle_feed, 0},
    {HTTP_GET, "/changes.json", handle_changes_json, 0},
    {HTTP_GET, "/versions.json", handle_versions_json, 0},
    {HTTP_GET, "/diff", handle_compare, 0},
    {HTTP_GET, "/diff/*", handle_diff, 0},
    {HTTP_GET, "/versions", handle_versions, 0},
    {HTTP_GET, "/api/v1/lookup", handle_lookup, 0},
    {HTTP_GET, "/api/v1/search", handle_search, 0},
    {HTTP_GET, "/api/v1/changes", handle_api_changes, 0},
    {HTTP_GET, "/api/v1/log", handle_api_log, 0},
    {HTTP_GET, "/api/v1/versions", handle_api_versions, 0},
    {HTTP_GET, "/healthz", handle_health, 0},
    {HTTP_GET, "/robots.txt", handle_robots, 0},
    {HTTP_GET, "/style.css", handle_style, 0},
};

const size_t site_route_count = sizeof(site_routes) / sizeof(site_routes[0]);
