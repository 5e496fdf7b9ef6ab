/* SPDX-License-Identifier: ISC */
/*
 *	argv = {option | word} ["--" {word}]
 *	option = "--" name ["=" value | value] | "-" letter {letter} [value]
 */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "base/banned.h"

enum option_id {
	OPTION_REGISTRY,
	OPTION_STATE,
	OPTION_AS_OF,
	OPTION_FORMAT,
	OPTION_JSON,
	OPTION_QUIET,
	OPTION_LONG,
	OPTION_COLOR,
	OPTION_PAGE,
	OPTION_SINCE,
	OPTION_OFFICIAL,
	OPTION_ALL,
	OPTION_WHERE,
	OPTION_SORT,
	OPTION_TO,
	OPTION_STYLE,
	OPTION_OUTPUT,
	OPTION_SEARCH,
	OPTION_FREQUENCIES,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_OTHERS, /* of another program, which reads it itself */
};

static const struct option {
	const char *name;
	char letter;
	enum option_id id;
	unsigned commands;
	const char *value; /* what it takes, or NULL */
	const char *help;
} options[] = {
    {"registry", 0, OPTION_REGISTRY,
	COMMAND_ALL | COMMAND_SERVE | COMMAND_FILES | COMMAND_ANNOTATE, "PATH",
	"an image, a state folder, or an official XML or CSV"},
    {"state", 0, OPTION_STATE,
	COMMAND_ALL | COMMAND_STATES | COMMAND_SERVE | COMMAND_FILES |
	    COMMAND_ANNOTATE,
	"DIR", "the state folder"},
    {"as-of", 0, OPTION_AS_OF, COMMAND_ALL | COMMAND_FILES | COMMAND_ANNOTATE,
	"DATE", "the registry as it stood on that day"},
    {"format", 0, OPTION_FORMAT, COMMAND_ALL | COMMAND_CHECK, "FORMAT",
	"table, csv, tsv, json or jsonl"},
    {"json", 0, OPTION_JSON, COMMAND_ALL | COMMAND_CHECK, NULL,
	"the same as --format json"},
    {"long", 'l', OPTION_LONG, COMMAND_ROWS, NULL, "every field of a record"},
    {"page", 0, OPTION_PAGE,
	COMMAND_SEARCH | COMMAND_LIST | COMMAND_CONVERT | COMMAND_LOG, "N",
	"rows 100 at a time, from page 1"},
    {"since", 0, OPTION_SINCE, COMMAND_LOG, "DATE",
	"what came on that day or later"},
    {"official-pages", 0, OPTION_OFFICIAL, COMMAND_SEARCH | COMMAND_CONVERT,
	NULL, "pages that overlap by a row, as on the official site"},
    {"where", 0, OPTION_WHERE, COMMAND_LIST, "CONDITION",
	"FIELD=VALUE[,...], also with != <= >= ~"},
    {"sort", 0, OPTION_SORT, COMMAND_SEARCH | COMMAND_LIST, "FIELD",
	"FIELD[,...] rising, -FIELD falling"},
    {"to", 0, OPTION_TO, COMMAND_CONVERT, "FORMAT",
	"what to write; --help lists the formats"},
    {"style", 0, OPTION_STYLE, COMMAND_CONVERT, "STYLE",
	"a variant of the format; else what fits the registry's date"},
    {"output", 'o', OPTION_OUTPUT, COMMAND_CONVERT, "OUT",
	"a file, or a folder for several; else standard output"},
    {"search", 0, OPTION_SEARCH, COMMAND_CONVERT, "WORDS",
	"a page of what this search finds (xhtml)"},
    {"frequencies", 0, OPTION_FREQUENCIES, COMMAND_CONVERT, "FILE",
	"an nmap-services file to take frequencies from"},
    {"from", 0, OPTION_OTHERS, COMMAND_UPDATE, "URL|PATH",
	"an official file; - is standard input"},
    {"source", 0, OPTION_OTHERS, COMMAND_UPDATE, "WORDS",
	"what answers call the source"},
    {"dry-run", 0, OPTION_OTHERS, COMMAND_UPDATE, NULL,
	"publish nothing, tell what would be published"},
    {"force", 0, OPTION_OTHERS, COMMAND_UPDATE, NULL,
	"publish also what looks wrong"},
    {"all", 0, OPTION_ALL, COMMAND_CHECK | COMMAND_LOG, NULL,
	"what is left out otherwise, too"},
    {"baseline", 0, OPTION_OTHERS, COMMAND_CHECK, "FILE",
	"what is known; else what is shipped"},
    {"write-baseline", 0, OPTION_OTHERS, COMMAND_CHECK, "FILE",
	"write all findings as a baseline; - is standard output"},
    {"kind", 0, OPTION_OTHERS, COMMAND_CHECK, "KIND[,KIND...]",
	"violation, bookkeeping, history, information: these alone"},
    {"explain", 0, OPTION_OTHERS, COMMAND_CHECK | COMMAND_SUGGEST, "WHAT",
	"of check: a rule or list; of suggest: is this port free"},
    {"near", 0, OPTION_OTHERS, COMMAND_SUGGEST, "N",
	"the ports nearest to this one, the nearest first"},
    {"range", 0, OPTION_OTHERS, COMMAND_SUGGEST, "A-B", "ports of these alone"},
    {"count", 0, OPTION_OTHERS, COMMAND_SUGGEST, "K",
	"how many, 1 to 100; else 5"},
    {"for", 0, OPTION_OTHERS, COMMAND_SUGGEST, "TRANSPORTS",
	"some of tcp,udp,sctp,dccp; else tcp,udp"},
    {"seed", 0, OPTION_OTHERS, COMMAND_SUGGEST, "TEXT",
	"the same text leads to the same ports"},
    {"avoid", 0, OPTION_OTHERS, COMMAND_SUGGEST, "FILE",
	"ports, ranges or services(5) lines to keep clear of"},
    {"no-host", 0, OPTION_OTHERS, COMMAND_SUGGEST, NULL,
	"ask nothing of this host"},
    {"port", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "COLUMN[,COLUMN]",
	"of ports: names of the header, or numbers from 1"},
    {"protocol", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "COLUMN",
	"of tcp, udp, sctp, dccp, or 6, 17, 132, 33"},
    {"assume", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "TRANSPORT",
	"where a line names none"},
    {"add", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "WORDS",
	"some of state,class,description,port behind the service"},
    {"guess", 0, OPTION_OTHERS, COMMAND_ANNOTATE, NULL,
	"of two ports the service's alone: the assigned or lower one"},
    {"input", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "FORMAT",
	"csv, tsv, space or jsonl; else by the first line"},
    {"header", 0, OPTION_OTHERS, COMMAND_ANNOTATE, NULL,
	"the first line is one; else as it looks"},
    {"no-header", 0, OPTION_OTHERS, COMMAND_ANNOTATE, NULL,
	"the first line is none"},
    {"prefix", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "TEXT",
	"before the names of what is added"},
    {"jobs", 0, OPTION_OTHERS, COMMAND_ANNOTATE, "N",
	"on so many threads, 1 to 64; else 1"},
    {"listen", 0, OPTION_OTHERS, COMMAND_SERVE, "ADDR:PORT",
	"where to listen; port 0 takes any that is free"},
    {"base-url", 0, OPTION_OTHERS, COMMAND_SERVE, "URL",
	"where the outside finds the site, for links in feeds"},
    {"access-log", 0, OPTION_OTHERS, COMMAND_SERVE, "FILE",
	"a line for each answer; - is standard output"},
    {"rate", 0, OPTION_OTHERS, COMMAND_SERVE, "N[/BURST]",
	"of one address, a second and at once; else 100/400"},
    {"connections", 0, OPTION_OTHERS, COMMAND_SERVE, "N",
	"at a time, in all; else 10000"},
    {"per-address", 0, OPTION_OTHERS, COMMAND_SERVE, "N",
	"of these from one address; else 64"},
    {"limit-local", 0, OPTION_OTHERS, COMMAND_SERVE, NULL,
	"limits of addresses hold for this machine too"},
    {"people", 0, OPTION_OTHERS, COMMAND_SERVE, "all|none",
	"none: only the official files have them"},
    {"security-contact", 0, OPTION_OTHERS, COMMAND_SERVE, "URI",
	"whom security.txt names"},
    {"quiet", 'q', OPTION_QUIET,
	COMMAND_ALL | COMMAND_STATES | COMMAND_SERVE | COMMAND_FILES |
	    COMMAND_ANNOTATE,
	NULL, "nothing but failures on standard error"},
    {"color", 0, OPTION_COLOR, COMMAND_ALL, "WHEN", "auto, always or never"},
    {"help", 'h', OPTION_HELP,
	COMMAND_ALL | COMMAND_STATES | COMMAND_SERVE | COMMAND_FILES |
	    COMMAND_ANNOTATE,
	NULL, "this text"},
    {"version", 0, OPTION_VERSION, COMMAND_ALL, NULL,
	"the versions of program and registry"},
};

