/**
 * Query parameters that say how a reader came, not what is read. Gathered from the documentation of the analytics, mail and
 * advertising products named, and from the feeds and share buttons of news sites. A name that some site uses for content
 * (`id`, `cid`, `p`, `lang`) is dropped only with a telling value, or only on the site known to use it for tracking.
 * Names are compared in lower case.
 */

const names = (list: string) => list.trim().split(/\s+/);

/** Dropped everywhere, whatever the value. */
const TRACKING = new Set([
  // click ids of advertising networks
  ...names(`gclid gclsrc dclid gbraid wbraid gad gad_source gad_campaignid srsltid fbclid msclkid yclid ysclid twclid ttclid li_fat_id
    sccid rdt_cid epik irclickid irgwc wickedid s_kwcid ef_id obclid dicbo oborigurl tblci tbclid zanpid awc rb_clickid ymclid
    qclid vmcid gdfms gdftrk gdffi _openstat yadclid ranmid raneaid ransiteid adgroupid matchtype cjevent igshid igsh mibextid`),
  // Google Analytics, Tag Manager, Search
  ...names(`_ga _gl _gid _gac ved usg sxsrf gs_lcp gs_lcrp`),
  // mail and marketing suites
  ...names(`mc_cid mc_eid mc_tc mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id
    ml_subscriber ml_subscriber_hash ck_subscriber_id bxid cndid esrc hasha hashb hashc dm_i dm_t et_cid et_rid rtid _ke _kx __s
    nr_email_referer sms_ss sms_click sms_uph trk trkcampaign trkinfo trackingid tracking_id lipi licu lctg email_hash user_email_address
    sc_cid s_cid s_campaign sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country campaign_id campaignid cm_mmc
    cm_ven cm_cat cm_pla cm_ite cm_lm cm_re manual_cm_mmc icid ic_id wt.mc_id wt.mc_ev wt.srch wt_mc wt_zmc wtmc maca
    awesm at_xt simplereach action_object_map action_ref_map action_type_map fb_action_ids fb_action_types fb_source fb_ref
    fb_comment_id refsrc hrc cvid _branch_match_id _branch_referrer vgo_ee spm scm gps_adid bsft_eid bsft_clkid bsft_uid bsft_mid
    bsft_utid bsft_aaid email_id emci emdi sourceid`),
  // news sites: feeds, share buttons, internal promotion
  ...names(`referringsource wprov xtor xtref xtmc xtcr cmpid cmp cmpi camp intcmp intcid int_cid int_source int_medium int_campaign internal_campaign
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee ns_cdn_no ito ocid ncid ftag mbid smid smtyp smprod rref emc unlocked_article_code
    traffic_source trafficsource guccounter guce_referrer guce_referrer_sig guce_referrer_us soc_src soc_trk leadsource srnd sref
    reflink wprss wpisrc itid wpsrc wpmm wpsocial fsrc ftcamp dcmp __source taid feedtype feedname virtualbrandchannel rssid
    rss_feed gnt-cfr csp cid_source ref_src ref_url referrer_source share_id shareid shared_from share_from share_source share_medium
    share_token sharetoken share_type sharetype shared sharer sh_kit social_share socialshare sr_share
    giftcopy gift_token gift_code __twitter_impression __tn__ __xts__ echobox feature_source pfrom
    article_source_type internal_source internalsource page_source clicksource click_source clickid click_id entrypoint tgclid
    source_medium link_source linksource linkid_source ss_source ss_campaign_id ss_email_id sfmc_id sfmc_activityid sfmc_journey_id
    wtrid wt_t recruiter recommid reco_id trc_source dablena`),
  // AMP runtime, rendering variants of the same page
  ...names(
    `amp_js_v amp_gsa amp_lite amp_markup amp_kit usqp aoh noamp nonamp amphtml isamp _amp amp_latest_update_time`,
  ),
  ...names(
    `printable printview printfriendly printer_friendly pagespeed nomobile noredirect no_redirect fullsite desktopview`,
  ),
  // answers to a challenge, comment forms, cron probes, caches
  ...names(`__cf_chl_tk __cf_chl_rt_tk __cf_chl_jschl_tk__ __cf_chl_captcha_tk__ __cf_chl_f_tk cf_chl_seq replytocom doing_wp_cron
    nocache no_cache cachebuster cachebust cache_buster refresh_ce`),
  // sessions
  ...names(`phpsessid jsessionid aspsessionid asp.net_sessionid cfid cftoken zenid oscsid sessid cgisessid sessionid`),
]);

