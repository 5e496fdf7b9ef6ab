/* SPDX-License-Identifier: ISC */
/*
 * docs/exports.md tells users what each profile has, and why:
 *
 *	minimal	 what a container's programs look up by name: the lines of
 *		 the table that say so
 *	common	 those; the other lines, names that systems and their
 *		 packages look up; ports that people have another name for
 *		 (data/names.tsv); and ports whose record cites an RFC
 *	full	 every port that has a name
 *
 * A line counts only where the registry has that name at that port.
 */
#include "write/profile.h"

#include "terms/rich.h"
#include "base/banned.h"

#define TCP (1U << PROTOCOL_TCP)
#define UDP (1U << PROTOCOL_UDP)
#define SCTP (1U << PROTOCOL_SCTP)

static const struct line {
	const char *name;
	uint16_t port;
	uint8_t transports; /* a bit each */
	bool minimal;
} lines[] = {
    /*
     * Remote login, files, mail, the web, names, time, addresses, directories,
     * printing, databases, queues, caches: what the clients and servers that
     * are run in containers ask for by name.
     */
    {"ftp-data", 20, TCP, true},
    {"ftp", 21, TCP, true},
    {"ssh", 22, TCP, true},
    {"telnet", 23, TCP, true},
    {"smtp", 25, TCP, true},
    {"nicname", 43, TCP, true},
    {"domain", 53, TCP | UDP, true},
    {"bootps", 67, UDP, true},
    {"bootpc", 68, UDP, true},
    {"tftp", 69, UDP, true},
    {"http", 80, TCP, true},
    {"kerberos", 88, TCP | UDP, true},
    {"pop3", 110, TCP, true},
    {"sunrpc", 111, TCP | UDP, true},
    {"ident", 113, TCP, true},
    {"nntp", 119, TCP, true},
    {"ntp", 123, UDP, true},
    {"epmap", 135, TCP, true},
    {"netbios-ns", 137, UDP, true},
    {"netbios-dgm", 138, UDP, true},
    {"netbios-ssn", 139, TCP, true},
    {"imap", 143, TCP, true},
    {"snmp", 161, UDP, true},
    {"snmptrap", 162, UDP, true},
    {"bgp", 179, TCP, true},
    {"ldap", 389, TCP | UDP, true},
    {"https", 443, TCP | UDP, true},
    {"microsoft-ds", 445, TCP, true},
    {"kpasswd", 464, TCP | UDP, true},
    {"submissions", 465, TCP, true},
    {"isakmp", 500, UDP, true},
    {"syslog", 514, UDP, true},
    {"printer", 515, TCP, true},
    {"dhcpv6-client", 546, UDP, true},
    {"dhcpv6-server", 547, UDP, true},
    {"rtsp", 554, TCP, true},
    {"submission", 587, TCP, true},
    {"ipp", 631, TCP, true},
    {"ldaps", 636, TCP, true},
    {"kerberos-adm", 749, TCP, true},
    {"domain-s", 853, TCP | UDP, true},
    {"rsync", 873, TCP, true},
    {"ftps", 990, TCP, true},
    {"imaps", 993, TCP, true},
    {"pop3s", 995, TCP, true},
    {"socks", 1080, TCP, true},
    {"openvpn", 1194, TCP | UDP, true},
    {"ms-sql-s", 1433, TCP, true},
    {"radius", 1812, UDP, true},
    {"radius-acct", 1813, UDP, true},
    {"mqtt", 1883, TCP, true},
    {"nfs", 2049, TCP | UDP, true},
    {"docker", 2375, TCP, true},
    {"docker-s", 2376, TCP, true},
    {"etcd-client", 2379, TCP, true},
    {"etcd-server", 2380, TCP, true},
    {"iscsi-target", 3260, TCP, true},
    {"mysql", 3306, TCP, true},
    {"ms-wbt-server", 3389, TCP, true},
    {"stun", 3478, TCP | UDP, true},
    {"svn", 3690, TCP, true},
    {"ipsec-nat-t", 4500, UDP, true},
    {"sip", 5060, TCP | UDP, true},
    {"sips", 5061, TCP, true},
    {"xmpp-client", 5222, TCP, true},
    {"xmpp-server", 5269, TCP, true},
    {"mdns", 5353, UDP, true},
    {"postgresql", 5432, TCP, true},
    {"amqps", 5671, TCP, true},
    {"amqp", 5672, TCP, true},
    {"x11", 6000, TCP, true},
    {"redis", 6379, TCP, true},
    {"syslog-tls", 6514, TCP, true},
    {"http-alt", 8080, TCP, true},
    {"secure-mqtt", 8883, TCP, true},
    {"git", 9418, TCP, true},
    {"memcache", 11211, TCP, true},
    {"mongodb", 27017, TCP, true},
    /*
     * Further services that Unix systems, Debian's packages or scientific and
     * office networks look up, and whose records cite no RFC.
     */
    {"tcpmux", 1, TCP, false},
    {"echo", 7, TCP | UDP, false},
    {"tacacs", 49, UDP, false},
    {"gopher", 70, TCP, false},
    {"finger", 79, TCP, false},
    {"acr-nema", 104, TCP, false},
    {"snmp", 161, TCP, false},
    {"cmip-man", 163, TCP | UDP, false},
    {"cmip-agent", 164, TCP | UDP, false},
    {"mailq", 174, TCP, false},
    {"xdmcp", 177, UDP, false},
    {"smux", 199, TCP, false},
    {"qmtp", 209, TCP, false},
    {"ipx", 213, UDP, false},
    {"ptp-event", 319, UDP, false},
    {"ptp-general", 320, UDP, false},
    {"pawserv", 345, TCP, false},
    {"zserv", 346, TCP, false},
    {"rpc2portmap", 369, TCP | UDP, false},
    {"codaauth2", 370, TCP | UDP, false},
    {"clearcase", 371, UDP, false},
    {"svrloc", 427, TCP | UDP, false},
    {"saft", 487, TCP, false},
    {"biff", 512, UDP, false},
    {"talk", 517, UDP, false},
    {"ntalk", 518, UDP, false},
    {"gdomap", 538, TCP | UDP, false},
    {"klogin", 543, TCP, false},
    {"rtsp", 554, UDP, false},
    {"nqs", 607, TCP, false},
    {"qmqp", 628, TCP, false},
    {"ldaps", 636, UDP, false},
    {"ldp", 646, TCP | UDP, false},
    {"tinc", 655, TCP | UDP, false},
    {"silc", 706, TCP, false},
    {"ftps-data", 989, TCP, false},
    {"telnets", 992, TCP, false},
    {"proofd", 1093, TCP, false},
    {"rootd", 1094, TCP, false},
    {"rmiregistry", 1099, TCP, false},
    {"ms-sql-m", 1434, UDP, false},
    {"ingreslock", 1524, TCP, false},
    {"sa-msg-port", 1646, TCP | UDP, false},
    {"kermit", 1649, TCP, false},
    {"groupwise", 1677, TCP, false},
    {"l2f", 1701, UDP, false},
    {"gnunet", 2086, TCP | UDP, false},
    {"rtcm-sc104", 2101, TCP | UDP, false},
    {"zephyr-srv", 2102, UDP, false},
    {"zephyr-clt", 2103, UDP, false},
    {"zephyr-hm", 2104, UDP, false},
    {"gsigatekeeper", 2119, TCP, false},
    {"gris", 2135, TCP, false},
    {"venus", 2430, TCP | UDP, false},
    {"venus-se", 2431, TCP | UDP, false},
    {"codasrv", 2432, TCP | UDP, false},
    {"codasrv-se", 2433, TCP | UDP, false},
    {"mon", 2583, TCP | UDP, false},
    {"dict", 2628, TCP, false},
    {"f5-globalsite", 2792, TCP, false},
    {"gsiftp", 2811, TCP, false},
    {"gpsd", 2947, TCP, false},
    {"icpv2", 3130, UDP, false},
    {"nut", 3493, UDP, false},
    {"distcc", 3632, TCP, false},
    {"daap", 3689, TCP, false},
    {"suucp", 4031, TCP, false},
    {"sysrqd", 4094, TCP, false},
    {"f5-iquery", 4353, TCP, false},
    {"epmd", 4369, TCP, false},
    {"remctl", 4373, TCP, false},
    {"hylafax", 4559, TCP, false},
    {"mtn", 4691, TCP, false},
    {"cfengine", 5308, TCP, false},
    {"freeciv", 5556, TCP, false},
    {"nrpe", 5666, TCP, false},
    {"amqp", 5672, SCTP, false},
    {"gnutella-rtr", 6347, TCP | UDP, false},
    {"sge-qmaster", 6444, TCP, false},
    {"sge-execd", 6445, TCP, false},
    {"mysql-proxy", 6446, TCP, false},
    {"afs3-fileserver", 7000, UDP, false},
    {"afs3-callback", 7001, UDP, false},
    {"afs3-prserver", 7002, UDP, false},
    {"afs3-vlserver", 7003, UDP, false},
    {"afs3-kaserver", 7004, UDP, false},
    {"afs3-volser", 7005, UDP, false},
    {"afs3-bos", 7007, UDP, false},
    {"afs3-update", 7008, UDP, false},
    {"afs3-rmtsys", 7009, UDP, false},
    {"puppet", 8140, TCP, false},
    {"bacula-dir", 9101, TCP, false},
    {"bacula-fd", 9102, TCP, false},
    {"bacula-sd", 9103, TCP, false},
    {"xmms2", 9667, TCP, false},
    {"zabbix-agent", 10050, TCP, false},
    {"zabbix-trapper", 10051, TCP, false},
    {"amanda", 10080, TCP, false},
    {"nbd", 10809, TCP, false},
    {"dicom", 11112, TCP, false},
    {"hkp", 11371, TCP, false},
    {"db-lsp", 17500, TCP, false},
    {"dcap", 22125, TCP, false},
    {"gsidcap", 22128, TCP, false},
    {"wnn6", 22273, TCP, false},
    {"binkp", 24554, TCP, false},
};