#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

static const char *const format_names[CLI_FORMAT_COUNT] = {
    [CLI_TABLE] = "table",
    [CLI_CSV] = "csv",
    [CLI_TSV] = "tsv",
    [CLI_JSON] = "json",
    [CLI_JSONL] = "jsonl",
    [CLI_PLAIN] = "plain",
};

static const char *const colour_names[] = {
    [CLI_COLOUR_AUTO] = "auto",
    [CLI_COLOUR_ALWAYS] = "always",
    [CLI_COLOUR_NEVER] = "never",
};

static const struct option *by_name(struct span name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (span_eq(span_str(options[i].name), name))
			return &options[i];
	return NULL;
}

static const struct option *by_letter(char letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (options[i].letter == letter)
			return &options[i];
	return NULL;
}

/* What it is for these commands; formats are not the same everywhere. */
static const char *help_of(const struct option *o, unsigned command)
{
	if (o->id != OPTION_FORMAT)
		return o->help;
	if ((command & ~(unsigned)COMMAND_OBJECTS) == 0)
		return "table or json";
	return command == COMMAND_SUGGEST
		   ? "table, csv, tsv, json, jsonl or plain: numbers alone"
		   : o->help;
}

void cli_list_options(struct buf *b, unsigned command)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *o = &options[i];
		size_t start = b->len;

		if ((o->commands & command) == 0)
			continue;
		buf_str(b, "  ");
		if (o->letter != 0)
			buf_printf(b, "-%c, ", o->letter);
		buf_printf(b, "--%s", o->name);
		if (o->value != NULL)
			buf_printf(b, " %s", o->value);
		buf_fill(
		    b, ' ', b->len - start < 24 ? 24 - (b->len - start) : 2);
		buf_str(b, help_of(o, command));
		buf_char(b, '\n');
	}
}

