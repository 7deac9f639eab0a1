/** What a document asks for, and by what it was found. */
export interface Requirement {
  readonly kind: 'entity' | 'workflow' | 'integration' | 'constraint';
  readonly text: string;
  /** Of the stored text, from 1; null: a model named it, and it stands nowhere in these words. */
  readonly line: number | null;
  readonly from: 'rule' | 'model';
}

const PRODUCTS =
  'GitHub|GitLab|Slack|Discord|Stripe|PayPal|Vercel|Netlify|Cloudways|WordPress|WooCommerce|Shopify|Odoo|Supabase|PostgreSQL|Postgres|MySQL|MariaDB|Redis|Kafka|Elasticsearch|S3|AWS|Azure|GCP|Docker|Kubernetes|Sentry|Clerk|Auth0|Twilio|SendGrid|DigitalOcean|OpenAI|Anthropic|LDAP|SAML|OAuth|Salesforce|HubSpot|Jira';
const INTEGRATION = new RegExp(`\\b(?:${PRODUCTS})\\b`, 'g');
const CONSTRAINT =
  /\b(?:must(?: not)?|shall(?: not)?|may not|at most|at least|no more than|within \d+|GDPR|HIPAA|PCI|SOC ?2|encrypted|comply|compliance)\b/i;
const STORY = /^\W*as an? .+?,? i (?:want|need|can|would like)\b/i;
const SECTION: readonly (readonly [Requirement['kind'], RegExp])[] = [
  ['entity', /\b(?:entit(?:y|ies)|data model|domain (?:model|objects?)|objects?|tables?)\b/i],
  ['workflow', /\b(?:workflows?|user stor(?:y|ies)|scenarios?|process(?:es)?|steps)\b/i],
  ['integration', /\b(?:integrations?|interfaces?|external systems?|apis?)\b/i],
  ['constraint', /\b(?:constraints?|non-functional|security|performance|compliance|limits?)\b/i],
];
const MOST = 500;
/** Of a line; what stands further right is not looked at. */
const MOST_LINE = 2000;

/** Entities, workflows, integrations and constraints of a text, by its headings and its words alone. */
export function requirementsByRule(text: string): Requirement[] {
  const found: Requirement[] = [];
  const known = new Set<string>();
  let section: Requirement['kind'] | undefined;
  const add = (kind: Requirement['kind'], words: string, line: number) => {
    const key = `${kind} ${words.toLowerCase()}`;
    if (known.has(key) || found.length >= MOST || words === '') return;
    known.add(key);
    found.push({ kind, text: words.slice(0, 500), line, from: 'rule' });
  };
  text.split('\n').forEach((line, at) => {
    const raw = line.slice(0, MOST_LINE);
    const heading = /^#{1,6}\s+(\S.*)$/.exec(raw)?.[1];
    if (heading !== undefined) section = SECTION.find(([, names]) => names.test(heading))?.[0];
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(\S.*)$/.exec(raw)?.[1];
    const words = plain(item ?? raw);
    for (const [product] of words.matchAll(INTEGRATION)) add('integration', product, at + 1);
    if (heading !== undefined) return;
    if (STORY.test(words.slice(0, 500))) add('workflow', words, at + 1);
    else if (CONSTRAINT.test(words.slice(0, 500))) add('constraint', words, at + 1);
    else if (item !== undefined && section !== undefined) add(section, words, at + 1);
  });
  return found;
}

/** No class takes the character that begins the next try, so a line of brackets costs its length and not its square. */
const plain = (text: string): string => text.replaceAll(/[*_`]|\[([^[\]]*)\]\([^()]*\)/g, '$1').trim();