#define LINE_COUNT (sizeof(lines) / sizeof(lines[0]))

static const struct span names[] = {
    [PROFILE_FULL] = SPAN_INIT("full"),
    [PROFILE_COMMON] = SPAN_INIT("common"),
    [PROFILE_MINIMAL] = SPAN_INIT("minimal"),
};

enum profile profile_parse(struct span name)
{
	if (span_eq(name, names[PROFILE_COMMON]))
		return PROFILE_COMMON;
	if (span_eq(name, names[PROFILE_MINIMAL]))
		return PROFILE_MINIMAL;
	return PROFILE_FULL;
}

struct span profile_name(enum profile profile)
{
	return names[profile];
}

static bool is_called(
    const struct portnames *all, struct portnames_list list, struct span name)
{
	for (size_t i = 0; i < list.count; i++)
		if (span_eq(all->feed.ports[list.at[i]].name, name))
			return true;
	return false;
}

static bool has_line(enum profile profile, const struct portnames *all,
    struct portnames_list list, uint16_t port)
{
	uint8_t protocol = all->feed.ports[list.at[0]].protocol;

	for (size_t i = 0; i < LINE_COUNT; i++) {
		const struct line *line = &lines[i];

		if (line->port == port &&
		    (line->transports >> protocol & 1) != 0 &&
		    (line->minimal || profile != PROFILE_MINIMAL) &&
		    is_called(all, list, span_str(line->name)))
			return true;
	}
	return false;
}