/** Families of such parameters, by the prefix their product gives them. */
const TRACKING_FAMILIES = [
  /^utm[_-]?/, // Urchin, Google Analytics, and everything that imitates it
  /^(?:hsa|pk|piwik|mtm|matomo|stm|itm|ga|vero|oly|trk|bsft|taboola|outbrain|at|wt|lmd|sfmc|cm_mmca|_hs|__hs|__cf_chl|cf_chl|_bta|ss_ad)_/,
  /^(?:wt\.|elq|_branch_|fb_action_|cm_mmca\d|ictd\[|aspsessionid)/,
  /^sf\d{6,}$/, // Sprout Social
];

/** Dropped when the value is one of where readers come from: `?ref=rss` is tracking, `?ref=main` may be a branch. */
const ORIGIN_NAMES = new Set(
  names(`ref refer referer referrer reference source src from via origin medium channel partner campaign cid rss feed s sr tag share f rf
    utm app_source position placement context click mod module widget section_ref hp ct sns social output_ref`),
);
const ORIGIN = new RegExp(
  `^(?:${names(`rss[\\w-]* feed feeds atom twitter twtr tw tweet x facebook fb face whatsapp wa telegram tg instagram insta ig linkedin li
    pinterest reddit tiktok snapchat youtube email e?mail newsletter[\\w-]* nl social[\\w-]* share[\\w-]* sharing google googlenews
    google_news gnews bing home yahoo flipboard pocket feedly feedburner smartnews applenews apple_news newsshowcase homepage
    home_page homescreen hp push notification[s]? webpush onesignal alert[s]? sms messenger viber amp app ios android mobile_app
    mostread most_read most-read mostviewed trending recommend(?:ed|ation|ations)? related[\\w-]* read_?more ticker breaking_?news
    hp[-_]\\w+ tw-\\w+ fb-\\w+ ic copy copylink copy_link clipboard`).join('|')})$`,
  'i',
);

/** Dropped only with such a value: variants of one page, cache busters, session ids under a short name. */
const WITH_VALUE: [name: RegExp, value: RegExp][] = [
  [/^amp$/, /^(?:|1|true|yes|on|amp|0)$/i],
  [
    /^(?:outputtype|output|view|type|format|mode|service|layout|platform|template|v|display|version|tpl|renderer|theme|alt)$/,
    /^(?:google-?)?amp(?:html)?$/i,
  ],
  [
    /^(?:view|mode|format|output|layout|template|tpl|action|type|display|version|alt|outputtype)$/,
    /^(?:print|printable|printer|printerfriendly|printer-friendly|print_view)$/i,
  ],
  [
    /^(?:view|mode|layout|device|display|ui|version|platform|site|theme|format|template|outputtype)$/,
    /^(?:mobile|desktop|m|smartphone|touch|wap)$/i,
  ],
  [/^(?:mobile|desktop|m|ismobile|is_mobile|touch)$/, /^(?:1|true|yes|on)$/i],
  [/^(?:_|cb|rnd|rand|random|ts|timestamp|nc|t)$/, /^\d{10,}$/],
  [/^(?:_|cb|rnd|rand|random)$/, /^0?\.\d+$/],
  [/^print$/, /^(?:|1|true|yes|y|on)$/i],
  [/^(?:sid|s|session|sess)$/, /^[0-9a-f]{24,64}$/i],
  [/^session_id$/, /^[0-9a-z-]{16,}$/i],
  [/^share$/, /^(?:1|true|yes)$/i],
  [/^(?:cid|rcid|lcid)$/, /^(?:social|soc|rss|newsletter|email|nl|eml|tw|fb|sm|share)[-_:].+/i],
  [/^gift$/, /^(?:1|true|[A-Za-z0-9_-]{16,})$/],
];

/** Dropped on one site, where the name is known to track. Keys are registrable domains without their suffix. */
const ON_SITE: Record<string, Set<string>> = {
  nytimes: new Set(
    names(
      'partner smid emc nl te algo block region pgtype action campaign_id instance_id segment_id user_id regi_id sq st scp src',
    ),
  ),
  wsj: new Set(names('mod st reflink page pos mg')),
  barrons: new Set(names('mod st reflink')),
  marketwatch: new Set(names('mod st reflink link siteid guid')),
  forbes: new Set(names('sh ss ctpv')),
  ft: new Set(names('segmentid desktop sharetype accesstoken ftcamp')),
  bbc: new Set(names('pinned_post_locator pinned_post_asset_id pinned_post_type post link_location')),
  npr: new Set(names('ft f sc live')),
  reuters: new Set(names('rpc il edition-redirect sp symbol_source')),
  cnn: new Set(names('hpt iref eref iid sr hln')),
  washingtonpost: new Set(names('tid nid pwapi_token hpid s_l')),
  telegraph: new Set(names('li_source li_medium')),
  repubblica: new Set(names('ref refresh_ce')),
  lastampa: new Set(names('ref refresh_ce')),
  elpais: new Set(names('ssm prm prod outputtype ssm event_log')),
  elmundo: new Set(names('cid emk s_kw')),
  spiegel: new Set(names('ref sara_ref d')),
  indiatimes: new Set(names('from frmapp utm')),
  ndtv: new Set(names('pfrom ref browserpush type')),
  cnbc: new Set(names('par doc tpcc qsearchterm')),
  tiktok: new Set(names('_r _t is_from_webapp is_copy_url sender_device sender_web_id web_id')),
  youtube: new Set(names('feature si pp ab_channel app gclid')),
  twitter: new Set(names('s t ref_src ref_url cxt lang src')),
  x: new Set(names('s t ref_src ref_url cxt')),
  facebook: new Set(
    names('__tn__ __cft__ ref refid fref hc_ref acontext extid rdid share_url _rdr _rdc paipv eav locale'),
  ),
  instagram: new Set(names('hl img_index utm')),
  linkedin: new Set(names('rcm lipi trackingid refid')),
  google: new Set(names('oc_src sa ved ei')),
  blogspot: new Set(names('m spref')),
  msn: new Set(names('cvid ei ocid li pc bncnt')),
  medium: new Set(names('source sk')),
  substack: new Set(names('r s isfreemail showwelcomeonshare triedredirect publication_id post_id token')),
  dw: new Set(names('maca')),
  france24: new Set(names('ref')),
  rfi: new Set(names('ref')),
  lenta: new Set(names('from')),
  rbc: new Set(names('from')),
  kommersant: new Set(names('from erid')),
  sina: new Set(names('from wm cre mod loc r rfunc tj tr')),
  sohu: new Set(names('scm spm pvid')),
};

/** Whether a parameter only tracks. `name` and `value` decoded; `site` the registrable domain without suffix, for example `bbc`. */
export function isTrackingParameter(name: string, value: string, site: string | undefined): boolean {
  const key = name.toLowerCase();
  if (TRACKING.has(key) || TRACKING_FAMILIES.some((family) => family.test(key))) return true;
  if (ORIGIN_NAMES.has(key) && ORIGIN.test(value)) return true;
  if (WITH_VALUE.some(([names, values]) => names.test(key) && values.test(value))) return true;
  return site !== undefined && Object.hasOwn(ON_SITE, site) && (ON_SITE[site]?.has(key) ?? false);
}
