/** Headings that say of checks when they are made, in the words of several languages. */

const CHECKS =
  /(?<!\p{L})(?:checks?|checking|tests?|prüf\p{L}*|vorprüfung\p{L}*|kontroll\p{L}*|vorkontrolle\p{L}*|vérif\p{L}+|contrôles?|comprob\p{L}+|verific\p{L}+|controll[oi]|checage(?:m|ns)|conferência|провер\p{L}+|контрол\p{L}+|sprawdz\p{L}+|weryfik\p{L}+|controles?|kontrol(?:ü|leri|ler)?)(?!\p{L})|检查|檢查|确认|確認|验证|驗證|チェック|点検|점검|확인|검증/iu;
const BEFORE =
  /(?<!\p{L})(?:pre|prior|preliminary|beforehand|before|vorab|vorher|vorherige\p{L}*|vor (?:dem|der|den)|préalables?|avant|previ[ao]s?|prévi[ao]s?|pré|antes|preliminar\p{L}*|prima|предварительн\p{L}+|перед|до начала|przed|wstępn\p{L}+|vooraf|ön)(?!\p{L})|前(?:的)?(?:检查|檢查|确认|確認|验证|驗證|チェック|点検)|事前|사전|전 ?(?:점검|확인)/iu;
const AFTER =
  /(?<!\p{L})(?:post|after|afterwards|final|nach|nachher|abschließende\p{L}*|après|finaux|finales?|posteriores?|después|após|pós|dopo|finali|после|результата|po|końcow\p{L}+|achteraf|sonrası|son)(?!\p{L})|[后後](?:的)?(?:检查|檢查|确认|確認|验证|驗證|チェック|点検)|事後|사후|후 ?(?:점검|확인|검증)/iu;

/** "Vérifications préalables": checks that are made before anything is done; "Contrôles après bascule": those made afterwards. */
export function timeOfCheck(heading: string): 'before' | 'after' | undefined {
  if (!CHECKS.test(heading)) return undefined;
  const [before, after] = [BEFORE.test(heading), AFTER.test(heading)];
  if (before === after) return undefined;
  return before ? 'before' : 'after';
}