bool cli_option_at(size_t n, struct cli_option *ret)
{
	if (n >= OPTION_COUNT)
		return false;
	*ret = (struct cli_option){
	    .name = options[n].name,
	    .letter = options[n].letter,
	    .commands = options[n].commands,
	    .takes_value = options[n].value != NULL,
	    .help = options[n].help,
	};
	return true;
}

/* The place of text among names, or -1. */
static int choose(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, names[i]) == 0)
			return (int)i;
	return -1;
}

static int no_field(struct span name, struct portbook_error *err)
{
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "--sort: no field %.*s: name, number, protocol, description, "
	    "assignee, contact, registered, modified, references, "
	    "service_code, unauthorized_use or note",
	    SPAN_FMT(span_head(name, 40)));
}

static int add_sort(
    struct cli *cli, struct span field, struct portbook_error *err)
{
	struct span name = field;
	bool falling = name.len > 0 && name.ptr[0] == '-';
	enum column column = COLUMN_NUMBER;

	if (field.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--sort takes FIELD[,...], and a field is empty");
	if (falling)
		name = span_skip(name, 1);
	/* As --where has it: the first port is the number to sort by. */
	if (!column_key_parse(name, &column) && !span_eq(name, SPAN("first")))
		return no_field(name, err);
	if (cli->sort_count == CLI_LIST_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--sort takes at most %d fields", CLI_LIST_MAX);
	cli->sort[cli->sort_count].column = column;
	cli->sort[cli->sort_count++].falling = falling;
	return 0;
}

static int set_sort(
    struct cli *cli, const char *value, struct portbook_error *err)
{
	struct span rest = span_str(value);
	int code = 0;

	do
		code = add_sort(cli, span_cut(&rest, ','), err);
	while (code == 0 && rest.len > 0);
	return code;
}

static int set_choice(struct cli *cli, const struct option *o,
    const char *value, struct portbook_error *err)
{
	bool plain = cli->command->bit == COMMAND_SUGGEST;
	int n = o->id == OPTION_FORMAT
		    ? choose(value, format_names,
			  plain ? CLI_FORMAT_COUNT : CLI_PLAIN)
		    : choose(value, colour_names, 3);

	if (n < 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--%s is %s, not %.40s", o->name,
		    help_of(o, cli->command->bit), value);
	if (o->id == OPTION_FORMAT)
		cli->format = (enum cli_format)n;
	else
		cli->colour = (enum cli_colour)n;
	return 0;
}

static int set(struct cli *cli, const struct option *o, const char *value,
    struct portbook_error *err)
{
	switch (o->id) {
	case OPTION_REGISTRY:
		cli->registry = value;
		break;
	case OPTION_STATE:
		cli->state = value;
		break;
	case OPTION_AS_OF:
		cli->as_of = value;
		break;
	case OPTION_FORMAT:
	case OPTION_COLOR:
		return set_choice(cli, o, value, err);
	case OPTION_JSON:
		cli->format = CLI_JSON;
		break;
	case OPTION_QUIET:
		cli->quiet = true;
		break;
	case OPTION_LONG:
		cli->blocks = true;
		break;
	case OPTION_PAGE:
		cli->page = value;
		break;
	case OPTION_SINCE:
		cli->since = value;
		break;
	case OPTION_OFFICIAL:
		cli->official = true;
		break;
	case OPTION_ALL:
		cli->all = true;
		break;
	case OPTION_WHERE:
		if (cli->where_count == CLI_LIST_MAX)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "--where may be given %d times", CLI_LIST_MAX);
		cli->where[cli->where_count++] = value;
		break;
	case OPTION_SORT:
		return set_sort(cli, value, err);
	case OPTION_TO:
		cli->to = value;
		break;
	case OPTION_STYLE:
		cli->style_name = value;
		break;
	case OPTION_OUTPUT:
		cli->output = value;
		break;
	case OPTION_SEARCH:
		cli->search = value;
		break;
	case OPTION_FREQUENCIES:
		cli->frequencies = value;
		break;
	case OPTION_HELP:
		cli->help = true;
		break;
	case OPTION_VERSION:
		cli->version_asked = true;
		break;
	case OPTION_OTHERS:
		break;
	}
	return 0;
}

/* An option found in argv: which, and its value. */
struct given {
	const struct option *option; /* NULL: not known */
	const char *value;
};

/* Whether the letters at text end with one whose value is the next word. */
static bool wants_next(const char *text)
{
	const struct option *o = NULL;

	for (const char *c = text + 1; *c != '\0'; c++) {
		o = by_letter(*c);
		if (o != NULL && o->value != NULL)
			return c[1] == '\0';
	}
	return false;
}

/*
 * Reads the long option at argv[*at], moving on to its value if that is the
 * next word.
 */
static struct given take_long(int argc, char **argv, int *at)
{
	struct span text = span_str(argv[*at] + 2);
	size_t equals = span_find_char(text, 0, '=');
	struct given ret = {by_name(span_head(text, equals)), NULL};

