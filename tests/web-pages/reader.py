"""Pages of one thing as a reader sees them: terms and what is said of them."""

import html.parser

from common.page import VOID, Page, fold


class Terms(html.parser.HTMLParser):
    """Definition lists: [[term, text], ...] a list, and headings."""

    def __init__(self, data):
        super().__init__()
        self.lists = []
        self.open = []
        self.canonical = self.robots = None
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "link" and attrs.get("rel") == "canonical":
            self.canonical = attrs["href"]
        if tag == "meta" and attrs.get("name") == "robots":
            self.robots = attrs["content"]
        if tag == "dl":
            self.lists.append([])
        elif tag == "dt":
            self.lists[-1].append(["", ""])
        elif tag in ("br", "p") and "dd" in self.open:
            self.lists[-1][-1][1] += " "
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "dt" in self.open:
            self.lists[-1][-1][0] += data
        elif "dd" in self.open:
            self.lists[-1][-1][1] += data


def read(data):
    page = Page(data)
    terms = Terms(data)
    page.lists = [{fold(t): fold(d) for t, d in one} for one in terms.lists]
    page.canonical, page.robots = terms.canonical, terms.robots
    return page


def states(page):
    """{"TCP": "assigned", ...} of a port's page."""
    return {row[0]: row[1] for row in page.rows}
