/* SPDX-License-Identifier: ISC */
/*
 * The legacy names of RFC 6335 section 10.1.  They are looked for in a
 * registry that has most of them, so that those of others are left alone.
 */
#include "check/rows.h"

#include "base/banned.h"

static const struct span names[] = {
    SPAN_INIT("914c/g"),
    SPAN_INIT("EtherNet/IP-1"),
    SPAN_INIT("EtherNet/IP-2"),
    SPAN_INIT("LiebDevMgmt_A"),
    SPAN_INIT("LiebDevMgmt_C"),
    SPAN_INIT("LiebDevMgmt_DM"),
    SPAN_INIT("acmaint_dbd"),
    SPAN_INIT("acmaint_transd"),
    SPAN_INIT("atex_elmd"),
    SPAN_INIT("avanti_cdp"),
    SPAN_INIT("badm_priv"),
    SPAN_INIT("badm_pub"),
    SPAN_INIT("bdir_priv"),
    SPAN_INIT("bdir_pub"),
    SPAN_INIT("bmc_ctd_ldap"),
    SPAN_INIT("bmc_patroldb"),
    SPAN_INIT("boks_clntd"),
    SPAN_INIT("boks_servc"),
    SPAN_INIT("boks_servm"),
    SPAN_INIT("broker_service"),
    SPAN_INIT("bues_service"),
    SPAN_INIT("canit_store"),
    SPAN_INIT("cedros_fds"),
    SPAN_INIT("cl/1"),
    SPAN_INIT("contamac_icm"),
    SPAN_INIT("corel_vncadmin"),
    SPAN_INIT("csc_proxy"),
    SPAN_INIT("cvc_hostd"),
    SPAN_INIT("dbcontrol_agent"),
    SPAN_INIT("dec_dlm"),
    SPAN_INIT("dl_agent"),
    SPAN_INIT("documentum_s"),
    SPAN_INIT("dsmeter_iatc"),
    SPAN_INIT("dsx_monitor"),
    SPAN_INIT("elpro_tunnel"),
    SPAN_INIT("elvin_client"),
    SPAN_INIT("elvin_server"),
    SPAN_INIT("encrypted_admin"),
    SPAN_INIT("erunbook_agent"),
    SPAN_INIT("erunbook_server"),
    SPAN_INIT("esri_sde"),
    SPAN_INIT("event_listener"),
    SPAN_INIT("flr_agent"),
    SPAN_INIT("gds_db"),
    SPAN_INIT("ibm_wrless_lan"),
    SPAN_INIT("iceedcp_rx"),
    SPAN_INIT("iceedcp_tx"),
    SPAN_INIT("iclcnet_svinfo"),
    SPAN_INIT("idig_mux"),
    SPAN_INIT("ife_icorp"),
    SPAN_INIT("instl_bootc"),
    SPAN_INIT("instl_boots"),
    SPAN_INIT("intel_rci"),
    SPAN_INIT("interhdl_elmd"),
    SPAN_INIT("lan900_remote"),
    SPAN_INIT("mapper-ws_ethd"),
    SPAN_INIT("matrix_vnet"),
    SPAN_INIT("mdbs_daemon"),
    SPAN_INIT("menandmice_noh"),
    SPAN_INIT("msl_lmd"),
    SPAN_INIT("nburn_id"),
    SPAN_INIT("ncr_ccl"),
    SPAN_INIT("nds_sso"),
    SPAN_INIT("netmap_lm"),
    SPAN_INIT("nms_topo_serv"),
    SPAN_INIT("notify_srvr"),
    SPAN_INIT("novell-lu6.2"),
    SPAN_INIT("nuts_bootp"),
    SPAN_INIT("nuts_dem"),
    SPAN_INIT("ocs_amu"),
    SPAN_INIT("ocs_cmu"),
    SPAN_INIT("pipe_server"),
    SPAN_INIT("pra_elmd"),
    SPAN_INIT("printer_agent"),
    SPAN_INIT("redstorm_diag"),
    SPAN_INIT("redstorm_find"),
    SPAN_INIT("redstorm_info"),
    SPAN_INIT("redstorm_join"),
    SPAN_INIT("resource_mgr"),
    SPAN_INIT("rmonitor_secure"),
    SPAN_INIT("rsvp_tunnel"),
    SPAN_INIT("sai_sentlm"),
    SPAN_INIT("sge_execd"),
    SPAN_INIT("sge_qmaster"),
    SPAN_INIT("shiva_confsrvr"),
    SPAN_INIT("sql*net"),
    SPAN_INIT("srvc_registry"),
    SPAN_INIT("stm_pproc"),
    SPAN_INIT("subntbcst_tftp"),
    SPAN_INIT("udt_os"),
    SPAN_INIT("universe_suite"),
    SPAN_INIT("veritas_pbx"),
    SPAN_INIT("vision_elmd"),
    SPAN_INIT("vision_server"),
    SPAN_INIT("whois++"),
    SPAN_INIT("wrs_registry"),
    SPAN_INIT("z39.50"),
};

#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static bool has_name(const struct check *c, struct span name)
{
	size_t low = 0, high = c->named_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = check_fold_cmp(
		    name, check_text(c, c->by_name[middle], FIELD_NAME));

		if (order == 0)
			return true;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

int check_legacy(struct check *c)
{
	bool there[NAME_COUNT];
	size_t count = 0;

	for (size_t i = 0; i < NAME_COUNT; i++) {
		there[i] = has_name(c, names[i]);
		count += there[i];
	}
	if (count <= NAME_COUNT / 2)
		return 0;
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (there[i])
			continue;
		buf_printf(&c->message, "%.*s is not in the registry any more",
		    SPAN_FMT(names[i]));
		buf_clear(&c->key);
		buf_printf(&c->key, "-/-/%.*s", SPAN_FMT(names[i]));
		check_add_key(c, FINDING_NAME_ALIAS_LIST, buf_span(&c->key),
		    c->registry->record_count);
	}
	return 0;
}