	if (ret.option == NULL)
		return ret;
	if (equals < text.len)
		ret.value = text.ptr + equals + 1;
	else if (ret.option->value != NULL && *at + 1 < argc)
		ret.value = argv[++*at];
	return ret;
}

const char *cli_find_option(int argc, char **argv, const char *name)
{
	const char *value = NULL;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		struct given given;

		if (argv[i][0] == '-' && argv[i][1] != '-') {
			for (const char *c = argv[i] + 1; *c != '\0'; c++) {
				const struct option *o = by_letter(*c);

				if (o != NULL && strcmp(o->name, name) == 0)
					value = "";
			}
			i += wants_next(argv[i]);
		}
		if (argv[i][0] != '-' || argv[i][1] != '-')
			continue;
		given = take_long(argc, argv, &i);
		if (given.option != NULL &&
		    strcmp(given.option->name, name) == 0)
			value = given.value != NULL ? given.value : "";
	}
	return value;
}

const char *cli_first_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return i + 1 < argc ? argv[i + 1] : NULL;
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			return argv[i];
		if (argv[i][1] == '-')
			take_long(argc, argv, &i);
		else if (wants_next(argv[i]))
			i++;
	}
	return NULL;
}

static int accept_option(struct cli *cli, const struct given *given,
    const char *text, struct portbook_error *err)
{
	const struct option *o = given->option;

	if (o == NULL || (o->commands & cli->command->bit) == 0)
		return cli_no_option(cli->command, text, err);
	if (o->value == NULL && given->value != NULL)
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "--%s takes no value", o->name);
	if (o->value != NULL && given->value == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0, "--%s takes %s: %s",
		    o->name, o->value, o->help);
	/* Of a variable that is not set, most likely. */
	if (given->value != NULL && given->value[0] == '\0' &&
	    (o->id == OPTION_REGISTRY || o->id == OPTION_STATE ||
		o->id == OPTION_AS_OF))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--%s takes %s, and it is empty", o->name, o->value);
	return set(cli, o, given->value, err);
}

