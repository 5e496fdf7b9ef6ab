/* SPDX-License-Identifier: ISC */
/* What the top of each page leads to, in its order. */
#include "web/pages.h"
#include "base/banned.h"

const struct page_nav page_navs[PLACE_COUNT] = {
    [PLACE_REGISTRY] = {SPAN_INIT("Registry"), SPAN_INIT("/"), true},
    [PLACE_MAP] = {SPAN_INIT("Map"), SPAN_INIT("/map"), true},
    [PLACE_SUGGEST] = {SPAN_INIT("Free ports"), SPAN_INIT("/suggest"), true},
    [PLACE_CHANGES] = {SPAN_INIT("Changes"), SPAN_INIT("/changes"), true},
    [PLACE_VERSIONS] = {SPAN_INIT("Versions"), SPAN_INIT("/versions"), true},
    [PLACE_FORMATS] = {SPAN_INIT("Formats"), SPAN_INIT("/formats"), true},
    [PLACE_API] = {SPAN_INIT("API"), SPAN_INIT("/api"), false},
};
