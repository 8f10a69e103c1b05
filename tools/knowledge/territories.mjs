// node tools/knowledge/territories.mjs > data/knowledge/territories.json
// Names of states and territories in the languages Khabar meets most, from CLDR (Unicode-3.0 licence) as built into Node's ICU.
const LANGUAGES = ['ar', 'en', 'fr', 'es', 'ru', 'fa', 'tr', 'de', 'zh', 'ur', 'he', 'it', 'pt', 'id', 'ckb'];
// Codes that are retired, reserved, supranational or for tests.
const LEFT_OUT = new Set(
  'AC AN AQ BU BV CP CQ CS DD DG DY EA EU EZ FX HM HV IC IO NH NQ NT PZ QO RH SU TA TF TP UK UM UN VD WK XA XB YD YU ZR ZZ'.split(
    ' ',
  ),
);
const displays = LANGUAGES.map((language) => [
  language,
  new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }),
]);
const territories = {};
for (let first = 65; first <= 90; first++) {
  for (let second = 65; second <= 90; second++) {
    const code = String.fromCharCode(first, second);
    if (LEFT_OUT.has(code) || displays[1][1].of(code) === undefined) continue;
    territories[code] = Object.fromEntries(
      displays.map(([language, display]) => [language, display.of(code)]).filter(([, name]) => name),
    );
  }
}
console.log(JSON.stringify(territories).replaceAll('},"', '},\n"'));