/* The letters at argv[*at]; the value of one is what follows it. */
static int take_letters(struct cli *cli, int *at, struct portbook_error *err)
{
	const char *text = cli->argv[*at];
	bool next = wants_next(text);

	for (const char *c = text + 1; *c != '\0'; c++) {
		struct given given = {by_letter(*c), NULL};
		int code;

		if (given.option != NULL && given.option->value != NULL) {
			if (c[1] != '\0')
				given.value = c + 1;
			else if (next && *at + 1 < cli->argc)
				given.value = cli->argv[++*at];
		}
		code = accept_option(cli, &given, text, err);
		if (code < 0 || given.value != NULL)
			return code;
	}
	return 0;
}

int cli_parse(struct cli *cli, struct portbook_error *err)
{
	const char *first = cli_first_word(cli->argc, cli->argv);
	const struct command *command =
	    first != NULL ? command_find(span_str(first)) : NULL;
	bool ended = false, skip = command != NULL;

	cli->command = command != NULL ? command : &commands[0];
	cli->words = mem_alloc((size_t)cli->argc + 1, sizeof(*cli->words));
	if (cli->words == NULL)
		return error_nomem(err);
	for (int i = 1; i < cli->argc; i++) {
		char *text = cli->argv[i];
		int code = 0;

		if (ended || text[0] != '-' || text[1] == '\0') {
			if (!skip)
				cli->words[cli->word_count++] = text;
			skip = false;
		} else if (text[1] != '-') {
			code = take_letters(cli, &i, err);
		} else if (text[2] == '\0') {
			ended = true;
		} else {
			struct given given =
			    take_long(cli->argc, cli->argv, &i);

			code = accept_option(cli, &given, text, err);
		}
		if (code < 0)
			return code;
	}
	return 0;
}
