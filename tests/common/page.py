# SPDX-License-Identifier: ISC
"""Pages of the site as a reader has them, and what holds for each of them."""
import html.parser
import shutil
import subprocess
import urllib.parse

from .outcome import check, same

VOID = {"meta", "link", "input", "br"}
OFFICIAL = "/assignments/service-names-port-numbers"
FILE = OFFICIAL + "/service-names-port-numbers"
PAGE = FILE + ".xhtml"
# What tidy has against pages that are right: it knows neither aria-current nor
# inputmode nor links in SVG, and nothing of tables that a script fills.
UNKNOWN = ("aria-current", "inputmode", "trimming empty <tbody>",
           '<a> proprietary attribute "href"')


def query(**params):
    return "?" + urllib.parse.urlencode(params)


class Page(html.parser.HTMLParser):
    """What a reader sees: cells of tables, links, anchors, text."""

    def __init__(self, data):
        super().__init__()
        self.bytes = data
        self.open = []
        self.tables = []
        self.links = []
        self.ids = []
        self.text = []
        self.problems = []
        self.inputs = {}
        self.scripts = []
        self.tags = set()
        self.feed(data.decode("utf-8"))
        self.close()
        if self.open:
            self.problems.append("not closed: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key in attrs:
            if key.startswith("on") or key == "style":
                self.problems.append("attribute " + key)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        elif tag == "script":
            self.scripts.append(attrs.get("src", "").split("?")[0])
        elif tag == "input":
            self.inputs[attrs.get("name")] = attrs.get("value")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("br", "p") and self.open and "td" in self.open:
            self.tables[-1][-1][-1] += " "

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append("end of " + tag)

    def handle_data(self, data):
        self.text.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    @property
    def words(self):
        return " ".join("".join(self.text).split())

    @property
    def rows(self):
        """Cells of the records, white space folded."""
        return [[fold(c) for c in row] for row in self.tables[0][1:]] \
            if self.tables else []

    @property
    def people(self):
        return [[fold(c) for c in row] for row in self.tables[1]] \
            if len(self.tables) > 1 else []


def fold(text):
    return " ".join(text.split())


def squeeze(text):
    return "".join(text.split())


def tidy(data, *told):
    """Nothing is wrong with a page, if there is a tidy to ask."""
    if shutil.which("tidy") is None:
        return
    run = subprocess.run(["tidy", "-e", "-q", "-utf8"], input=data,
                         capture_output=True)
    same([line for line in run.stderr.decode().splitlines()
          if not any(words in line for words in UNKNOWN)], [], "tidy", *told)


def page_at(server, target, status=200, read=Page):
    """A page of the site, with what was answered as .answer."""
    answer = server.get(target)
    same(answer.status, status, target)
    same(answer.getheader("Content-Type"), "text/html; charset=utf-8", target)
    page = read(answer.bytes)
    same(page.problems, [], target)
    check(len(page.ids) == len(set(page.ids)), target, "double ids")
    check("style" not in page.tags, target, "has a style of its own")
    tidy(answer.bytes, target)
    page.answer = answer
    return page