static bool cites_rfc(const struct image *image, const struct image_row *row)
{
	struct span text = image_text(image, row->text[FIELD_REFERENCE]);
	struct rich_token token;

	while (rich_next(&text, &token))
		if (token.kind == RICH_IS_XREF && token.xref.type == XREF_RFC)
			return true;
	return false;
}

/* Whether an everyday name of names.tsv leads to the port. */
static bool is_everyday(const struct image *image, const struct portnames *all,
    struct portnames_list list, uint16_t port)
{
	uint8_t protocol = all->feed.ports[list.at[0]].protocol;

	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		const struct image_row *row = image_row(image, le32(line->row));

		if (le32(line->kind) == IMAGE_CURATED_NAME && row != NULL &&
		    le16(row->first) == port && row->protocol == protocol &&
		    portnames_have(all, list, image, row))
			return true;
	}
	return false;
}

bool profile_has(enum profile profile, const struct image *image,
    const struct portnames *all, struct portnames_list list, uint16_t port)
{
	const struct feed_port *entry = &all->feed.ports[list.at[0]];

	if (profile == PROFILE_FULL || has_line(profile, all, list, port))
		return true;
	if (profile != PROFILE_COMMON)
		return false;
	return is_everyday(image, all, list, port) ||
	       cites_rfc(image, &image->rows[entry->row]);
}
